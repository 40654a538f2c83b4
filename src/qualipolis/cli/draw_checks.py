"""The checks of a drawn sample, one after the other, until one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from qualipolis.cli import draw_files as files
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws import plans, records
from qualipolis.methods.sampling.draws.draw import Rule


def first_problem(directory: Path, names: tuple[str, ...] = (*files.FROZEN, *files.DRAWN)) -> Problem | None:
    """Return the first thing that does not hold of a folder, or None; only the frozen part where ``names`` says so."""
    return next((problem for _, problem in checks(directory, names) if problem is not None), None)


def checks(
    directory: Path, names: tuple[str, ...] = (*files.FROZEN, *files.DRAWN)
) -> Iterator[tuple[str, Problem | None]]:
    """Yield what was checked and what is wrong with it, until something is."""
    state = _State(directory)
    steps: list[tuple[str, Callable[[], Problem | None]]] = [
        (msg("Every file is there."), lambda: state.present(names)),
        (msg("Frame, plan and working probabilities are those promised."), state.promised),
        (msg("The frame is in order, no unit twice."), state.sound_frame),
        (msg("The numbers of the strata follow from plan and frame."), state.resolved),
    ]
    if files.RECORD in names:
        steps += [
            (msg("The record is sealed and belongs to the promise."), state.record_sealed),
            (msg("The seed follows from the published randomness."), state.seed_proven),
            (msg("The draw, repeated, gives the same sample and reserve."), state.repeated),
        ]
    for what, step in steps:
        try:
            problem = step()
        except InputError as error:
            problem = error.problems[0]
        except (KeyError, TypeError, ValueError, AttributeError):
            problem = _problem("unreadable", msg("A document of the draw cannot be read."), directory.name)
        yield what, problem
        if problem is not None:
            return


class _State:
    def __init__(self, directory: Path) -> None:
        self.at = directory

    def present(self, names: tuple[str, ...]) -> Problem | None:
        absent = [name for name in names if not (self.at / name).is_file()]
        return _problem("absent", msg("The file is not there."), absent[0]) if absent else None

    def document(self, name: str) -> dict:
        data = (self.at / name).read_bytes()
        found = files.load_json(self.at / name)
        if not isinstance(found, dict) or records.canonical_json(found) != data:
            raise InputError([_problem("not_canonical", msg("The document is not in its canonical form."), name)])
        return found

    def promised(self) -> Problem | None:
        promise = self.document(files.PROMISE)
        for name in (files.FRAME, files.PLAN, files.WORKING):
            if files.hash_of(self.at / name) != promise[f"{name.partition('.')[0]}_sha256"]:
                return _problem("changed", msg("The file is not the one promised."), name)
        return None

    def sound_frame(self) -> Problem | None:
        table = files.read_table(self.at / files.FRAME)
        wrong = files.table_problems(table, files.FRAME)
        if wrong:
            return wrong[0]
        if not files.in_order(table) or table.height != self.document(files.PROMISE)["units"]:
            return _problem("out_of_order", msg("The rows are not in canonical order."), files.FRAME)
        self.frame = files.frame_of_table(table)
        return None

    def resolved(self) -> Problem | None:
        document = self.document(files.PLAN)
        self.plan = plans.plan_of(document["plan"])
        rule = plans.rule_of(self.plan, self.frame)
        working = records.read_working((self.at / files.WORKING).read_bytes())
        if records.canonical_json(document) != records.plan_bytes(self.plan, rule):
            return _problem("other_numbers", msg("The numbers of the strata are not those of the plan."), files.PLAN)
        same = working.keys() == rule.working.keys() and all(
            len(working[k]) == len(v) and np.allclose(working[k], v, rtol=0, atol=1e-6) for k, v in rule.working.items()
        )
        if not same:
            return _problem("other_working", msg("The working probabilities are not those of the plan."), files.WORKING)
        self.rule = Rule(rule.method, rule.n, rule.reserve, working)
        return None

    def record_sealed(self) -> Problem | None:
        self.record = self.document(files.RECORD)
        if not records.sealed(self.record):
            return _problem("broken_seal", msg("The seal of the record is broken."), files.RECORD)
        if self.record["promise_sha256"] != files.hash_of(self.at / files.PROMISE):
            return _problem("other_promise", msg("The record belongs to another promise."), files.RECORD)
        return None

    def seed_proven(self) -> Problem | None:
        found = records.proven(self.plan, self.record["seed"], self.record["proof"])
        if found.seed != self.record["seed"]:
            return _problem("other_seed", msg("The seed is not that of the published randomness."), files.RECORD)
        return None

    def repeated(self) -> Problem | None:
        drawn = files.draw_many(self.frame, self.rule, self.record["seed"])
        for name, reserve in ((files.SAMPLE, False), (files.RESERVE, True)):
            data = records.list_bytes(drawn, reserve)
            held = (self.at / name).read_bytes()
            if data != held or records.digest_of(held) != self.record[f"{name.partition('.')[0]}_sha256"]:
                return _problem("other_sample", msg("The draw, repeated, gives other units."), name)
        return None


def _problem(code: str, what: str, place: str) -> Problem:
    return Problem(code, what, msg("Ask for the files as they were published."), place=place)
