"""A picture the project draws itself, for scenes: no photo of anybody's car is needed."""

import struct
import zlib

WIDTH, HEIGHT = 320, 200
SKY, ROAD = (176, 206, 232), (90, 92, 98)
RED, BLUE = (178, 34, 52), (38, 84, 160)


def picture(car: tuple[int, int, int] = RED) -> bytes:
    """A PNG of a box on a road under a sky, 320 x 200; ``car`` is the colour of the box."""
    rows = b"".join(
        b"\0" + bytes(channel for x in range(WIDTH) for channel in _colour(x, y, car)) for y in range(HEIGHT)
    )
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _colour(x: int, y: int, car: tuple[int, int, int]) -> tuple[int, int, int]:
    if 70 <= x < 250 and 90 <= y < 150:
        return car
    return SKY if y < 140 else ROAD


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
