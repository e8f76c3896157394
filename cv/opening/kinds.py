"""What a file is by its first bytes, and the size it says it has: read before anything is decoded."""

from enum import StrEnum


class PhotoKind(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIF = "heif"


UNSUPPORTED = {
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\x00": "tiff or raw",
    b"MM\x00*": "tiff or raw",
    b"\xff\x0a": "jpeg xl",
    b"\x00\x00\x00\x0cJXL ": "jpeg xl",
    b"\x00\x00\x00\x0cjP  ": "jpeg 2000",
    b"8BPS": "photoshop",
}
OTHERS = {
    b"%PDF": "pdf",
    b"PK\x03\x04": "zip or office",
    b"\x1aE\xdf\xa3": "video (matroska)",
    b"OggS": "audio or video (ogg)",
    b"ID3": "audio (mp3)",
    b"<?xml": "xml",
    b"<svg": "svg",
    b"<!DO": "html",
    b"<htm": "html",
    b"\x7fELF": "program",
    b"MZ": "program",
}
HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
AVIF_BRANDS = {b"avif", b"avis"}


def photo_kind(content: bytes) -> PhotoKind | None:
    """None for what is no photo that we take."""
    if content.startswith(b"\xff\xd8\xff"):
        return PhotoKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PhotoKind.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return PhotoKind.WEBP
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS and b"avif" not in content[8:64]:
        return PhotoKind.HEIF
    return None


def unsupported_picture(content: bytes) -> str:
    """The name of a picture's format that is not taken; empty for what is no picture."""
    if content[4:8] == b"ftyp" and (content[8:12] in AVIF_BRANDS or b"avif" in content[8:64]):
        return "avif"
    return _named(content, UNSUPPORTED)


def other_content(content: bytes) -> str:
    if content[4:8] == b"ftyp":
        return "video (mp4)"
    if content.startswith(b"RIFF"):
        return "video (avi)" if content[8:11] == b"AVI" else "audio (wav)"
    return _named(content.lstrip()[:64], OTHERS) or ("nothing" if not content else "unknown")


def _named(content: bytes, names: dict[bytes, str]) -> str:
    return next((name for start, name in names.items() if content.startswith(start)), "")


def is_cut_short(kind: PhotoKind, content: bytes) -> bool:
    """Whether its end is missing, told by the format's own marks; asked when the content could not be decoded."""
    match kind:
        case PhotoKind.JPEG:
            return b"\xff\xd9" not in content[-65_536:]
        case PhotoKind.PNG:
            return b"IEND" not in content[-65_536:]
        case PhotoKind.WEBP:
            return int.from_bytes(content[4:8], "little") + 8 > len(content)
        case PhotoKind.HEIF:
            return _boxes_end(content) > len(content)


def _boxes_end(content: bytes) -> int:
    """Where the last top-level box of an ISO file should end."""
    at = 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        if size == 0:
            return len(content)
        at += max(size, 8)
    return at


def webp_size(content: bytes) -> tuple[int, int] | None:
    """Width and height from the header: Pillow's reader of WebP takes memory for the canvas before it tells its size.

    Google's "WebP Container Specification" and "WebP Lossless Bitstream Specification"; RFC 6386, 9.1.
    """
    match content[12:16]:
        case b"VP8X":
            return _little(content[24:27]) + 1, _little(content[27:30]) + 1
        case b"VP8L":
            bits = _little(content[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _little(content[26:28]) & 0x3FFF, _little(content[28:30]) & 0x3FFF
        case _:
            return None


def _little(some: bytes) -> int:
    return int.from_bytes(some, "little")
