"""What a file is, told from its content."""

from __future__ import annotations

import zipfile
from pathlib import Path

from qualipolis.methods.problems import msg

MAGIC = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
OFFICE = {
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
}
ZIP_ENTRIES = 5_000
ZIP_UNPACKED = 500 * 1024 * 1024
ACCEPTED = msg("Accepted are PDF, PNG, JPEG, WebP, xlsx, docx, csv and plain text.")


def media_type(path: Path, name: str = "") -> tuple[str, str] | None:
    """Return (media type, file ending) of the content at ``path``, or None when it is nothing we keep.

    ``name`` only decides between csv and plain text, which no content can tell apart.
    """
    with path.open("rb") as file:
        head = file.read(16)
    for magic, kind, ending in MAGIC:
        if head.startswith(magic):
            return kind, ending
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp", "webp"
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if _is_text(path):
        return ("text/csv", "csv") if name.lower().endswith(".csv") else ("text/plain", "txt")
    return None


def _office(path: Path) -> tuple[str, str] | None:
    """Look into the list of a zip, never into its members; macros and bombs are refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    names = {member.filename for member in members}
    too_much = len(members) > ZIP_ENTRIES or sum(member.file_size for member in members) > ZIP_UNPACKED
    if too_much or "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((kind for part, kind in OFFICE.items() if part in names), None)


def _is_text(path: Path) -> bool:
    """Whether the whole file is UTF-8 or GB18030 text without control characters."""
    content = path.read_bytes()
    if not content or any(byte in content for byte in (b"\x00", b"\x1b", b"\x7f")):
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(char >= " " or char in "\t\r\n\f" for char in text)
    return False
