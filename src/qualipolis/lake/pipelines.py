"""A pipeline as a TOML file: the serialised step specifications, read and written."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence

from qualipolis.methods.problems import InputError, Problem, msg


def toml_value(value: object) -> str:
    """Return one value as TOML; floats with every digit they need.

    >>> toml_value([1, 0.5, True, "质"]), toml_value({"a": 1})
    ('[1, 0.5, true, "质"]', '{ "a" = 1 }')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{toml_value(str(k))} = {toml_value(v)}" for k, v in told(value)) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(toml_value(part) for part in value) + "]"
    raise TypeError(f"{type(value).__name__} has no place in a pipeline file")


def told(table: Mapping[str, object]) -> list[tuple[str, object]]:
    """Return the pairs of ``table`` that are said: TOML knows no null, a key that is absent is its default."""
    return [(key, value) for key, value in table.items() if value is not None]


def to_toml(document: Mapping[str, object]) -> str:
    """Return ``document`` as TOML: plain values first, then each list of tables under its own heading.

    >>> print(to_toml({"format": "x/1", "steps": [{"step": "weigh", "by": None}]}))
    format = "x/1"
    <BLANKLINE>
    [[steps]]
    step = "weigh"
    <BLANKLINE>
    """
    lines, tables = [], []
    for key, value in told(document):
        if isinstance(value, Sequence) and value and all(isinstance(part, Mapping) for part in value):
            tables += [(key, part) for part in value]
        else:
            lines.append(f"{toml_key(key)} = {toml_value(value)}")
    for key, part in tables:
        lines += ["", f"[[{toml_key(key)}]]", *(f"{toml_key(name)} = {toml_value(v)}" for name, v in told(part))]
    return "\n".join(lines).lstrip("\n") + "\n"


def toml_key(key: str) -> str:
    """Return ``key`` bare where TOML allows it."""
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else toml_value(key)


def read_toml(content: bytes, name: str) -> dict[str, object]:
    """Return the document in ``content``, a file called ``name``."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        why: object = msg("it is not UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        why = error
    problem = Problem(
        "not_toml",
        msg("The pipeline file cannot be read: %(why)s."),
        msg("Mend that line, or leave --pipeline away to use the default."),
        {"why": str(why)},
        place=name,
    )
    raise InputError([problem])
