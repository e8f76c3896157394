"""F15: no secret is in version control, and the scanner that says so does find secrets."""

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from tests.house.secret_scan import PATTERNS, findings

ROOT = Path(__file__).parents[2]

# Each example is put together here, so that no file of the project holds it.
EXAMPLES = {
    "a private key": ["-----BEGIN " + kind + "PRIVATE KEY-----" for kind in ("", "RSA ", "EC ", "OPENSSH ")],
    "a Telegram bot token": ["token: " + "7" * 10 + ":" + "Aa1_-" * 7, "/bot" + "1" * 9 + ":" + "B" * 35 + "/getMe"],
    "an AWS access key": ["AKIA" + "A1B2" * 4],
    "a Stripe key": ["sk_live_" + "a1" * 12, "whsec_" + "b2" * 16],
    "a GitHub token": ["ghp_" + "c3" * 18],
    "a key of a model provider": ["sk-ant-" + "d4" * 20, "sk-" + "e5" * 20],
    "a Google key": ["AIza" + "F" * 35],
    "a Slack token": ["xoxb-" + "1" * 12 + "-" + "a" * 12],
    "a password in an address": ["postgresql://jarvis:" + "g6" * 8 + "@db.example/jarvis"],
}


def tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_f15_no_secret_is_tracked() -> None:
    files = tracked_files()
    found = [
        f"{name}:{line}: {what}"
        for name in files
        for line, what in findings((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]

    assert "pyproject.toml" in files
    assert found == []


def test_f15_no_file_made_for_secrets_is_tracked() -> None:
    private = ("secrets/*", ".env", "*.pem", "*.key", "id_rsa", "id_ed25519", "config.yaml", "*.p12")

    assert [name for name in tracked_files() for rule in private if PurePosixPath(name).match(rule)] == []


def test_every_kind_of_secret_has_an_example() -> None:
    assert EXAMPLES.keys() == PATTERNS.keys()


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in EXAMPLES.items() for text in texts])
def test_the_scanner_finds_it(what: str, text: str) -> None:
    assert (2, what) in set(findings(f"first line\nvalue = '{text}'\n"))


@pytest.mark.parametrize(
    "text",
    [
        "sha256 " + "0123456789abcdef" * 4,
        "postgresql://jarvis:jarvis@127.0.0.1:5432/jarvis",
        "postgresql://jarvis:$(cat secrets/postgres_password)@postgres:5432/jarvis",
        "2025-11-24T09:00:00+04:00",
        "8" * 10 + ":" + "SANDBOX-" + "x" * 27,
        "sk-" + "invented-" * 5,
    ],
)
def test_the_scanner_leaves_harmless_text_alone(text: str) -> None:
    assert list(findings(text)) == []


def test_an_invented_secret_does_not_cover_a_real_one_beside_it() -> None:
    line = "8" * 10 + ":" + "SANDBOX-" + "x" * 27 + " " + EXAMPLES["a Telegram bot token"][0]

    assert list(findings(line)) == [(1, "a Telegram bot token")]
