"""Which check stands for which entry of the reference's manifest; ``test_manifest.py`` walks the manifest through it."""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

Entry = dict[str, Any]
Check = Callable[[Path, Entry], None]
CHECKS: list[tuple[str, Check]] = []


def golden(*patterns: str) -> Callable[[Check], Check]:
    """Register ``check(folder, entry)`` for the manifest ids that match a pattern (``05_treat/*__details``).

    ``folder`` is the folder of the reference values, ``entry`` the manifest's row (id, file, call, inputs, tol). The
    check computes with the public API and compares with the file, by code and not by position.
    """

    def keep(check: Check) -> Check:
        CHECKS.extend((pattern, check) for pattern in patterns)
        return check

    return keep


def checks_for(identifier: str) -> list[Check]:
    """Return the checks registered for one manifest id."""
    return [check for pattern, check in CHECKS if fnmatchcase(identifier, pattern)]


def entries(folder: Path) -> list[Entry]:
    """Return the rows of the manifest."""
    found: list[Entry] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found
