"""Keys of objects: the content's SHA-256, spread over folders."""

import re

from core.errors import Broken

_KEY = re.compile(r"sha256/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")


def key_of(sha256: str) -> str:
    """``sha256/ab/cd/abcd…`` for the hash in lower-case hex."""
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def sha256_of(key: str) -> str:
    """The hash that a key promises; anything but a key we made is ``Broken``, so no other text reaches a path."""
    match = _KEY.fullmatch(key)
    if match is None:
        raise Broken(f"not a storage key: {key[:100]!r}")
    return match.group(3)
