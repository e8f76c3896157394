"""A voice message in Ogg and Opus that is silent and carries its words as a comment, which the twin's ear reads."""

from itertools import count

from sandbox.llm.transcripts import TAG

_RATE = 48_000
_SERIAL = 1
_FIRST, _LAST = 0x02, 0x04
# One packet is 20 ms of silence; a page holds 250 of them, five seconds.
_SILENCE = b"\xf8\xff\xfe"
_SAMPLES = _RATE // 50
_PACKETS_A_PAGE = 250


def voice(text: str, *, seconds: int = 3) -> bytes:
    """The file as a client's phone would send it; texts up to some 60,000 bytes fit."""
    head = b"OpusHead" + bytes([1, 1]) + (0).to_bytes(2, "little") + _RATE.to_bytes(4, "little") + bytes(3)
    comment = TAG + text.encode()
    tags = b"OpusTags" + _sized(b"sandbox") + (1).to_bytes(4, "little") + _sized(comment)
    numbers = count()
    pages = [_page([head], next(numbers), 0, _FIRST), _page([tags], next(numbers), 0, 0)]
    packets = seconds * 50
    for start in range(0, packets, _PACKETS_A_PAGE):
        held = min(_PACKETS_A_PAGE, packets - start)
        end = _LAST if start + held == packets else 0
        pages.append(_page([_SILENCE] * held, next(numbers), (start + held) * _SAMPLES, end))
    return b"".join(pages)


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(4, "little") + data


def _page(packets: list[bytes], number: int, position: int, flags: int) -> bytes:
    """RFC 3533, section 6: the header with its checksum, the table of lengths, the packets."""
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    before = b"OggS" + bytes([0, flags]) + position.to_bytes(8, "little") + _SERIAL.to_bytes(4, "little")
    before += number.to_bytes(4, "little")
    behind = bytes([len(lacing)]) + lacing + b"".join(packets)
    checksum = _checksum(before + bytes(4) + behind)
    return before + checksum.to_bytes(4, "little") + behind


def _checksum(data: bytes) -> int:
    """CRC-32 of Ogg: highest bit first, nothing inverted."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x104C11DB7 if value & 0x80000000 else 0)
    return value
