"""AWS SSM Parameter Store: every parameter below one path, decrypted, page by page."""

import json
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.exceptions import ConnectionError as NotConnected

from core.errors import Broken, JarvisError, NeedsAttention, Temporary
from integrations.secret_stores.patience import persist

CONNECT_S = 3.0
ANSWER_S = 5.0
MOST_PARAMETERS = 1000
"""Far more than there are settings: a path that holds so many is not Jarvis's own."""
_PASSING = ("Throttl", "TooMany", "Timeout", "Internal", "Unavailable", "RequestLimit", "SlowDown")
_MISSING = (NoCredentialsError, NoRegionError, PartialCredentialsError, ProfileNotFound)
"""Errors whose texts name what is missing and hold nothing that was given."""


class SsmStore:
    """Region, credentials and a private endpoint come as AWS's own tools read them: ``AWS_DEFAULT_REGION``, a role."""

    def __init__(self, path: str, *, patience_s: float) -> None:
        self._path = path
        self._patience_s = patience_s

    @property
    def name(self) -> str:
        return f"AWS SSM {self._path}"

    def read(self) -> dict[str, str]:
        """Texts by dotted names: ``/jarvis/telegram/token`` below ``/jarvis`` is ``telegram.token``."""
        found = persist(self._ask, patience_s=self._patience_s)
        if not found:
            raise NeedsAttention(
                f"{self.name}: no parameter is there; check secrets.ssm_path, the region and the account"
            )
        return found

    def _ask(self) -> dict[str, str]:
        try:
            return self._read_pages()
        except (BotoCoreError, ClientError) as error:
            raise self._meaning(error) from None

    def _read_pages(self) -> dict[str, str]:
        # One attempt each: the waiting is done above, under one deadline.
        config = Config(connect_timeout=CONNECT_S, read_timeout=ANSWER_S, retries={"total_max_attempts": 1})
        client: Any = Session().client("ssm", config=config)
        found: dict[str, str] = {}
        try:
            pages = client.get_paginator("get_parameters_by_path")
            for page in pages.paginate(Path=self._path, Recursive=True, WithDecryption=True):
                found |= dict(self._parameter(parameter) for parameter in page["Parameters"])
                if len(found) > MOST_PARAMETERS:
                    raise Broken(f"{self.name}: more than {MOST_PARAMETERS} parameters")
        finally:
            client.close()
        return found

    def _parameter(self, parameter: dict[str, str]) -> tuple[str, str]:
        name = parameter["Name"].removeprefix(f"{self._path}/").replace("/", ".")
        value = parameter["Value"]
        return name, json.dumps(value.split(",")) if parameter["Type"] == "StringList" else value

    def _meaning(self, error: BotoCoreError | ClientError) -> JarvisError:
        """Codes and classes only: other texts may hold account numbers and addresses."""
        if isinstance(error, _MISSING):
            return NeedsAttention(f"{self.name}: {error}")
        if isinstance(error, ClientError):
            code = str(error.response.get("Error", {}).get("Code", ""))
            status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
            if status >= 500 or status == 429 or code.startswith(_PASSING):
                return Temporary(f"{self.name}: does not answer ({code or status})")
            return NeedsAttention(f"{self.name}: refused ({code or status}); check the credentials and their policy")
        if isinstance(error, HTTPClientError | NotConnected):
            return Temporary(f"{self.name}: does not answer ({type(error).__name__})")
        return NeedsAttention(f"{self.name}: {type(error).__name__}")
