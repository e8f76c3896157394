"""A real HTTP server that takes whatever is sent and keeps it: the far side of pings, error reports and traces."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PLAIN = {None: bytes, "gzip": gzip.decompress}
"""By the encoding that the request names; another one fails the request, so that nobody searches packed bytes."""


@dataclass(frozen=True, slots=True)
class Taken:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Sink:
    port: int
    taken: list[Taken] = field(default_factory=list)
    status: int = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.taken]


@contextmanager
def http_sink() -> Iterator[Sink]:
    """Answers ``sink.status`` to everything; bodies are kept as they were before compression."""

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = PLAIN[self.headers.get("Content-Encoding")](body)
            sink.taken.append(Taken(self.command, self.path, dict(self.headers), body))
            self.send_response(sink.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - http.server's names

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    sink = Sink(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
