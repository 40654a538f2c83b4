"""Photos that come with a letter: few, bounded, told by their content, and without the place where they were taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from qualipolis.city.core.filetypes import media_type

MOST = 6
LIMIT = 8 * 1024 * 1024
KINDS = ("image/jpeg", "image/png", "application/pdf")
_START, _SCAN, _END = b"\xff\xd8", 0xDA, 0xD9
_TOLD = {*range(0xE1, 0xF0), 0xFE}  # segments with camera, place and comments; colours (E0, tables) stay
_PNG = b"\x89PNG\r\n\x1a\n"
_SHOWING = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
            b"acTL", b"fcTL", b"fdAT")  # fmt: skip
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
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
    if len(content) > most:
        yield bytes(content)
    elif content.startswith(_START):
        yield _stripped(bytes(content))
    else:
        yield _plain_png(bytes(content)) if content.startswith(_PNG) else bytes(content)


def _plain_png(content: bytes) -> bytes:
    """Return a PNG of the chunks that show it, up to its end; texts, camera, private chunks and what follows are left out."""
    kept, at = bytearray(_PNG), len(_PNG)
    while at + 12 <= len(content):
        name, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4], "big")
        if name in _SHOWING:
            kept += content[at:end]
        at = len(content) if name == b"IEND" else end
    return bytes(kept)


def _stripped(content: bytes) -> bytes:
    """Return a JPEG up to its end without the segments that tell about its making; a damaged one ends where it breaks.

    >>> _stripped(b"\\xff\\xd8" + b"\\xff\\xe1\\x00\\x06GPS!" + b"\\xff\\xda\\x00\\x02data")
    b'\\xff\\xd8\\xff\\xda\\x00\\x02data'
    """
    kept, at = bytearray(_START), 2
    while at + 2 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == _END:
            return bytes(kept + content[at : at + 2])
        if marker in _BARE or marker == 0xFF:  # a fill byte before a marker is lawful
            kept += b"" if marker == 0xFF else content[at : at + 2]
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + max(2, int.from_bytes(content[at + 2 : at + 4], "big"))
        if marker == _SCAN:
            found = _MARKER.search(content, end)
            end = found.start() if found else len(content)
        kept += b"" if marker in _TOLD else content[at:end]
        at = end
    return bytes(kept)
