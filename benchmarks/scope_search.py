"""Scope search: right answers on the labelled questions, time for a question, memory; beside plain BM25 over the lines.

Run: .venv/bin/python benchmarks/scope_search.py [institutions [lines]]     (400 and 2,000 unless given)
     .venv/bin/python benchmarks/scope_search.py 30000 2000                (60 million lines; needs about 6 GB to build)
The scopes are synthetic: words and numbers of standards that exist, institutions that do not; the lines that answer no
question are titles of ISO standards from ../shared where it is there, made up otherwise. Wall time is what a person waits;
processor time is told beside it, for a machine that does other work meanwhile.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.lake.scopes.labelled import FIRST, ON, SETS, fits, questions, right  # noqa: E402
from tests.lake.scopes.synthetic import scopes  # noqa: E402

from qualipolis.lake.scopes.asking import Wish  # noqa: E402
from qualipolis.lake.scopes.search import ScopeSearch  # noqa: E402
from qualipolis.methods.text.retrieve import bm25  # noqa: E402

PLACE = (113.7, 22.9)


def memory() -> tuple[float, float]:
    """Return the memory of this process now and at most, in MB."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    return int(status["VmRSS"].split()[0]) / 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def asked(found: ScopeSearch, rows: list, name: str) -> str:
    """Return how many questions of a set were answered, with the time of each."""
    hits, wall, work = [], [], []
    for one in questions(name):
        began, busy = time.perf_counter(), time.thread_time()
        answer = found.search(one.question, Wish(ON, PLACE))
        wall.append(time.perf_counter() - began)
        work.append(time.thread_time() - busy)
        hits.append(right(one, answer, rows))
    low, high = _interval(sum(hits), len(hits))
    said = [f"{1000 * np.percentile(times, q):.1f}" for times in (wall, work) for q in (50, 95, 100)]
    return (
        f"{name}: hit@5 {sum(hits)}/{len(hits)} = {np.mean(hits):.3f} [{low:.3f}, {high:.3f}]; "
        f"wall p50 {said[0]} p95 {said[1]} max {said[2]} ms; processor p50 {said[3]} p95 {said[4]} max {said[5]} ms"
    )


def _interval(hits: int, number: int) -> tuple[float, float]:
    """Return the 95 % interval of Wilson."""
    share, z = hits / number, 1.959964
    middle = (share + z * z / 2 / number) / (1 + z * z / number)
    half = z / (1 + z * z / number) * np.sqrt(share * (1 - share) / number + z * z / 4 / number**2)
    return middle - half, middle + half


def plain(made, rows: list, name: str) -> str:
    """Return what BM25 over the distinct lines answers: no terms, no hard rules."""
    at = made.lines.unique("line", maintain_order=True)
    distinct = at["line"].to_list()
    texts = [
        f"{made.products[p]} {made.parameters[q]} {made.standards[s]}"
        for p, q, s in zip(at["product"], at["parameter"], at["standard"], strict=True)
    ]
    ranker = bm25(texts)
    hits = 0
    for one in questions(name):
        lines = [distinct[place] for place, _ in ranker.top(one.question, FIRST)]
        hits += any(_fits(expected, rows, line, made) for expected in one.expects for line in lines)
    return f"{name}: BM25 over the lines, any of its first five: {hits}/{len(questions(name))}"


def _fits(expected: str, rows: list, line: int, made) -> bool:
    from types import SimpleNamespace

    return expected[0] not in "=-" and fits(expected, SimpleNamespace(line=line, standard=""), rows)


def main() -> None:
    """Measure and print."""
    holders, lines = (int(one) for one in (sys.argv[1:] + ["400", "2000"][len(sys.argv) - 1 :])[:2])
    shared = ROOT.parent / "shared"
    made, rows = scopes(holders, lines, 1, shared if shared.is_dir() else None)
    print(f"{holders} institutions x {lines} lines = {holders * lines:,} lines")
    with tempfile.TemporaryDirectory(dir=sys.argv[3] if len(sys.argv) > 3 else None) as folder:
        began = time.perf_counter()
        meta = ScopeSearch(Path(folder)).build(made)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()) / 1e6
        print(
            f"built in {time.perf_counter() - began:.1f} s: {meta.entries:,} entries, {size:.0f} MB on disk, at most {memory()[1]:.0f} MB"
        )
        if holders * lines < 2e6:
            print(*(plain(made, rows, name) for name in SETS), sep="\n")
        del made
        before = memory()[0]
        found = ScopeSearch(Path(folder))
        began = time.perf_counter()
        found.warm()
        print(f"opened and warmed in {time.perf_counter() - began:.2f} s, {memory()[0] - before:.0f} MB more")
        print(*(asked(found, rows, name) for name in SETS), sep="\n")
        print(
            f"memory with all questions asked: {memory()[0] - before:.0f} MB more than before the index (mapped pages count)"
        )


if __name__ == "__main__":
    main()
