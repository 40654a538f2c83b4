"""Words of others in their own language: ``{% load tongues %}``. A voice that reads the page aloud changes with them."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from qualipolis.methods.text.language import language

register = template.Library()
TAGS = {"zh": "zh-Hans"}
RUN = re.compile(r"([A-Za-z][\w.,'&()/-]*(?: [\w.,'&()/-]+)*)", re.ASCII)
WORD = re.compile("[A-Za-z]{4}")


@register.filter
def spoken(value: Any) -> SafeString:
    """Mark words that are in another language than the page with their language; words of the page stay as they are.

    In a Chinese text on a Chinese page runs of Latin words are marked; markup is left as it is.
    """
    if isinstance(value, SafeString):
        return value
    text, page = str("" if value is None else value), (get_language() or "zh")[:2]
    code = language(text).code
    if code == page == "zh":
        return format_html_join("", "{}", ((_piece(one),) for one in RUN.split(text)))
    if code in ("", "other", page):
        return escape(text)
    return format_html('<span lang="{}">{}</span>', TAGS.get(code, code), text)


def _piece(words: str) -> SafeString | str:
    """Mark a run of Latin words with at least one that is more than a mark or a model."""
    return format_html('<span lang="en">{}</span>', words) if WORD.search(words) else words
