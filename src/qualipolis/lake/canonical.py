"""One way to write a thing as bytes, so that its hash means something."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence


def canonical_json(thing: object) -> bytes:
    """Return ``thing`` as JSON with sorted keys, no spaces, UTF-8, shortest exact floats; NaN is refused.

    >>> canonical_json({"b": 0.1, "a": ["质", None]}).decode()
    '{"a":["质",null],"b":0.1}'
    """
    return json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def parse_json(content: bytes) -> object:
    """Return what ``content`` says; ``ValueError`` for anything but plain JSON whose keys are said once."""

    def once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key is said twice")
        return found

    def never(name: str) -> object:
        raise ValueError(f"{name} is not JSON")

    return json.loads(content.decode("utf-8"), object_pairs_hook=once, parse_constant=never)


def sha256(content: bytes) -> str:
    """Return the SHA-256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
