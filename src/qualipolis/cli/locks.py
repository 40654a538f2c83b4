"""One home, one builder: a lock beside the home folder that the system lets go when its process ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qualipolis.cli.console import refuse
from qualipolis.methods.problems import msg


@contextmanager
def held(home: Path, *, alone: bool) -> Iterator[None]:
    """Hold ``home``: alone to build or replace it, or together with others who serve it."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_name(f".{home.name}.lock").open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            refuse(msg("%(home)s is in use by another qualipolis process. Stop that one first."), home=home)
        yield
