"""Errors of boto3 in our error words."""

from http import HTTPStatus
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ResponseStreamingError,
)
from botocore.exceptions import (
    ConnectionError as S3ConnectionError,
)

from core.errors import Broken, JarvisError, NeedsAttention, Temporary

_NETWORK = (HTTPClientError, S3ConnectionError, IncompleteReadError, ResponseStreamingError)
_CREDENTIALS = (NoCredentialsError, PartialCredentialsError)
_PASSING_CODES = {"SlowDown", "RequestTimeout", "RequestTimeTooSkewed", "InternalError", "ServiceUnavailable"}
_PASSING_STATUSES = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
_SETUP_STATUSES = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.MOVED_PERMANENTLY}


def is_missing(error: ClientError | BotoCoreError) -> bool:
    """Whether there is no such object; a HEAD (code ``404``) cannot tell a missing object from a missing bucket."""
    return isinstance(error, ClientError) and _code(error) in {"NoSuchKey", "404"}


def s3_error(error: ClientError | BotoCoreError) -> JarvisError:
    """One of the four words for what boto3 raised."""
    if isinstance(error, ClientError):
        return _refusal(error)
    if isinstance(error, _NETWORK):
        return Temporary(f"the object store does not answer: {error}")
    if isinstance(error, _CREDENTIALS):
        return NeedsAttention(f"the object store's credentials are not set: {error}")
    return Broken(f"the object store's client failed: {error}")


def _refusal(error: ClientError) -> JarvisError:
    code, status = _code(error), _meta(error).get("HTTPStatusCode", 0)
    if is_missing(error):
        return Broken("a stored object is gone from the object store")
    if code in _PASSING_CODES or status in _PASSING_STATUSES or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Temporary(f"the object store is busy: {code}", retry_after=_retry_after(error))
    if code == "NoSuchBucket" or status in _SETUP_STATUSES:
        return NeedsAttention(f"the object store refuses us: {code}")
    return Broken(f"the object store does not understand us: {code}")


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def _meta(error: ClientError) -> dict[str, Any]:
    return dict(error.response.get("ResponseMetadata", {}))


def _retry_after(error: ClientError) -> float | None:
    """Seconds; the header's other form, a date, is left to the backoff."""
    value = _meta(error).get("HTTPHeaders", {}).get("retry-after", "")
    return float(value) if value.isdecimal() else None
