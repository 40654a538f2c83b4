"""Photos that come with a letter: few, bounded, told by their content, and without the place where they were taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from qualipolis.city.core.filetypes import media_type

MOST = 6
LIMIT = 8 * 1024 * 1024
KINDS = ("image/jpeg", "image/png", "application/pdf")
_START, _SCAN = b"\xff\xd8", 0xDA
_TOLD = {*range(0xE1, 0xF0), 0xFE}  # segments with camera, place and comments; colours (E0, tables) stay
_PNG, _TEXTS = b"\x89PNG\r\n\x1a\n", (b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME")
_BARE = {0x01, *range(0xD0, 0xD9)}


def kind(path: Path, name: str) -> tuple[str, str] | None:
    """Return the type of a photo or a PDF; anything else is not taken with a letter."""
    found = media_type(path, name)
    return found if found and found[0] in KINDS else None


def without_place(chunks: Iterable[bytes], most: int = LIMIT) -> Iterator[bytes]:
    """Yield a file; photos come without the parts that tell place, time and camera. Other files pass as they are."""
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > most:
            break  # too large: the store refuses it in its own words
    if content.startswith(_START):
        yield _stripped(bytes(content))
    else:
        yield _plain_png(bytes(content)) if content.startswith(_PNG) else bytes(content)


def _plain_png(content: bytes) -> bytes:
    """Return a PNG without its chunks of text, time and camera; what does not read as chunks stays as it came."""
    kept, at = bytearray(_PNG), len(_PNG)
    while at + 12 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if content[at + 4 : at + 8] not in _TEXTS:
            kept += content[at:end]
        at = end
    return bytes(kept + content[at:])


def _stripped(content: bytes) -> bytes:
    """Return a JPEG without the segments that tell about its making; a damaged one is returned as it came.

    >>> _stripped(b"\\xff\\xd8" + b"\\xff\\xe1\\x00\\x06GPS!" + b"\\xff\\xda\\x00\\x02data")
    b'\\xff\\xd8\\xff\\xda\\x00\\x02data'
    """
    kept, at = bytearray(_START), 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == _SCAN:
            return bytes(kept + content[at:])
        if marker in _BARE or marker == 0xFF:
            return content
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if marker not in _TOLD:
            kept += content[at : at + 2 + length]
        at += 2 + length
    return content
