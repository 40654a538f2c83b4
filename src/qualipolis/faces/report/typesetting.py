"""One way from data to PDF: the data travels as JSON and never becomes markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from . import typefaces
from .words import Lang, word

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS = ["a-2a", "ua-1"]


def tidied(value: object) -> object:
    """Return ``value`` with every string inside it composed and on one line."""
    if isinstance(value, str):
        return typefaces.tidy(value)
    if isinstance(value, Mapping):
        return {key: tidied(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [tidied(inner) for inner in value]
    return value


def moment(created_at: datetime) -> datetime:
    """Return ``created_at`` with a time zone; a naive time is taken as UTC."""
    return created_at if created_at.tzinfo else created_at.replace(tzinfo=UTC)


def frame(lang: Lang, title: str, place: str, synthetic: bool, footer: str) -> dict[str, object]:
    """Return what the running header and footer need."""
    return {
        "lang": "zh" if lang == "zh" else "en",
        "region": "cn" if lang == "zh" else "gb",
        "title": title,
        "place": place,
        "synthetic": synthetic,
        "demo": word(lang, "demo"),
        "footer": footer,
        "page": word(lang, "page", 0, 0).split("0"),
        "fonts": {"sans": typefaces.SANS, "serif": typefaces.SERIF, "mono": typefaces.MONO},
    }


def typeset(
    template: str,
    data: Mapping[str, object],
    created_at: datetime,
    checked: Iterable[tuple[str, str]],
) -> bytes:
    """Compile ``template`` with ``data`` to an archival, tagged PDF (PDF/A-2a, PDF/UA-1).

    The same data and ``created_at`` give the same bytes.
    """
    import typst

    fonts = typefaces.lint(checked)
    compiler = typst.Compiler(
        input=TEMPLATES / template,
        root=TEMPLATES,
        font_paths=[str(folder) for folder in fonts.folders],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, allow_nan=False)},
    )
    pdf, _ = compiler.compile_with_warnings(
        format="pdf", pdf_standards=STANDARDS, timestamp=int(moment(created_at).timestamp())
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the compiler returned no single document")
    return pdf
