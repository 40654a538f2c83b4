"""``qualipolis draw``: freeze a frame and a plan, then draw with public randomness, so that anyone can check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qualipolis.cli.showing import say, say_problems
from qualipolis.cli.words import Translate, language, translator
from qualipolis.methods.problems import InputError, Problem, msg

FRAME_HELP = msg("Table of the units: CSV or Parquet with the columns id, stratum, size.")
OUT_HELP = msg("Folder for the draw; a folder that was frozen before is continued.")
SECRET_HELP = msg("Reveal of the agency's own secret, as SALT:SECRET.")


def draw(
    out: Annotated[Path, typer.Option(metavar="DIR", help=OUT_HELP)],
    frame: Annotated[Path | None, typer.Option(metavar="FILE", help=FRAME_HELP)] = None,
    plan: Annotated[Path | None, typer.Option(metavar="PLAN.toml", help=msg("Plan of the draw."))] = None,
    seed: Annotated[str, typer.Option(help=msg("Public randomness as one line; without any, only freeze."))] = "",
    beacon: Annotated[
        Path | None, typer.Option(metavar="JSON", help=msg("A drand round, as the server prints it."))
    ] = None,
    secret: Annotated[str, typer.Option(metavar="SALT:SECRET", help=SECRET_HELP)] = "",
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=msg("Language of messages."))] = None,
) -> None:
    translate = translator(language(lang))
    try:
        frozen = _Folder(out, frame, plan)
        frozen.freeze()
        say(translate(msg("Frozen: %(units)s units in %(strata)s strata.")) % frozen.words())
        say(translate(msg("Hash to publish before the randomness exists: %(hash)s")) % {"hash": frozen.promise_hash})
        if seed or beacon or secret:
            _reveal(frozen, seed, beacon, secret, translate)
    except InputError as error:
        say_problems(error.problems, translate)
        raise typer.Exit(1) from None


class _Folder:
    """The folder of a draw: frozen anew from files, or taken up where it was left."""

    def __init__(self, out: Path, frame: Path | None, plan: Path | None) -> None:
        from qualipolis.cli import draw_files as files

        self.out, self.files = out, files
        if (out / files.RECORD).exists():
            what = msg("This folder holds a draw; a draw is not made twice.")
            remedy = msg("For a new draw take a new folder and say why in the plan, under previous.")
            raise InputError([Problem("drawn", what, remedy, place=str(out))])
        self.continued = (out / files.PROMISE).exists()
        if self.continued:
            self._take_up(frame, plan)
            return
        absent = [n for n, value in (("--frame", frame), ("--plan", plan)) if value is None]
        if absent or frame is None or plan is None:
            what, remedy = msg("Missing: %(names)s."), msg("Give a frame and a plan, or a frozen folder.")
            raise InputError([Problem("missing", what, remedy, {"names": ", ".join(absent)})])
        self.plan = files.read_plan(plan)
        self._made(files.sorted_table(frame))

    def _take_up(self, frame: Path | None, plan: Path | None) -> None:
        from qualipolis.cli.draw_checks import first_problem

        files = self.files
        problem = first_problem(self.out, files.FROZEN)
        if problem is not None:
            raise InputError([problem])
        if frame is not None or plan is not None:
            what, remedy = (
                msg("This folder is frozen already."),
                msg("Leave out --frame and --plan, or take a new folder."),
            )
            raise InputError([Problem("frozen", what, remedy, place=str(self.out))])
        self.plan = files.plan_of(files.load_json(self.out / files.PLAN)["plan"])
        self._made(files.read_table(self.out / files.FRAME))
        self.working = (self.out / files.WORKING).read_bytes()

    def _made(self, table) -> None:
        from qualipolis.methods.sampling.draws import plans, records

        self.table, self.frame = table, self.files.frame_of_table(table)
        self.rule = plans.rule_of(self.plan, self.frame)
        self.working = records.working_bytes(self.rule)
        self.published = records.plan_bytes(self.plan, self.rule)

    def freeze(self) -> None:
        """Write frame, plan, working probabilities and the promise, unless they are there."""
        from qualipolis.methods.sampling.draws import records

        files = self.files
        if not self.continued:
            self.out.mkdir(parents=True, exist_ok=True)
            files.write_table(self.table, self.out / files.FRAME)
            (self.out / files.PLAN).write_bytes(self.published)
            (self.out / files.WORKING).write_bytes(self.working)
            digest = files.hash_of(self.out / files.FRAME)
            promise = records.promise_bytes(digest, self.published, self.working, len(self.frame))
            (self.out / files.PROMISE).write_bytes(promise)
        self.promise = (self.out / files.PROMISE).read_bytes()
        self.promise_hash = records.digest_of(self.promise)

    def words(self) -> dict[str, str]:
        """Return the numbers of the frame, for people."""
        return {"units": f"{len(self.frame):,}", "strata": f"{len(self.frame.labels):,}"}


def _reveal(folder: _Folder, seed: str, beacon: Path | None, secret: str, translate: Translate) -> None:
    """Draw with the randomness and write sample, reserve and record."""
    from qualipolis.methods.sampling.draws import records

    files, out = folder.files, folder.out
    salt, _, hidden = secret.partition(":")
    pasted = files.read_beacon(beacon) if beacon else None
    randomness = records.seed_of(folder.plan, seed, pasted, salt, hidden)
    rule = folder.files.Rule(
        folder.rule.method, folder.rule.n, folder.rule.reserve, records.read_working(folder.working)
    )
    drawn = files.draw_many(folder.frame, rule, randomness.seed)
    sample, reserve = records.list_bytes(drawn), records.list_bytes(drawn, reserve=True)
    record = records.record_bytes(folder.promise, randomness.seed, sample, reserve, randomness.proof)
    for name, data in ((files.SAMPLE, sample), (files.RESERVE, reserve), (files.RECORD, record)):
        (out / name).write_bytes(data)
    words = {"n": drawn.n, "reserve": int(drawn.reserve.sum()), "directory": out}
    say(translate(msg("Drawn: %(n)s units, %(reserve)s in reserve, written to %(directory)s")) % words)
    say(translate(msg("Hash of the record: %(hash)s")) % {"hash": records.digest_of(record)})
