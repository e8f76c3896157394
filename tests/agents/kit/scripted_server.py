"""A model server of the tests: speaks OpenAI's chat and Anthropic's messages and answers from a script, in order."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Say:
    """A text, or tool calls as (name, arguments); a ``str`` as arguments goes out as it is, malformed or not."""

    text: str | None = None
    calls: tuple[tuple[str, Any], ...] = ()
    tokens_in: int = 1000
    tokens_out: int = 100
    has_usage: bool = True


@dataclass(frozen=True)
class Fail:
    status: int
    retry_after: str | None = None


@dataclass(frozen=True)
class Garble:
    """200 with a body that is no answer."""


@dataclass(frozen=True)
class Stall:
    """Reads the request and never answers, until the server ends."""


Step = Say | Fail | Garble | Stall


def answer(**fields: Any) -> Say:
    return Say(calls=(("final_result", fields),))


@dataclass
class ScriptedServer:
    port: int
    script: list[Step] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    @property
    def openai_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def anthropic_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def openai_chat(step: Say, model: str) -> dict[str, Any]:
    calls = [
        {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": as_text(arguments)}}
        for number, (name, arguments) in enumerate(step.calls)
    ]
    message = {"role": "assistant", "content": step.text} | ({"tool_calls": calls} if calls else {})
    usage = {
        "prompt_tokens": step.tokens_in,
        "completion_tokens": step.tokens_out,
        "total_tokens": step.tokens_in + step.tokens_out,
    }
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}],
    } | ({"usage": usage} if step.has_usage else {})


def openai_responses(step: Say, model: str) -> dict[str, Any]:
    calls = [
        {
            "type": "function_call",
            "id": f"fc_{number}",
            "call_id": f"call_{number}",
            "name": name,
            "arguments": as_text(arguments),
            "status": "completed",
        }
        for number, (name, arguments) in enumerate(step.calls)
    ]
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": model,
        "status": "completed",
        "output": calls,
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": step.tokens_in,
            "output_tokens": step.tokens_out,
            "total_tokens": step.tokens_in + step.tokens_out,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }


def anthropic_message(step: Say, model: str) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [{"type": "text", "text": step.text}] if step.text else []
    blocks += [
        {"type": "tool_use", "id": f"toolu_{number}", "name": name, "input": arguments}
        for number, (name, arguments) in enumerate(step.calls)
    ]
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": blocks,
        "stop_reason": "tool_use" if step.calls else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": step.tokens_in, "output_tokens": step.tokens_out},
    }


def as_text(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


PROTOCOLS = {
    "/v1/chat/completions": openai_chat,
    "/v1/responses": openai_responses,
    "/v1/messages": anthropic_message,
}


@contextmanager
def scripted_server(*script: Step) -> Iterator[ScriptedServer]:
    """Every request takes the next step of the script; when it is over the answer is 418, which no test expects."""

    class Speaking(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            path = self.path.partition("?")[0]
            server.requests.append(asked)
            server.paths.append(path)
            match server.script.pop(0) if server.script else Fail(418):
                case Stall():
                    server.is_over.wait()
                    self.close_connection = True
                case Garble():
                    self.reply(200, b"<html>gateway</html>")
                case Fail(status, retry_after):
                    body = {"type": "error", "error": {"type": "invented", "message": "the client's secret text"}}
                    self.reply(status, json.dumps(body).encode(), retry_after)
                case Say() as step:
                    self.reply(200, json.dumps(PROTOCOLS[path](step, asked["model"])).encode())

        def reply(self, status: int, body: bytes, retry_after: str | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for value in filter(None, [retry_after]):
                self.send_header("Retry-After", value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            return

    http = ThreadingHTTPServer(("127.0.0.1", 0), Speaking)
    http.daemon_threads = True
    server = ScriptedServer(http.server_port, list(script))
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        http.shutdown()
        thread.join()
        http.server_close()
