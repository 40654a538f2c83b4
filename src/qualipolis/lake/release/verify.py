"""Verify a release: its document, the hash of every file, and every number computed again from the stored inputs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from qualipolis.lake.canonical import canonical_json, parse_json, sha256
from qualipolis.lake.grids import Source
from qualipolis.lake.release.comparison import MOST as MOST_OTHERS
from qualipolis.lake.release.comparison import NAME
from qualipolis.lake.release.compute import Assessment, Step, compute, silent
from qualipolis.lake.release.factors import factors_from
from qualipolis.lake.release.format import (
    DOCUMENT,
    FORMAT,
    PUBLIC_COPY,
    SCORES,
    TABLES,
    Inputs,
    libraries,
    release_hash,
)
from qualipolis.lake.release.robustness import MOST_ROWS
from qualipolis.lake.release.write import names_below
from qualipolis.methods.composite import Pipeline
from qualipolis.methods.problems import InputError, Problem, msg

MOST_REPLICATES = 100_000
MOST_WORK = 10**11  # replicates times bytes of the table: some minutes
LARGEST_DOCUMENT = 64 * 1024 * 1024
LONGEST_NAME = 200
UNFIT = (ValueError, TypeError, KeyError, AttributeError, IndexError, ArithmeticError, RecursionError)
LARGEST_FILE = 200 * 1024 * 1024
TOLERANCE = 1e-12
ROWS = ("rows", "seed")
Reader = Callable[[str], bytes]

DOCUMENT_HOLDS = msg("The document is complete and its hash is right.")
FILE_HOLDS = msg("%(file)s is as it was.")
ALL_KNOWN = msg("There are no other files.")
METHOD_HOLDS = msg("The method is the one named.")
NUMBERS_HOLD = msg("%(file)s computed again is the same.")
CONTENT_HOLDS = msg("The hash printed in the report is that of these inputs and numbers.")
SAME_LIBRARIES = msg("Libraries and processor are those of the release.")


class Check(NamedTuple):
    """One step of a verification: what was looked at, whether it holds, and what to say about it."""

    what: str
    ok: bool
    detail: Problem | None = None
    file: str = ""

    def text(self, translate: Callable[[str], str] = msg) -> str:
        """Return what was looked at, in the language of ``translate``."""
        return translate(self.what) % {"file": self.file}


@dataclass(frozen=True)
class Verification:
    """What a verification found, in order. ``first_problem`` is the first thing that does not hold."""

    steps: tuple[Check, ...]
    release_hash: str = ""
    content_hash: str = ""
    number: str = ""

    @property
    def ok(self) -> bool:
        return all(step.ok for step in self.steps)

    @property
    def first_problem(self) -> Problem | None:
        return next((step.detail for step in self.steps if not step.ok), None)


def verify_release(directory: Path, step: Step = silent) -> Verification:
    """Check the release in ``directory``; nothing is written and nothing is raised for a release that does not hold."""
    step("hashes")
    found: list[Check] = []
    try:
        document = read_document(directory)
    except InputError as error:
        return Verification((Check(DOCUMENT_HOLDS, False, error.problems[0]),))
    found.append(Check(DOCUMENT_HOLDS, True))
    hashes = (str(document["release_hash"]), str(document.get("content_hash")), str(document.get("number") or ""))
    found += check_files(directory, document)
    if not all(check.ok for check in found):
        return Verification(tuple(found), *hashes)
    changed = changed_libraries(document)
    note = Problem("other_libraries", DIFFERENT, "", {"names": ", ".join(changed)}, severity="warning")
    found.append(Check(SAME_LIBRARIES, True, note if changed else None))
    found += check_numbers(reader(directory), document, 0.0 if not changed else TOLERANCE, step)
    return Verification(tuple(found), *hashes)


def reader(directory: Path) -> Reader:
    """Return a function from the name of a file of a release to its content."""
    return lambda name: (directory / name).read_bytes()


DIFFERENT = msg("Different here: %(names)s. Numbers are compared to one part in 10^12.")
BROKEN = msg("The document of the release cannot be read: %(why)s.")
RESTORE = msg("Take the release again from where it was published.")


def read_document(directory: Path) -> dict[str, Any]:
    """Return the document; ``InputError`` when it is absent, of another format, or its hash is not right."""
    path = directory / DOCUMENT
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_DOCUMENT:
        raise bad_document(msg("there is no such file"), path)
    try:
        content = path.read_bytes()
        document = parse_json(content)
        complete = isinstance(document, dict) and shape_is_right(document)
    except OSError:
        raise bad_document(msg("there is no such file"), path) from None
    except (ValueError, RecursionError):
        raise bad_document(msg("it is not JSON"), path) from None
    if not complete or not isinstance(document, dict):
        raise bad_document(msg("it is not a qualipolis-release/1"), path)
    if PUBLIC_COPY in document:
        what = msg("This is the public copy of the release: some cells are held back, so it cannot be computed again.")
        remedy = msg("The complete release stays with its publisher and its auditors; compare the hashes with theirs.")
        raise InputError([Problem("public_copy", what, remedy, place=str(path))])
    if release_hash(document) != document["release_hash"] or canonical_json(document) != content:
        what = msg("The hash of the release does not fit its document: the document was changed.")
        raise InputError([Problem("document_changed", what, RESTORE, place=str(path))])
    return document


def bad_document(why: str, path: Path) -> InputError:
    return InputError([Problem("bad_document", BROKEN, RESTORE, {"why": why}, place=str(path))])


def shape_is_right(document: Mapping[str, Any]) -> bool:
    """Return whether the document has what the checks rely on; file names must stay inside the release."""
    return document.get("format") == FORMAT and isinstance(document.get("release_hash"), str) and parts_fit(document)


def parts_fit(document: Mapping[str, Any]) -> bool:
    """Return whether files, inputs, method and what was drawn are there in the shape that a computation needs."""
    files, inputs, drawn = document.get("files"), document.get("inputs"), document.get("uncertainty")
    if not isinstance(files, dict) or not all(inside(name) and isinstance(one, dict) for name, one in files.items()):
        return False
    if not isinstance(inputs, dict) or set(inputs) != {"framework", "data", "pipeline"}:
        return False
    if not all(isinstance(one, dict) and one.get("file") in files for one in inputs.values()):
        return False
    if not isinstance(document.get("libraries"), dict) or not isinstance(document.get("method"), dict):
        return False
    counts = [drawn.get(key) for key in ("replicates", "seed")] if isinstance(drawn, dict) else []
    if drawn is not None and not (counts and all(type(one) is int and one >= 0 for one in counts)):
        return False
    return further_fits(document, files)


def further_fits(document: Mapping[str, Any], files: Mapping[str, Any]) -> bool:
    """Return whether what goes beyond scores and intervals, where there is any, has its shape."""
    tested, others = document.get("sensitivity"), document.get("comparison", {})
    if tested is not None and not (isinstance(tested, dict) and all(type(tested.get(k)) is int for k in ROWS)):
        return False
    if not isinstance(others, dict) or len(others) > MOST_OTHERS:
        return False
    return all(
        NAME.fullmatch(name) and isinstance(one, dict) and one.get("file") in files for name, one in others.items()
    )


def inside(name: str) -> bool:
    """Return whether a file name stays inside the folder it is relative to, and can be shown as it is.

    >>> inside("inputs/a.csv"), inside("../a"), inside("/etc/passwd"), inside("a\\\\..\\\\b"), inside("./a")
    (True, False, False, False, False)
    """
    path = PurePosixPath(name)
    plain = "\\" not in name and name.isprintable() and len(name.encode("utf-8", "replace")) <= LONGEST_NAME
    return plain and not path.is_absolute() and ".." not in path.parts and str(path) == name != "."


def check_files(directory: Path, document: Mapping[str, Any]) -> Iterator[Check]:
    """Yield one check for each file that is listed, then one for those that are not."""
    for name, entry in sorted(document["files"].items()):
        problem = file_problem(directory, name, str(entry.get("sha256")))
        yield Check(FILE_HOLDS, problem is None, problem, name)
    unknown = [name for name in names_below(directory) if name not in document["files"] and name != DOCUMENT]
    what = msg("%(file)s does not belong to the release.")
    remedy = msg("Take the file away; what it says is not vouched for.")
    problem = Problem("unknown_file", what, remedy, {"file": unknown[0]}, place=unknown[0]) if unknown else None
    yield Check(ALL_KNOWN, not unknown, problem)


def file_problem(directory: Path, name: str, wanted: str) -> Problem | None:
    path = directory / name
    if path.is_symlink() or not path.is_file():
        return Problem("file_missing", msg("The file %(file)s is missing."), RESTORE, {"file": name}, place=name)
    if path.stat().st_size <= LARGEST_FILE and sha256(path.read_bytes()) == wanted:
        return None
    what = msg("The file %(file)s was changed: its hash is not the one in the release.")
    return Problem("file_changed", what, RESTORE, {"file": name}, place=name)


def changed_libraries(document: Mapping[str, Any]) -> list[str]:
    """Return what differs between the libraries of the release and those here, in words."""
    then, now = document["libraries"], libraries()
    added = {"scipy"} - set(then)  # releases from before it was recorded did without it
    return [
        f"{name} {then.get(name)} → {now[name]}" for name in now if then.get(name) != now[name] and name not in added
    ]


def check_numbers(read: Reader, document: Mapping[str, Any], tolerance: float, step: Step) -> Iterator[Check]:
    """Yield whether the method, the scores and the intervals computed from the stored inputs are those stored."""
    found = again(read, document, step)
    if isinstance(found, Problem):
        yield Check(NUMBERS_HOLD, False, found, SCORES)
        return
    yield from compared(found, read, document, tolerance, step)


def again(read: Reader, document: Mapping[str, Any], step: Step) -> Assessment | Problem:
    """Return the assessment computed again, or why it cannot be."""
    try:
        return computed(read, document, step)
    except InputError as error:
        return error.problems[0]
    except UNFIT:
        what = msg("The inputs of the release cannot be computed again.")
        return Problem("not_computable", what, RESTORE, place=DOCUMENT)


def compared(
    assessment: Assessment, read: Reader, document: Mapping[str, Any], tolerance: float, step: Step
) -> Iterator[Check]:
    """Yield whether method, hash and every table of an assessment computed again are those stored."""
    yield check_method(assessment, document)
    yield check_content(document)
    step("compare")
    for name, content in assessment.outputs().items():
        stored = read(name) if name in document["files"] else b""
        problem = difference(name, stored, content, tolerance)
        yield Check(NUMBERS_HOLD, problem is None, problem, name)


def computed(read: Reader, document: Mapping[str, Any], step: Step) -> Assessment:
    """Return the assessment computed again from the stored inputs, as the document says."""
    sources = {
        role: Source(str(entry.get("name")), read(entry["file"]), entry.get("sheet"))
        for role, entry in document["inputs"].items()
    }
    drawn = document["uncertainty"] or {"replicates": 0, "seed": 0}
    most = min(MOST_REPLICATES, MOST_WORK // max(len(sources["data"].content), 1))
    if not 0 <= drawn["replicates"] <= most:
        what = msg("The release asks for %(count)s replicates; at most %(most)s are computed.")
        words = {"count": drawn["replicates"], "most": most}
        raise InputError([Problem("too_many_replicates", what, "", words, place=DOCUMENT)])
    factors = factors_from(drawn["factors"], DOCUMENT) if "factors" in drawn else None
    rows, seed = sensitivity_of(document, most, drawn)
    others = tuple(
        (name, Source(f"compare-{name}.toml", read(one["file"])))
        for name, one in sorted(document.get("comparison", {}).items())
    )
    return compute(
        Inputs(**sources, others=others),
        replicates=drawn["replicates"],
        seed=seed,
        factors=factors,
        sensitivity=rows,
        step=step,
    )


def sensitivity_of(document: Mapping[str, Any], most: int, drawn: Mapping[str, Any]) -> tuple[int, int]:
    """Return rows and seed of the sensitivity, refused where they ask for endless work."""
    asked = document.get("sensitivity") or {"rows": 0, "seed": drawn["seed"]}
    if not 0 <= asked["rows"] <= min(most, MOST_ROWS):
        what = msg("The release asks for %(count)s rows of sensitivity; at most %(most)s are computed.")
        words = {"count": asked["rows"], "most": min(most, MOST_ROWS)}
        raise InputError([Problem("too_many_replicates", what, "", words, place=DOCUMENT)])
    return asked["rows"], asked["seed"]


def check_method(assessment: Assessment, document: Mapping[str, Any]) -> Check:
    """Return whether the stored pipeline is the method that the document names.

    A release from before a step got a new parameter names its method without it, and means the default.
    """
    named = document["method"]
    if assessment.method == named.get("version") or is_named(assessment, named):
        return Check(METHOD_HOLDS, True)
    what = msg("The stored pipeline is not the method that the release names.")
    return Check(METHOD_HOLDS, False, Problem("method_changed", what, RESTORE, place="inputs/pipeline.toml"))


def is_named(assessment: Assessment, named: Mapping[str, Any]) -> bool:
    """Return whether a method that was named by an earlier version of the software is the one that ran."""
    try:
        same = Pipeline.from_dict(named["pipeline"]) == assessment.result.pipeline
        return same and sha256(canonical_json(named["pipeline"])) == named.get("version")
    except (InputError, *UNFIT):
        return False


def check_content(document: Mapping[str, Any]) -> Check:
    """Return whether the hash that the report prints is that of the stored inputs and tables of numbers."""
    stored = {entry["file"] for entry in document["inputs"].values()} | (set(TABLES) & set(document["files"]))
    stored |= {one["file"] for one in document.get("comparison", {}).values()}
    files = {name: document["files"][name]["sha256"] for name in stored}
    same = sha256(canonical_json({"method": document["method"].get("version"), "files": files}))
    if same == document.get("content_hash"):
        return Check(CONTENT_HOLDS, True)
    what = msg("The hash printed in the report is not that of the inputs and numbers in the release.")
    return Check(CONTENT_HOLDS, False, Problem("content_changed", what, RESTORE, place=DOCUMENT))


def difference(name: str, stored: bytes, again: bytes, tolerance: float) -> Problem | None:
    """Return the first cell that differs between a stored table and the same table computed again."""
    if stored == again:
        return None
    try:
        rows, wanted = (list(csv.reader(io.StringIO(one.decode("utf-8", "replace")))) for one in (stored, again))
    except csv.Error:
        what = msg("%(file)s cannot be read as a table.")
        return Problem("not_a_table", what, RESTORE, {"file": name}, place=name)
    for number, (row, other) in enumerate(zip(rows, wanted, strict=False), start=1):
        if len(row) != len(other) or not all(map(alike, row, other, [tolerance] * len(row))):
            what = msg("Row %(row)s of %(file)s says %(stored)s, but computed again it is %(again)s.")
            words = {"row": number, "file": name, "stored": ", ".join(row), "again": ", ".join(other)}
            return Problem("number_differs", what, RESTORE, words, place=f"{name}, row {number}")
    if len(rows) == len(wanted):
        return None
    what = msg("%(file)s has %(stored)s rows, but computed again there are %(again)s.")
    return Problem("rows_differ", what, RESTORE, {"file": name, "stored": len(rows), "again": len(wanted)}, place=name)


def alike(one: str, other: str, tolerance: float) -> bool:
    """Return whether two cells say the same: the same text, or numbers that differ by no more than ``tolerance``.

    >>> alike("0.1", "0.10", 0.0), alike("1", "1.0000000000001", 1e-12), alike("", "0", 1.0)
    (True, True, False)
    """
    if one == other:
        return True
    try:
        left, right = float(one), float(other)
    except ValueError:
        return False
    return abs(left - right) <= tolerance * max(abs(left), abs(right))
