"""Quality of retrieval on real texts beside the repository: each number to beat with the number reached.

Run: .venv/bin/python benchmarks/text_retrieval.py [--only cases,standards,complaints,industry,index]
Reads ../shared/data; nothing of it is kept. Splits: past cases by time (2,522 to search in, the 631 after them asked; the
same product is the same list of product types), the others at random by seed. Fusion weights are fitted on training queries
alone: past cases on the last 500 of the searched against those before, the others on queries apart from the tested;
industry in five folds. Interval: Wilson, 95 %, of the queries of one split. "Labels" means that the class of what is
searched is known, as it is for past cases.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from qualipolis.lake.search import Document, Index  # noqa: E402
from qualipolis.methods.text.fields import Field  # noqa: E402
from qualipolis.methods.text.retrieve import bm25, by_label, cover, fit_fusion, tfidf  # noqa: E402
from qualipolis.methods.text.retrieve.fusion import Fusion  # noqa: E402

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CHAR, ONE, WORD, SEGMENT = Field("char", 1, 2), Field("char", 1, 1), Field("word", 1, 1), Field("segment", 1, 1)
INSIDE, LONG, TWO = Field("inside", 3, 5), Field("char", 3, 5), Field("word", 1, 2)
Maker = Callable[[Sequence[str], Field], object]
CURRENT = {"60.60", "90.20", "90.60", "90.92", "90.93", "PUBLISHED"}


@dataclass(frozen=True)
class Reached:
    """Hit at 1, hit at 10 and precision at 10 of one ranking over a number of queries."""

    name: str
    hit1: float
    hit10: float
    precision: float
    queries: int

    def __str__(self) -> str:
        low, high = wilson(self.hit1, self.queries)
        low10, high10 = wilson(self.hit10, self.queries)
        return (f"{self.name:<44}{self.hit1:>6.3f} [{low:.3f}, {high:.3f}]{self.hit10:>8.3f} [{low10:.3f}, {high10:.3f}]"
                f"{self.precision:>7.3f}{self.queries:>6}")  # fmt: skip


def wilson(share: float, number: int) -> tuple[float, float]:
    """Return Wilson's interval of a share at 95 %."""
    z = 1.959964
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * np.sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    return float(middle - half), float(middle + half)


def reached(name: str, scores: np.ndarray, relevant: np.ndarray) -> Reached:
    """Return how a ranking did; ties in the order of the collection."""
    hit = np.take_along_axis(relevant, np.argsort(-scores, axis=1, kind="stable")[:, :10], axis=1)
    return Reached(name, float(hit[:, 0].mean()), float(hit.any(axis=1).mean()), float(hit.mean()), len(hit))


def table(name: str, bars: str, rows: Sequence[Reached]) -> None:
    """Print the rows of one task under what is to be beaten."""
    print(f"\n{name}\n  to beat: {bars}\n{'':<44}{'hit@1':>6}{'':<16}{'hit@10':>8}{'':<16}{'P@10':>7}{'n':>6}")
    for one in rows:
        print(one, flush=True)


def ranked(makers: Sequence[tuple[Maker, Field]], texts: Sequence[str], queries: Sequence[str],
           labels: Sequence[str] = (), label_makers: Sequence[tuple[Maker, Field]] = ()) -> dict[str, np.ndarray]:  # fmt: skip
    """Return the scores of every ranker by its name."""
    made = [make(texts, field) for make, field in makers]
    made += [by_label(texts, labels, field, make) for make, field in label_makers]
    return {one.name: one.scores(queries) for one in made}


def same(asked: Sequence[object], there: Sequence[object]) -> np.ndarray:
    """Return which texts have the label of each query."""
    known = {one: at for at, one in enumerate(dict.fromkeys([*asked, *there]))}
    return np.array([known[one] for one in asked])[:, None] == np.array([known[one] for one in there])[None]


def fused(names: Sequence[str], taught: dict[str, np.ndarray], right: np.ndarray, asked: dict[str, np.ndarray],
          relevant: np.ndarray, name: str) -> Reached:  # fmt: skip
    """Return how the fusion fitted on the training queries does on the others."""
    fusion: Fusion = fit_fusion(names, [taught[one] for one in names], right)
    print(f"  {name}: {fusion}")
    return reached(name, fusion.scores([asked[one] for one in names]), relevant)


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table, packed or not."""
    csv.field_size_limit(10**9)
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def cases() -> None:
    """Past recalls of the same product, by time."""
    rows = sorted(
        rows_of(DATA / "cpsc_recalls_1973_2013" / "cpsc_recalls.csv"),
        key=lambda one: (one["date"], one["recall_number"]),
    )
    texts, labels = [one["description"] for one in rows], [one["product_types"] for one in rows]
    makers = [(bm25, INSIDE), (bm25, WORD), (tfidf, LONG), (cover, TWO)]
    parts = {}
    for begun, ended in ((2000, 2522), (2522, len(rows))):
        scores = ranked(makers, texts[:begun], texts[begun:ended], labels[:begun], [(bm25, INSIDE)])
        parts[ended] = scores, same(labels[begun:ended], labels[:begun])
    (taught, right), (asked, relevant) = parts.values()
    found = [reached(name, one, relevant) for name, one in asked.items()]
    names = list(asked)
    found.append(fused(names[:-1], taught, right, asked, relevant, "fusion of words alone"))
    found.append(fused(names, taught, right, asked, relevant, "fusion with labels"))
    table("Past cases of the same product (CPSC, by time)", "hit@1 .499, hit@10 .739", found)


def standards() -> None:
    """Standards in force with a class in common, by title; the catalogue has no abstracts."""
    rows = [one for name in ("iso", "iec") for one in rows_of(DATA / "standards_iso_iec" / f"{name}.csv.gz")]
    rows = [one for one in rows if one["ics"] and one["title_en"] and one["stage"] in CURRENT]
    order = np.random.default_rng(0).permutation(len(rows))
    rows = [rows[at] for at in order]
    tested, taught_rows, there = rows[:400], rows[400:800], rows[800:]
    titles = [one["title_en"] for one in there]
    makers = [(bm25, WORD), (tfidf, WORD), (tfidf, INSIDE)]
    asked, taught = (ranked(makers, titles, [one["title_en"] for one in some]) for some in (tested, taught_rows))
    for strict in (False, True):
        right, relevant = (_classes(some, there, strict) for some in (taught_rows, tested))
        found = [reached(name, _hidden(one, tested, there, strict), relevant) for name, one in asked.items()]
        hidden = [{name: _hidden(one, some, there, strict) for name, one in scores.items()}
                  for scores, some in ((taught, taught_rows), (asked, tested))]  # fmt: skip
        found.append(fused(list(asked), hidden[0], right, hidden[1], relevant, "fusion"))
        which = "other series alone" if strict else "all"
        table(
            f"Standards with a class (ICS) in common, by title, {which}",
            "hit@10 .833 (from abstracts, which are not here)",
            found,
        )


def _series(number: str) -> str:
    return re.split(r"[-:]", re.sub(r"^(?:ISO/IEC|ISO/[A-Z]+|ISO|IEC/[A-Z]+|IEC) ", "", number))[0]


def _classes(some: Sequence[dict[str, str]], there: Sequence[dict[str, str]], strict: bool) -> np.ndarray:
    marks: dict[str, list[int]] = {}
    for at, one in enumerate(there):
        for mark in set(one["ics"].split("|")):
            marks.setdefault(mark, []).append(at)
    found = np.zeros((len(some), len(there)), bool)
    for row, one in enumerate(some):
        for mark in one["ics"].split("|"):
            found[row, marks.get(mark, [])] = True
    return found & ~_of_series(some, there) if strict else found


def _of_series(some: Sequence[dict[str, str]], there: Sequence[dict[str, str]]) -> np.ndarray:
    return same([_series(one["number"]) for one in some], [_series(one["number"]) for one in there])


def _hidden(
    scores: np.ndarray, some: Sequence[dict[str, str]], there: Sequence[dict[str, str]], strict: bool
) -> np.ndarray:
    return np.where(_of_series(some, there), np.float32(0), scores) if strict else scores


def _letters(seed: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    rows = rows_of(DATA / "zh_online_shopping_10_cats" / "online_shopping_10_cats.csv.gz")
    said = list(
        dict.fromkeys((one["review"], one["cat"]) for one in rows if one["label"] == "0" and len(one["review"]) >= 13)
    )
    order = np.random.default_rng(seed).permutation(len(said))
    said = [said[at] for at in order]
    return said[:600], said[600:1200], said[600:]


def complaints() -> None:
    """Chinese complaints of the same category; three splits, mean of each ranking."""
    every: dict[str, list[Reached]] = {}
    for seed in range(3):
        tested, taught_rows, there = _letters(seed)
        makers, label_makers = [(bm25, CHAR), (tfidf, CHAR), (bm25, SEGMENT)], [(bm25, CHAR)]
        train_there = there[600:]
        taught = ranked(makers, *_columns(train_there, taught_rows), [one[1] for one in train_there], label_makers)
        asked = ranked(makers, *_columns(there, tested), [one[1] for one in there], label_makers)
        right, relevant = (same([one[1] for one in some], [one[1] for one in where])
                           for some, where in ((taught_rows, train_there), (tested, there)))  # fmt: skip
        names = list(asked)
        found = [reached(name, one, relevant) for name, one in asked.items()]
        found.append(fused(names[:-1], taught, right, asked, relevant, "fusion of words alone"))
        found.append(fused(names, taught, right, asked, relevant, "fusion with labels"))
        for one in found:
            every.setdefault(one.name, []).append(one)
    table(
        "Chinese complaints of the same category, mean of three splits",
        "hit@1 .783",
        [_mean(some) for some in every.values()],
    )


def _columns(there: Sequence[tuple[str, str]], some: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [one[0] for one in there], [one[0] for one in some]


def _mean(some: Sequence[Reached]) -> Reached:
    parts = np.array([(one.hit1, one.hit10, one.precision) for one in some]).mean(axis=0)
    return Reached(some[0].name, *map(float, parts), sum(one.queries for one in some))


def industry() -> None:
    """The class of industry a definition defines, among 1,380 names; five folds."""
    rows = rows_of(DATA / "gbt4754" / "gbt4754.csv")
    by = {one["code"]: one for one in rows}
    classes = [one for one in rows if one["level"] == "4"]
    defined = [one for one in classes if one["remark"].strip()]
    names = [one["name"] for one in classes]
    groups = [by[one["parent"]] for one in classes]
    divisions = [by[one["parent"]] for one in groups]
    said = [one["remark"] for one in defined]
    kept = [re.sub("不包括.*", "", one) for one in said]
    collections = {"name": names, "name, group": [f"{a} {b['name']}" for a, b in zip(names, groups, strict=True)],
                   "name, group, division": [f"{a} {b['name']} {c['name']}" for a, b, c in zip(names, groups, divisions, strict=True)],
                   "group": [b["name"] + b["remark"] for b in groups], "division": [c["name"] + c["remark"] for c in divisions]}  # fmt: skip
    scores = {f"{make.__name__} {field.name} {what}": make(collections[what], field).scores(said) for make, field, what in [
        (tfidf, CHAR, "name"), (bm25, CHAR, "name"), (cover, CHAR, "name"), (tfidf, ONE, "name"), (cover, ONE, "name"),
        (tfidf, CHAR, "name, group"), (tfidf, CHAR, "name, group, division"), (tfidf, CHAR, "group"), (tfidf, CHAR, "division")]}  # fmt: skip
    scores["tfidf char1-2 name, without exclusions"] = tfidf(names, CHAR).scores(kept)
    relevant = same([one["code"] for one in defined], [one["code"] for one in classes])
    found = [reached(name, one, relevant) for name, one in scores.items()]
    found.append(reached("fusion, five folds", _folds(scores, relevant), relevant))
    table("Definition to class of industry (GB/T 4754)", "hit@1 .607, hit@10 .907", found)


def _folds(scores: dict[str, np.ndarray], relevant: np.ndarray, folds: int = 5) -> np.ndarray:
    fold = np.random.default_rng(0).permutation(len(relevant)) % folds
    made = np.zeros_like(next(iter(scores.values())))
    for one in range(folds):
        taught, tested = fold != one, fold == one
        fusion = fit_fusion(list(scores), [each[taught] for each in scores.values()], relevant[taught])
        made[tested] = fusion.scores([each[tested] for each in scores.values()])
    return made


def index() -> None:
    """The index on disk, asked with whole letters: what its tokens and its pruning cost beside the rankers."""
    tested, _, there = _letters(0)
    with tempfile.TemporaryDirectory() as name:
        made = Index.create(name)
        made.rebuild(Document(str(at), one[0]) for at, one in enumerate(there))
        hits = np.zeros((len(tested), 10), bool)
        for row, (text, label) in enumerate(tested):
            for place, hit in enumerate(made.search(text).hits):
                hits[row, place] = there[int(hit.key)][1] == label
    found = Reached(
        "index on disk", float(hits[:, 0].mean()), float(hits.any(axis=1).mean()), float(hits.mean()), len(hits)
    )
    table("Chinese complaints, the index on disk (first candidates; rankers order them)", "none stated", [found])


TASKS = {"cases": cases, "standards": standards, "complaints": complaints, "industry": industry, "index": index}


def main() -> None:
    """Run the tasks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(TASKS))
    if not DATA.is_dir():
        raise SystemExit("The folder ../shared with the real texts is not beside the repository.")
    for task in parser.parse_args().only.split(","):
        TASKS[task]()


if __name__ == "__main__":
    main()
