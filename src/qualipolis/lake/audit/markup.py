"""Markup in two languages: every text is escaped, every sentence stands in both, a switch without script shows one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape

from qualipolis.lake.catalogues import translator
from qualipolis.lake.release.wording import Sentence

Said = Sentence | str
Tell = Callable[[Callable[[str], str]], str]


def plain(text: object) -> str:
    """Return text as markup, nothing in it meant as markup and no sign that turns the direction of reading.

    >>> plain("<script>&'\\u202e")
    '&lt;script&gt;&amp;&#x27;�'
    """
    said = str(text)
    if not said.isprintable():
        said = "".join(sign if sign.isprintable() else "\ufffd" for sign in said)
    return escape(said, quote=True)


def pair(chinese: str, english: str) -> str:
    """Return two languages as markup; what is the same in both stands once."""
    if chinese == english:
        return plain(english)
    return f'<span lang="zh">{plain(chinese)}</span><span lang="en">{plain(english)}</span>'


def told(tell: Tell) -> str:
    """Return what ``tell`` says in each language."""
    return pair(tell(translator("zh")), tell(translator("en")))


def say(text: str, **params: object) -> str:
    """Return a message in both languages."""
    return told(Sentence(text, params).said)


@cache
def words(text: str) -> tuple[str, str]:
    """Return a message in Chinese and English."""
    return Sentence(text).said(translator("zh")), Sentence(text).said(translator("en"))


def cell(markup: str, *classes: str, head: str = "", tag: str = "td", **attributes: object) -> str:
    """Return one cell; ``head`` is the message that stands before it where the table is stacked on a phone."""
    names = " ".join(one for one in classes if one)
    given = {"class": names} if names else {}
    if head:
        chinese, english = words(head)
        given |= {"data-zh": chinese, "data-en": english}
    written = "".join(f' {name}="{plain(value)}"' for name, value in {**given, **attributes}.items())
    return f"<{tag}{written}>{markup}</{tag}>"


def row(cells: Iterable[str], name: str = "") -> str:
    """Return one row on one line, so that a difference can be told by its line."""
    return f'<tr class="{plain(name)}">{"".join(cells)}</tr>' if name else f"<tr>{''.join(cells)}</tr>"


def table(heads: Sequence[tuple[str, str]], rows: Iterable[str], caption: str = "", name: str = "") -> str:
    """Return a table: heads are markup and class, rows are made by :func:`row`."""
    top = "".join(cell(markup, kind, tag="th", scope="col") for markup, kind in heads)
    title = f"<caption>{caption}</caption>" if caption else ""
    kind = f' class="{name}"' if name else ""
    lines = [f'<div class="wide"><table{kind}>{title}', f"<thead><tr>{top}</tr></thead>" if heads else "", "<tbody>"]
    return "\n".join([*(line for line in lines if line), *rows, "</tbody></table></div>"])


def pairs(rows: Mapping[str, str]) -> str:
    """Return a table of names and values, both markup."""
    lines = [row([cell(head, tag="th", scope="row"), cell(value)]) for head, value in rows.items()]
    return table((), lines, name="pairs")


def paragraph(markup: str, name: str = "") -> str:
    """Return a paragraph."""
    return f'<p class="{name}">{markup}</p>' if name else f"<p>{markup}</p>"


def bullets(items: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(['<ul class="list">', *(f"<li>{item}</li>" for item in items), "</ul>"])
