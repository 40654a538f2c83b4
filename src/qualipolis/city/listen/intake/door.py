"""Letters that come at the same moment are written together: one transaction, one sync of the disk, each safe by itself.

SQLite takes one writer at a time and lets the others sleep and try again; under a rush some would wait for seconds
while the door stands open. Here the letters of a process queue up; whoever is first writes all that wait, each in a
savepoint of its own, and every sender is answered only after the commit. Between processes a lock of the file system
keeps the order. PostgreSQL queues by itself and needs none of this.
"""

from __future__ import annotations

import fcntl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from qualipolis.city.listen.intake.letters import PUBLIC, Received, receive_letter
from qualipolis.city.listen.intake.said import Prepared

NAME, MOST = "intake.lock", 64


@dataclass
class _Waiting:
    """One letter at the door, and what became of it."""

    letter: Prepared
    address: str
    received: Received | None = None
    error: Exception | None = None
    done: bool = False


_waiting: deque[_Waiting] = deque()
_turn = threading.Lock()


def hand_in(letter: Prepared, address: str = "") -> Received:
    """Take in a letter of the public; the answer comes when it is safely kept.

    Raises
    ------
    InputError
        The letter itself is refused; those beside it are not concerned.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        found: Received = receive_letter(PUBLIC, letter, address=address)
        return found
    mine = _Waiting(letter, address)
    _waiting.append(mine)
    with _turn:
        while not mine.done:
            _write_those_that_wait()
    if mine.error is not None:
        raise mine.error
    assert mine.received is not None
    return mine.received


def _write_those_that_wait() -> None:
    with _alone():
        some = [_waiting.popleft() for _n in range(min(MOST, len(_waiting)))]
        try:
            with transaction.atomic():
                for one in some:
                    _write(one)
        except Exception as error:  # nothing of the batch was kept: everybody in it is told so
            for one in some:
                one.error = error
        finally:
            for one in some:
                one.done = True


def _write(one: _Waiting) -> None:
    """Write one letter; what is wrong with it undoes it alone."""
    try:
        one.received = receive_letter(PUBLIC, one.letter, address=one.address)
    except Exception as error:
        one.error = error


@contextmanager
def _alone() -> Iterator[None]:
    """Wait for the turn of this process."""
    with (Path(settings.HOME) / NAME).open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
