"""moto's S3 over real HTTP behind a check of every signature, which moto itself does not make."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, quote

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

ACCESS_KEY = "invented-access-key"
SECRET_KEY = "invented-secret-key"
BUCKET = "jarvis-test"


class SignedS3:
    """A WSGI application: requests with a good signature (header or link) reach moto, the others get S3's refusal.

    One request at a time: moto closes an object's file when the object is stored again, also while another thread
    writes or reads it, and answers 500. A real store swaps the whole object, as this one does behind the lock.
    """

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._turn = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        refusal = _refusal(environ)
        if refusal is None:
            with self._turn:
                return [b"".join(self._moto(environ, start_response))]
        body = f"<Error><Code>{refusal}</Code><Message>refused</Message></Error>".encode()
        start_response("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]


@contextmanager
def signed_s3() -> Iterator[str]:
    """The server's address while it runs on a free port."""
    server = make_server("127.0.0.1", 0, SignedS3(), threaded=True, request_handler=MotoRequestHandler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _refusal(environ: dict[str, Any]) -> str | None:
    query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
    header = environ.get("HTTP_AUTHORIZATION", "")
    if "X-Amz-Signature" in query:
        return _refusal_of_link(environ, query)
    if header.startswith("AWS4-HMAC-SHA256 "):
        return _refusal_of_header(environ, query, header)
    return "AccessDenied"


def _refusal_of_link(environ: dict[str, Any], query: dict[str, str]) -> str | None:
    signature = query.pop("X-Amz-Signature")
    made = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    expired = datetime.now(UTC) > made + timedelta(seconds=int(query["X-Amz-Expires"]))
    credential, signed = query["X-Amz-Credential"], query["X-Amz-SignedHeaders"]
    good = _signature(environ, query, credential, signed, query["X-Amz-Date"], "UNSIGNED-PAYLOAD")
    return "AccessDenied" if expired else _verdict(credential, signature, good)


def _refusal_of_header(environ: dict[str, Any], query: dict[str, str], header: str) -> str | None:
    fields = dict(part.strip().split("=", 1) for part in header.removeprefix("AWS4-HMAC-SHA256 ").split(","))
    credential, signed = fields["Credential"], fields["SignedHeaders"]
    moment, payload = environ["HTTP_X_AMZ_DATE"], environ["HTTP_X_AMZ_CONTENT_SHA256"]
    return _verdict(credential, fields["Signature"], _signature(environ, query, credential, signed, moment, payload))


def _verdict(credential: str, given: str, good: str) -> str | None:
    if credential.split("/", maxsplit=1)[0] != ACCESS_KEY:
        return "InvalidAccessKeyId"
    return None if hmac.compare_digest(given, good) else "SignatureDoesNotMatch"


def _signature(
    environ: dict[str, Any], query: dict[str, str], credential: str, signed: str, moment: str, payload: str
) -> str:
    scope = credential.split("/")[1:]
    canonical_query = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(query.items()))
    headers = "".join(f"{name}:{_header(environ, name)}\n" for name in signed.split(";"))
    path = environ["RAW_URI"].split("?")[0]
    canonical = "\n".join([environ["REQUEST_METHOD"], path, canonical_query, headers, signed, payload])
    text = "\n".join(["AWS4-HMAC-SHA256", moment, "/".join(scope), hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{SECRET_KEY}".encode()
    for step in scope:
        key = hmac.digest(key, step.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def _header(environ: dict[str, Any], name: str) -> str:
    variable = name.upper().replace("-", "_")
    value = environ.get(variable) or environ.get(f"HTTP_{variable}", "")
    return " ".join(value.split())
