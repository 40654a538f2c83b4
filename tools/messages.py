"""Translations: find every message id, check that the Chinese is complete, compile the catalogues.

python tools/messages.py check      exit 1 with the untranslated, fuzzy or broken ones
python tools/messages.py missing    print ready .po entries, by catalogue
python tools/messages.py compile    write the .mo files (they are not committed)
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "qualipolis"
KEYWORDS = {
    "_": None,
    "msg": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACE = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]")


def catalogue_of(path: Path) -> Path:
    """Return the .po file that serves a source file: the nearest package with a locale folder, by the layout."""
    parts = path.relative_to(SOURCE).parts
    depth = 2 if parts[0] in {"city", "faces"} else 1
    return SOURCE.joinpath(*parts[:depth]) / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def python_form(path: Path) -> bytes:
    """Return Python source: the file itself, or a template turned into calls of gettext."""
    if path.suffix == ".py":
        return path.read_bytes()
    from django.conf import settings

    if not settings.configured:
        settings.configure()
    from django.utils.translation.template import templatize

    return templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode()


def messages() -> Iterator[tuple[Path, Path, object]]:
    """Yield (catalogue, file, message id or (singular, plural), context) of every marked text."""
    for path in sorted(
        [*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("templates/**/*.txt")]
    ):
        if "migrations" in path.parts:
            continue
        for _line, function, found, _comments in extract_python(BytesIO(python_form(path)), list(KEYWORDS), [], {}):
            spec = KEYWORDS.get(function)
            words = list(found) if isinstance(found, tuple) else [found]
            context = words[0] if spec and isinstance(spec[0], tuple) else None
            if context is not None:
                words = words[1:]
            if not words or not isinstance(words[0], str) or not words[0]:
                continue
            plural = function.startswith("ngettext") and len(words) > 1 and isinstance(words[1], str)
            yield catalogue_of(path), path, ((words[0], words[1]) if plural else words[0]), context


def catalogues() -> dict[Path, Catalog]:
    """Read every .po file of the source tree."""
    found = {}
    for path in sorted(SOURCE.rglob("locale/zh_Hans/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            found[path] = read_po(file, locale="zh_Hans")
    return found


def translated() -> dict[tuple[str | None, object], str]:
    """Return every finished translation by (context, message id); a plural one by its pair of ids as well."""
    done = {}
    for catalogue in catalogues().values():
        for message in catalogue:
            if message.id and message.string and "fuzzy" not in message.flags:
                string = message.string if isinstance(message.string, str) else message.string[0]
                singular = message.id if isinstance(message.id, str) else message.id[0]
                done[message.context, singular] = string
                done[message.context, message.id] = string
    return done


def faults() -> Iterator[tuple[Path, Path, object, str]]:
    """Yield what is untranslated or has other places than its message id."""
    done = translated()
    for catalogue, path, message, context in messages():
        chinese = done.get((context, message))
        if chinese is None:
            yield catalogue, path, message, "untranslated"
        elif set(PLACE.findall(chinese)) - set(
            PLACE.findall(" ".join([message] if isinstance(message, str) else message))
        ):
            yield catalogue, path, message, "the Chinese has a place that the English lacks"


def compile_all() -> int:
    """Write one .mo beside each .po; return how many."""
    found = catalogues()
    for path, catalogue in found.items():
        made = path.with_suffix(".mo-new")
        with made.open("wb") as file:
            write_mo(file, catalogue)
        made.replace(path.with_suffix(".mo"))  # whoever reads meanwhile reads a whole file
    return len(found)


def print_missing() -> None:
    """Print entries to paste into the catalogues."""
    grouped = defaultdict(dict)
    for catalogue, path, message, fault in faults():
        grouped[catalogue].setdefault(message, (path, fault))
    for catalogue, entries in grouped.items():
        print(f"\n## {catalogue.relative_to(SOURCE)}")
        for message, (path, fault) in entries.items():
            ids = [_quoted(one) for one in ([message] if isinstance(message, str) else message)]
            print(f'#. {path.relative_to(SOURCE)} ({fault})\nmsgid "{ids[0]}"')
            print('msgstr ""\n' if len(ids) == 1 else f'msgid_plural "{ids[1]}"\nmsgstr[0] ""\n')


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def main(argv: list[str]) -> int:
    """Run one of the three commands."""
    command = argv[1] if len(argv) > 1 else "check"
    if command == "compile":
        print(f"{compile_all()} catalogues compiled")
        return 0
    if command == "missing":
        print_missing()
        return 0
    found = {(str(p.relative_to(SOURCE)), str(m), f) for _c, p, m, f in faults()}
    for path, message, fault in sorted(found):
        print(f"{path}: {fault}: {message!r}")
    print(f"{len(found)} message ids to mend")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
