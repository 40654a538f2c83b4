"""Processes that start with this folder on their path live on the day that a file says, and move when it changes.

The file holds a moment in ISO form; from when it was read the clock ticks on. Only tests use it.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime
from pathlib import Path

FILE = Path(os.environ["CLOCK_FILE"])


def follow(clock: object, last: str) -> None:
    """Look at the file ten times a second."""
    while True:
        time.sleep(0.1)
        told = FILE.read_text()
        if told and told != last:
            last = told
            clock.move_to(datetime.fromisoformat(told), tick=True)


def start(clock: object, last: str) -> None:
    """Follow the file in this process."""
    threading.Thread(target=follow, args=(clock, last), daemon=True).start()


def begin() -> None:
    """Travel to the day of the file; processes that are forked from this one follow it as well."""
    import time_machine

    told = FILE.read_text()
    clock = time_machine.travel(datetime.fromisoformat(told), tick=True).start()
    start(clock, told)
    os.register_at_fork(after_in_child=lambda: start(clock, told))


begin()
