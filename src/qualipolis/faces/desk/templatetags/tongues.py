"""Words of others in their own language: ``{% load tongues %}``. A voice that reads the page aloud changes with them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from qualipolis.methods.text.language import language

register = template.Library()
TAGS = {"zh": "zh-Hans"}


@register.filter
def spoken(value: Any) -> SafeString:
    """Mark words that are in another language than the page with their language; words of the page stay as they are."""
    words = conditional_escape("" if value is None else value)
    code = language(str(value or "")).code
    if code in ("", "other", (get_language() or "zh")[:2]):
        return words
    return format_html('<span lang="{}">{}</span>', TAGS.get(code, code), words)
