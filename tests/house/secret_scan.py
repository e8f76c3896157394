"""Finds in a text what must never be in version control."""

import re
from collections.abc import Iterator

PATTERNS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----",
    "a Telegram bot token": r"(?<![0-9])[0-9]{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",
    "an AWS access key": r"(?<![0-9A-Z])(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])",
    "a Stripe key": r"(?<![0-9A-Za-z])(?:sk|rk)_live_[0-9A-Za-z]{10,}|whsec_[0-9A-Za-z]{32,}",
    "a GitHub token": r"gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{60,}",
    "a key of a model provider": r"(?<![0-9A-Za-z])sk-(?:ant-|proj-)?[0-9A-Za-z_-]{32,}",
    "a Google key": r"AIza[0-9A-Za-z_-]{35}",
    "a Slack token": r"xox[abprs]-[0-9A-Za-z-]{20,}",
    "a password in an address": r"(?:postgres(?:ql)?|rediss?|https?|amqp)://[^\s:/@'\"{}$]*:[^\s/@'\"{}$<>]{12,}@(?!127\.|localhost)",
}

# Secrets of the sandbox and of tests have the true form but say what they are; chance does not write these words.
_INVENTED = re.compile(r"sandbox|invented", re.IGNORECASE)
_COMPILED = {what: re.compile(pattern) for what, pattern in PATTERNS.items()}


def findings(text: str) -> Iterator[tuple[int, str]]:
    """Line number and kind of each secret; not the secret, so that a failing build does not print it."""
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in _COMPILED.items():
            if any(not _INVENTED.search(match.group()) for match in pattern.finditer(line)):
                yield number, what
