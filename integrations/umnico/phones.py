"""Phones as Umnico wants them and as clients are matched: digits only, with the country code."""

SHORTEST, LONGEST = 7, 15
"""Digits of a whole number under E.164; shorter ones in the wild are extensions and short codes."""


def phone_digits(text: str | None) -> str | None:
    """``+1 (000) 000-00-01`` and ``0010000000001`` become ``10000000001``; None for what is no phone.

    A user name with digits in it (``lena1990``) is no phone, nor is a WhatsApp address of a group.
    """
    told = (text or "").strip().removesuffix("@c.us")
    if any(character.isalpha() or character in "@_" for character in told):
        return None
    digits = "".join(character for character in told if character in "0123456789")
    digits = digits.removeprefix("00") if not told.startswith("+") else digits
    return digits if SHORTEST <= len(digits) <= LONGEST else None
