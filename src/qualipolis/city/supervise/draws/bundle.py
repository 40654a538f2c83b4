"""The files of a draw: what ``qualipolis verify draw`` and the script of the documentation read, and our own check.

``frame.csv`` is frozen first; ``plan.toml``, ``plan.json``, ``working.csv`` and ``promise.json`` are fixed with the
commitment; ``sample.csv``, ``reserve.csv`` and ``record.json`` come with the randomness. Each is kept by its hash.
"""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any

import numpy as np

from qualipolis.city.core.attachments import path_of
from qualipolis.city.supervise.models import DrawRun
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws import plans, records
from qualipolis.methods.sampling.draws.draw import Rule, draw
from qualipolis.methods.sampling.draws.frame import Frame, digest_of, frame_of

FRAME, TOML, PLAN, WORKING, PROMISE = "frame.csv", "plan.toml", "plan.json", "working.csv", "promise.json"
SAMPLE, RESERVE, RECORD, LEFT_OUT = "sample.csv", "reserve.csv", "record.json", "left_out.csv"
PUBLIC = (FRAME, TOML, PLAN, WORKING, PROMISE, SAMPLE, RESERVE, RECORD)
BEFORE = (PLAN, WORKING, PROMISE)
DAWN = (1980, 1, 1, 0, 0, 0)


def content(run: DrawRun, name: str) -> bytes:
    """Return one file of a draw; ``InputError`` when it is not kept or is not what its hash says."""
    digest = run.files.get(name, "")
    try:
        data = path_of(digest).read_bytes() if digest else b""
    except OSError:
        data = b""
    if not digest or sha256(data).hexdigest() != digest:
        what = msg("The file %(name)s of this draw is missing or was changed on the disk.")
        raise InputError([Problem("file_changed", what, params={"name": name}, place=name)])
    return data


def contents(run: DrawRun) -> dict[str, bytes]:
    """Return the files of a draw that are made so far and that anyone may see once it is published."""
    return {name: content(run, name) for name in PUBLIC if name in run.files}


def bundle(run: DrawRun) -> bytes:
    """Return the files as a zip whose bytes depend on nothing but them."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents(run).items():
            archive.writestr(zipfile.ZipInfo(f"{run}/{name}", DAWN), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read_frame(data: bytes) -> Frame:
    """Return the frame of a frozen csv."""
    rows = list(csv.reader(StringIO(data.decode(), newline="")))
    try:
        ids, strata, sizes = zip(*rows[1:], strict=True) if len(rows) > 1 else ((), (), ())
        numbers = [float(size) for size in sizes]
    except ValueError:
        raise InputError([Problem("bad_frame", msg("The frame cannot be read."), place=FRAME)]) from None
    return frame_of(ids, strata, numbers)


@dataclass(frozen=True)
class Check:
    """One thing that was checked, and what is wrong with it."""

    what: str
    problem: Problem | None = None

    @property
    def holds(self) -> bool:
        """Whether it holds."""
        return self.problem is None


@dataclass(frozen=True)
class Replay:
    """What came out of replaying a draw: the checks up to the first that fails."""

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether all of it holds."""
        return all(check.holds for check in self.checks)


def verify(run: DrawRun) -> Replay:
    """Replay a draw from its kept files and compare it with its row, too."""
    try:
        files = contents(run)
    except InputError as error:
        return Replay((Check(msg("Every file is there."), error.problems[0]),))
    found = replay(files)
    same = (
        run.frame_sha256 == digest_of(files.get(FRAME, b""))
        and run.commitment == digest_of(files.get(PROMISE, b""))
        and run.record_sha256 == digest_of(files.get(RECORD, b""))
    )
    problem = None if same else _problem("other_row", msg("The published hashes are not those of the files."), RECORD)
    return Replay((*found.checks, Check(msg("The hashes on this page are those of the files."), problem)))


def replay(files: Mapping[str, bytes]) -> Replay:
    """Draw again from the files alone and say what holds, until something does not."""
    state = _Replay(files)
    steps: tuple[tuple[str, Callable[[], Problem | None]], ...] = (
        (msg("Every file is there."), state.present),
        (msg("Frame, plan and working probabilities are those promised."), state.promised),
        (msg("The frame is in order, no unit twice."), state.in_order),
        (msg("The numbers of the strata follow from plan and frame."), state.resolved),
        (msg("The record is sealed and belongs to the promise."), state.sealed),
        (msg("The seed follows from the published randomness."), state.proven),
        (msg("The draw, repeated, gives the same sample and reserve."), state.repeated),
    )
    found = []
    for what, step in steps:
        try:
            problem = step()
        except InputError as error:
            problem = error.problems[0]
        except (KeyError, TypeError, ValueError, AttributeError):
            problem = _problem("unreadable", msg("A document of the draw cannot be read."), "")
        found.append(Check(what, problem))
        if problem is not None:
            break
    return Replay(tuple(found))


class _Replay:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def document(self, name: str) -> dict[str, Any]:
        found = json.loads(self.files[name])
        if records.canonical_json(found) != self.files[name]:
            raise InputError([_problem("not_canonical", msg("The document is not in its canonical form."), name)])
        return dict(found)

    def present(self) -> Problem | None:
        absent = [name for name in PUBLIC if name != TOML and name not in self.files]
        return _problem("absent", msg("The file is not there."), absent[0]) if absent else None

    def promised(self) -> Problem | None:
        self.promise = self.document(PROMISE)
        for name in (FRAME, PLAN, WORKING):
            if digest_of(self.files[name]) != self.promise[f"{name.partition('.')[0]}_sha256"]:
                return _problem("changed", msg("The file is not the one promised."), name)
        return None

    def in_order(self) -> Problem | None:
        self.frame = read_frame(self.files[FRAME])
        rows = list(csv.reader(StringIO(self.files[FRAME].decode(), newline="")))[1:]
        if [row[0] for row in rows] != list(self.frame.ids) or len(rows) != self.promise["units"]:
            return _problem("out_of_order", msg("The rows are not in canonical order."), FRAME)
        return None

    def resolved(self) -> Problem | None:
        self.plan = plans.plan_of(self.document(PLAN)["plan"])
        rule = plans.rule_of(self.plan, self.frame)
        if records.plan_bytes(self.plan, rule) != self.files[PLAN]:
            return _problem("other_numbers", msg("The numbers of the strata are not those of the plan."), PLAN)
        held = records.read_working(self.files[WORKING])
        same = held.keys() == rule.working.keys() and all(
            len(held[k]) == len(v) and np.allclose(held[k], v, rtol=0, atol=1e-6) for k, v in rule.working.items()
        )
        if not same:
            return _problem("other_working", msg("The working probabilities are not those of the plan."), WORKING)
        self.rule = Rule(rule.method, rule.n, rule.reserve, held)
        return None

    def sealed(self) -> Problem | None:
        self.record = self.document(RECORD)
        if not records.sealed(self.record):
            return _problem("broken_seal", msg("The seal of the record is broken."), RECORD)
        if self.record["promise_sha256"] != digest_of(self.files[PROMISE]):
            return _problem("other_promise", msg("The record belongs to another promise."), RECORD)
        return None

    def proven(self) -> Problem | None:
        found = records.proven(self.plan, self.record["seed"], self.record["proof"])
        if found.seed != self.record["seed"]:
            return _problem("other_seed", msg("The seed is not that of the published randomness."), RECORD)
        return None

    def repeated(self) -> Problem | None:
        drawn = draw(self.frame, self.rule, self.record["seed"])
        for name, reserve in ((SAMPLE, False), (RESERVE, True)):
            data = records.list_bytes(drawn, reserve)
            if data != self.files[name] or digest_of(data) != self.record[f"{name.partition('.')[0]}_sha256"]:
                return _problem("other_sample", msg("The draw, repeated, gives other units."), name)
        return None


def _problem(code: str, what: str, place: str) -> Problem:
    return Problem(code, what, place=place)
