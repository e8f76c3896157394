"""The routers of the scripted model, ready to be mounted: both providers, and the control API under /_sandbox."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.llm.control import Control
from sandbox.llm.desk import Desk
from sandbox.llm.doors import admit_to_openai, anthropic_door, openai_doors
from sandbox.llm.refusals import Refused, openai_envelope
from sandbox.llm.script import Prompter, Script
from sandbox.llm.transcription import Transcription
from sandbox.llm.transcripts import Listener

OPENAI_BASE = "/llm/openai/v1"
ANTHROPIC_BASE = "/llm/anthropic"
# The models of the demo carry a name that says what they are.
SCRIPTED_MODEL = "jarvis-scripted"
SCRIPTED_EAR = "jarvis-scripted-ear"
MODELS = (SCRIPTED_MODEL, SCRIPTED_EAR, "gpt-5", "gpt-5-mini", "gpt-transcribe", "whisper-1", "claude-sonnet-4-5")


@dataclass(frozen=True, slots=True)
class LlmOptions:
    """The keys that open the doors, the models that exist, and the script at the start."""

    openai_key: str = "sk-sandbox-openai"
    anthropic_key: str = "sk-ant-sandbox"
    models: tuple[str, ...] = MODELS
    script: Script = field(default_factory=Script)


def llm_routers(faults: FaultQueue, journal: Journal, options: LlmOptions | None = None) -> list[APIRouter]:
    """Include all of them in one app."""
    chosen = options or LlmOptions()
    desk = Desk(faults, journal, Prompter(chosen.script), set(chosen.models))
    listener = Listener()
    router = APIRouter(include_in_schema=False)
    for path, dialect in openai_doors(chosen.openai_key):
        router.add_route(f"{OPENAI_BASE}{path}", desk.endpoint(dialect), methods=["POST"])
    hearing = Transcription(desk, listener, chosen.openai_key)
    router.add_route(f"{OPENAI_BASE}/audio/transcriptions", hearing.respond, methods=["POST"])
    router.add_route(f"{OPENAI_BASE}/models", _model_list(desk, chosen.openai_key), methods=["GET"])
    door = anthropic_door(chosen.anthropic_key)
    router.add_route(f"{ANTHROPIC_BASE}/v1/messages", desk.endpoint(door), methods=["POST"])
    keys = {"openai_key": chosen.openai_key, "anthropic_key": chosen.anthropic_key}
    return [router, Control(desk, listener, keys).router()]


def _model_list(desk: Desk, key: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            admit_to_openai(key, request.headers)
        except Refused as refusal:
            return JSONResponse(openai_envelope(refusal), refusal.status)
        rows = [{"id": name, "object": "model", "created": 0, "owned_by": "sandbox"} for name in sorted(desk.models)]
        return JSONResponse({"object": "list", "data": rows})

    return answer
