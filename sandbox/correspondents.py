"""What the client page needs beside Umnico: who could write to the company, and a voice message with given words."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from sandbox.company import World
from sandbox.company.correspondents import correspondents
from sandbox.llm.voice import voice

PATH = "/_sandbox/correspondents"
VOICE_PATH = "/_sandbox/voice"
# About as fast as people talk.
CHARACTERS_PER_SECOND = 14


class Spoken(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=4000)


def correspondents_router(world: World) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    async def people() -> list[dict[str, Any]]:
        return [asdict(one) for one in correspondents(world.guests)]

    @router.post(VOICE_PATH)
    async def speak(told: Spoken) -> Response:
        """Silence in Ogg, which the scripted ear hears as these words."""
        seconds = max(1, round(len(told.text) / CHARACTERS_PER_SECOND))
        return Response(voice(told.text, seconds=seconds), media_type="audio/ogg")

    return router
