"""The scripted model on a real port in a thread of its own, with shorthands for what tests ask of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from sandbox.clock import VirtualClock
from sandbox.faults import FaultQueue
from sandbox.journal import Journal
from sandbox.llm.app import ANTHROPIC_BASE, OPENAI_BASE, LlmOptions, llm_routers
from tests.sandbox.twin_at_work import at_port

OPTIONS = LlmOptions()
MODEL = OPTIONS.models[0]


class ModelAtWork:
    def __init__(self, url: str, http: httpx.Client) -> None:
        self.url = url
        self.http = http
        self.openai_url = f"{url}{OPENAI_BASE}"
        self.anthropic_url = f"{url}{ANTHROPIC_BASE}"

    def chat(self, **body: Any) -> httpx.Response:
        told = {"model": MODEL, "messages": [{"role": "user", "content": "hello"}]} | body
        return self._openai("chat/completions", told)

    def responses(self, **body: Any) -> httpx.Response:
        return self._openai("responses", {"model": MODEL, "input": "hello"} | body)

    def messages(self, **body: Any) -> httpx.Response:
        told = {"model": MODEL, "max_tokens": 500, "messages": [{"role": "user", "content": "hello"}]} | body
        headers = {"x-api-key": OPTIONS.anthropic_key, "anthropic-version": "2023-06-01"}
        return self.http.post(f"{ANTHROPIC_BASE}/v1/messages", json=told, headers=headers)

    def transcribe(self, name: str, data: bytes, **fields: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {OPTIONS.openai_key}"}
        form = {"model": "whisper-1"} | fields
        return self.http.post(
            f"{OPENAI_BASE}/audio/transcriptions", data=form, files={"file": (name, data)}, headers=headers
        )

    def follow(self, *rules: dict[str, Any], **script: Any) -> None:
        told = {"rules": list(rules)} | script
        self.http.put("/_sandbox/llm/script", json=told).raise_for_status()

    def fail(self, **fault: Any) -> None:
        self.http.post("/_sandbox/llm/faults", json=fault).raise_for_status()

    def read(self, path: str) -> Any:
        return self.http.get(f"/_sandbox/llm/{path}").raise_for_status().json()

    def _openai(self, path: str, told: dict[str, Any]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {OPTIONS.openai_key}"}
        return self.http.post(f"{OPENAI_BASE}/{path}", json=told, headers=headers)


@contextmanager
def model_at_work() -> Iterator[ModelAtWork]:
    app = FastAPI()
    for router in llm_routers(FaultQueue(), Journal(VirtualClock()), OPTIONS):
        app.include_router(router)
    with at_port(app) as url, httpx.Client(base_url=url, timeout=10) as http:
        yield ModelAtWork(url, http)
