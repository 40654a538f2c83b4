"""The language of the command line: which one to speak, and the words, without starting Django.

The catalogues are the packages' own ``django.mo`` files, read with the standard library, so the words of
methods, law and lake are the same here, on the pages and in the documents.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence

from qualipolis.lake import catalogues

Translate = Callable[[str], str]

CATALOGUES = (
    "cli",
    "demo",
    "lake",
    "law",
    "methods",
    "faces/report",
    "city/core",
    "city/registry",
    "city/measure",
    "city/assess",
)
LANGUAGES = ("zh", "en")


def language(chosen: str | None = None, environ: Mapping[str, str] | None = None) -> str:
    """Return ``"zh"`` or ``"en"``: the one chosen, else what LC_ALL, LC_MESSAGES or LANG begins with.

    >>> language("zh"), language(None, {"LANG": "zh_CN.UTF-8"}), language(None, {"LC_ALL": "C", "LANG": "zh_CN"})
    ('zh', 'zh', 'en')
    """
    env = os.environ if environ is None else environ
    said = chosen or next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    return "zh" if said.lower().startswith("zh") else "en"


def asked_for(argv: Sequence[str] | None = None) -> str | None:
    """Return the value of ``--lang`` in ``argv``: help is printed before options are read."""
    words = sys.argv[1:] if argv is None else argv
    for place, word in enumerate(words):
        if word.startswith("--lang="):
            return word.partition("=")[2]
        if word == "--lang" and place + 1 < len(words):
            return words[place + 1]
    return None


def translator(lang: str) -> Translate:
    """Return a function from English message id to words of ``lang``; English where a word is missing."""
    return catalogues.translator(lang, CATALOGUES)
