"""AWS SSM behind moto's server: every page is read and decrypted, and each trouble is one line."""

import json
from collections.abc import Iterable, Iterator
from threading import Thread
from typing import Any

import pytest
from boto3.session import Session
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from core.errors import NeedsAttention, Temporary
from integrations.secret_stores.ssm import SsmStore


class MoodySsm:
    """moto, except for the next calls, which get these refusals (status, AWS's code)."""

    def __init__(self) -> None:
        self.refusals: list[tuple[str, str]] = []
        self.url = ""
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not self.refusals:
            return self._moto(environ, start_response)
        status, code = self.refusals.pop(0)
        start_response(status, [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps({"__type": code, "message": "arn:aws:iam::000000000000:user/canary may not"}).encode()]


@pytest.fixture(scope="module")
def ssm() -> Iterator[MoodySsm]:
    moody = MoodySsm()
    server = make_server("127.0.0.1", 0, moody, threaded=True, request_handler=MotoRequestHandler)
    moody.url = f"http://127.0.0.1:{server.port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield moody
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def aws(ssm: MoodySsm, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a region of its own; the store finds the same by AWS's variables."""
    for name, value in {
        "AWS_ENDPOINT_URL_SSM": ssm.url,
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "invented",
        "AWS_SECRET_ACCESS_KEY": "invented-canary",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    client = Session().client("ssm")
    yield client
    held = client.get_paginator("describe_parameters").paginate()
    for name in [parameter["Name"] for page in held for parameter in page["Parameters"]]:
        client.delete_parameter(Name=name)
    client.close()


def put(aws: Any, name: str, value: str, kind: str = "SecureString") -> None:
    aws.put_parameter(Name=name, Value=value, Type=kind, Overwrite=True)


def refusal(path: str) -> str:
    with pytest.raises(NeedsAttention) as told:
        SsmStore(path, patience_s=1).read()
    assert "\n" not in str(told.value)
    assert "canary" not in str(told.value)
    return str(told.value)


def test_every_page_below_the_path_is_read_and_decrypted(aws: Any):
    many = {f"branch-{number}": f"invented-secret-{number}" for number in range(23)}
    for name, value in many.items():
        put(aws, f"/jarvis/rentprog/keys/{name}/hook_secret", value)
    found = SsmStore("/jarvis", patience_s=5).read()
    assert found == {f"rentprog.keys.{name}.hook_secret": value for name, value in many.items()}


def test_what_stands_beside_the_path_is_not_read(aws: Any):
    put(aws, "/jarvis/telegram/token", "1:mine")
    put(aws, "/jarvis-staging/telegram/token", "1:theirs")
    assert SsmStore("/jarvis", patience_s=5).read() == {"telegram.token": "1:mine"}


def test_a_list_of_texts_is_a_list(aws: Any):
    put(aws, "/jarvis/telegram/admins", "1,2", "StringList")
    assert SsmStore("/jarvis", patience_s=5).read() == {"telegram.admins": '["1", "2"]'}


def test_a_path_without_parameters_is_one_line(aws: Any):
    assert "no parameter is there" in refusal("/nothing")


def test_a_policy_that_does_not_allow_reading_is_one_line(aws: Any, ssm: MoodySsm):
    ssm.refusals = [("400 Bad Request", "AccessDeniedException")]
    assert "refused (AccessDeniedException)" in refusal("/jarvis")


@pytest.mark.parametrize(
    ("status", "code"),
    [("400 Bad Request", "ThrottlingException"), ("500 Internal Server Error", "InternalServerError")],
)
def test_what_passes_is_asked_again(aws: Any, ssm: MoodySsm, status: str, code: str):
    put(aws, "/jarvis/telegram/token", "1:mine")
    ssm.refusals = [(status, code)] * 2
    assert SsmStore("/jarvis", patience_s=5).read() == {"telegram.token": "1:mine"}
    assert ssm.refusals == []


def test_a_missing_region_is_one_line(aws: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any):
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    assert "region" in refusal("/jarvis")


def test_missing_credentials_are_one_line(aws: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    assert "credentials" in refusal("/jarvis")


def test_a_store_that_does_not_answer_is_given_up_when_patience_ends(aws: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1")
    with pytest.raises(Temporary, match=r"AWS SSM /jarvis: does not answer .*, for 0.3 s"):
        SsmStore("/jarvis", patience_s=0.3).read()
