"""How often the planted outbreak of the demo is found, and when, over seeds; and how many other signals speak.

    python benchmarks/listening_power.py HOME [SEEDS]

HOME is a demo city: only its towns are read. For each seed the letters of two years are drawn anew as the demo draws
them (without the matters told at length), and the engine of the city looks at the first three weeks of the running
outbreak. Printed: in how many seeds it had been called by its first, second and third week, and how many other
signals there were in all weeks.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path


def main(home: Path, seeds: int) -> None:
    from qualipolis.cli.homes import open_home

    open_home(home, demo=True)
    from django.utils import timezone

    from qualipolis.city.listen.signals.hearing import Record
    from qualipolis.city.listen.signals.running import _heard
    from qualipolis.demo.listening_letters import _drawn, monday_of
    from qualipolis.demo.listening_words import OUTBREAKS, RUNNING
    from qualipolis.demo.streams import stream

    today = timezone.localdate()
    planted = {(one.product, one.problem) for one in OUTBREAKS}
    classes, dangers = {one[0] for one in planted}, {one[1] for one in planted}
    weeks = range(1, 4)
    called, others, looks = dict.fromkeys(weeks, 0), 0, 0
    for seed in range(1, seeds + 1):
        letters = [Record(o.day, o.product, (o.problem,), o.unit.code) for o in _drawn(stream(seed, "letters"), today)]
        found = False
        for week in weeks:
            until = monday_of(today) - timedelta(weeks=RUNNING.begins - week) - timedelta(days=1)
            keys = [
                one.key for one in _heard([o for o in letters if o.day <= until], until).latest.verdicts(("signal",))
            ]
            found = found or any(key[:2] == (RUNNING.product, RUNNING.problem) for key in keys)
            called[week] += found
            false = [key for key in keys if key[0] not in classes and key[1] not in dangers]
            others, looks = others + len(false), looks + 1
        print(f"seed {seed}: called by week {called}, other signals {others} in {looks} looks", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 10)
