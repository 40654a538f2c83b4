"""Search at 1e5 and 1e6 texts: our index beside bm25s, SQLite FTS5 and bare tantivy, each in a process of its own.

Run: .venv/bin/python benchmarks/text.py [--sizes 100000,1000000] [--engines ours,tantivy,bm25s,fts5] [--queries 300] [--reviews]
Texts are pseudo-complaints (pseudo_complaints.py); with --reviews they are put together from clauses of the review set
beside the repository, where it is present. Every engine answers the same queries, top 10: two words that both must
stand in the text, and thirty characters out of a text. Printed: seconds to build the index from texts to answers (by the
clock and of the processor), megabytes on disk, greatest resident memory of the process (texts are made as they are
read), and p50/p95 by the clock and of the processor. Seconds by the clock suffer when others use the machine; those of the
processor do not. bm25s has no way to ask that both words stand in the text: it ranks by either.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402
from pseudo_complaints import complaints, questions  # noqa: E402

BARS = {"p95": 10.0, "index": 65.0, "memory": 800.0}
REVIEWS = Path(__file__).resolve().parents[2] / "shared" / "data" / "zh_online_shopping_10_cats"
RUNS = re.compile(r"[0-9a-z]+|[一-鿿]+")
Ask = Callable[[str], int]


def texts(number: int, reviews: bool) -> Iterator[str]:
    """Yield the texts of the collection."""
    if not reviews:
        yield from complaints(number)
        return
    csv.field_size_limit(10**9)
    with gzip.open(REVIEWS / "online_shopping_10_cats.csv.gz", "rt", encoding="utf-8") as file:
        said = [row["review"] for row in csv.DictReader(file)]
    clauses = [one for text in said for one in re.split(r"[，。！？；,!?;]", text) if 3 < len(one) < 40]
    draw = np.random.default_rng(1)
    for _ in range(number):
        yield "，".join(clauses[at] for at in draw.integers(0, len(clauses), draw.integers(4, 9)))


def asked(number: int, reviews: bool) -> tuple[list[str], list[str]]:
    """Return the queries: pairs of words and runs of thirty characters."""
    if not reviews:
        return questions(number)
    import rjieba

    draw, pairs, runs = np.random.default_rng(7), [], []
    for text in texts(4 * number, True):
        words = sorted({word for word in rjieba.cut(text) if len(word) == 2 and "一" <= word[0] <= "鿿"})
        if len(words) > 1:
            pairs.append(" ".join(draw.choice(words, 2, replace=False)))
        if len(text) > 30:
            at = int(draw.integers(0, len(text) - 29))
            runs.append(text[at : at + 30])
    return pairs[:number], runs[:number]


def grams(text: str) -> list[str]:
    """Return the pairs of characters and Latin words of a text, for the other engines."""
    found: list[str] = []
    for run in RUNS.findall(text.lower()):
        found += [run] if run.isascii() or len(run) == 1 else map("".join, itertools.pairwise(run))
    return found


def ours(folder: Path, source: Iterator[str]) -> tuple[Ask, Ask]:
    """Our index: two words as typed, a sentence as typed."""
    from qualipolis.lake.search import Document, Index

    index = Index.create(folder / "ours")
    index.rebuild(Document(str(at), text) for at, text in enumerate(source))
    return lambda words: len(index.search(words)), lambda sentence: len(index.search(sentence))


def tantivy(folder: Path, source: Iterator[str]) -> tuple[Ask, Ask]:
    """Tantivy alone with character pairs, as one would use it first: no reasons, no mending, no filters."""
    import tantivy as engine

    made = engine.SchemaBuilder()
    made.add_text_field("key", stored=True, tokenizer_name="raw")
    made.add_text_field("text", tokenizer_name="spaces")
    schema, place = made.build(), folder / "tantivy"
    place.mkdir()
    index = engine.Index(schema, path=str(place))
    cut = engine.TextAnalyzerBuilder(engine.Tokenizer.whitespace()).build()
    index.register_tokenizer("spaces", cut)
    writer = index.writer(200_000_000, 2)
    for at, text in enumerate(source):
        writer.add_document(engine.Document(key=str(at), text=" ".join(grams(text))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def run(text: str, occur: object) -> int:
        clauses = [(occur, engine.Query.term_query(schema, "text", one, "freq")) for one in grams(text)]
        return len(searcher.search(engine.Query.boolean_query(clauses), 10).hits)

    return lambda words: run(words, engine.Occur.Must), lambda sentence: run(sentence, engine.Occur.Should)


def bm25s(folder: Path, source: Iterator[str]) -> tuple[Ask, Ask]:
    """bm25s in memory over character pairs; it ranks by any word, never by all."""
    import bm25s as engine

    index = engine.BM25()
    vocabulary: dict[str, int] = {}
    rows = [[vocabulary.setdefault(one, len(vocabulary)) for one in grams(text)] for text in source]
    index.index((rows, vocabulary), show_progress=False)
    index.save(str(folder / "bm25s"))

    def run(text: str) -> int:
        known = [one for one in grams(text) if one in vocabulary]
        return int(index.retrieve([known], k=10, show_progress=False, n_threads=1).documents.shape[1])

    return run, run


def fts5(folder: Path, source: Iterator[str]) -> tuple[Ask, Ask]:
    """SQLite FTS5, contentless, over character pairs."""
    base = sqlite3.connect(folder / "fts5.sqlite")
    base.execute("PRAGMA journal_mode=OFF")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(text, content='', tokenize='unicode61', detail='none')")
    base.executemany(
        "INSERT INTO t(rowid, text) VALUES (?, ?)", ((at, " ".join(grams(text))) for at, text in enumerate(source))
    )
    base.commit()

    def run(text: str, word: str) -> int:
        query = f" {word} ".join(f'"{one}"' for one in dict.fromkeys(grams(text)))
        return len(base.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (query,)).fetchall())

    return lambda words: run(words, "AND"), lambda sentence: run(sentence, "OR")


ENGINES = {"ours": ours, "tantivy": tantivy, "bm25s": bm25s, "fts5": fts5}


def timed(ask: Ask, queries: list[str]) -> dict[str, float]:
    """Return p50 and p95 in milliseconds, by the clock and of the processor, and the share of queries answered."""
    ask(queries[0])
    spent = np.zeros((len(queries), 2))
    answered = 0
    for at, query in enumerate(queries):
        clock, work = time.perf_counter(), time.process_time()
        answered += bool(ask(query))
        spent[at] = (time.perf_counter() - clock) * 1e3, (time.process_time() - work) * 1e3
    (p50, c50), (p95, c95) = np.percentile(spent, [50, 95], axis=0)
    return {"p50": p50, "p95": p95, "cpu50": c50, "cpu95": c95, "answered": answered / len(queries)}


def one(engine: str, number: int, queries: int, reviews: bool) -> None:
    """Measure one engine in this process and print what was found as JSON."""
    pairs, runs = asked(queries, reviews)
    with tempfile.TemporaryDirectory() as name:
        begun, worked = time.perf_counter(), time.process_time()
        words, sentence = ENGINES[engine](Path(name), texts(number, reviews))
        told: dict[str, object] = {"index": time.perf_counter() - begun, "index_cpu": time.process_time() - worked}
        few = runs[:40] if engine == "fts5" and number > 200_000 else runs
        told |= {"pairs": timed(words, pairs), "runs": timed(sentence, few)}
        told["disk"] = sum(file.stat().st_size for file in Path(name).rglob("*") if file.is_file()) / 1e6
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(json.dumps(told))


def generation(number: int, reviews: bool) -> float:
    """Return how long it takes to make the texts, which is taken off the time of every index."""
    begun = time.perf_counter()
    for _ in texts(number, reviews):
        pass
    return time.perf_counter() - begun


def row(engine: str, found: dict, making: float) -> str:
    """Return one line of the table."""
    pairs, runs = found["pairs"], found["runs"]
    return (
        f"{engine:<9}{max(found['index'] - making, 0):>8.1f}{found['index_cpu']:>8.1f}{found['disk']:>8.0f}{found['memory']:>8.0f}"
        f"{pairs['p50']:>9.2f}/{pairs['p95']:<8.2f}{pairs['cpu50']:>8.2f}/{pairs['cpu95']:<7.2f}{runs['p50']:>10.2f}/{runs['p95']:<8.2f}{runs['cpu50']:>8.2f}/{runs['cpu95']:<7.2f}"
        f"{pairs['answered']:>7.0%}{runs['answered']:>6.0%}"
    )


def main() -> None:
    """Run every engine at every size and print the table, with the bars for a million texts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--reviews", action="store_true")
    parser.add_argument("--one", nargs=2)
    told = parser.parse_args()
    if told.one:
        one(told.one[0], int(told.one[1]), told.queries, told.reviews)
        return
    if told.reviews and not REVIEWS.is_dir():
        sys.exit("The review set is not beside the repository.")
    for number in map(int, told.sizes.split(",")):
        making = generation(number, told.reviews)
        print(f"\n{number:,} texts ({'reviews' if told.reviews else 'pseudo-complaints'}; making them took {making:.0f} s, taken off), "
              f"load {os.getloadavg()[0]:.1f}\n{'':<9}{'index s':>8}{'cpu s':>8}{'MB':>8}{'RSS MB':>8}{'two words p50/p95':>18}{'cpu p50/p95':>16}"
              f"{'sentence p50/p95':>19}{'cpu p50/p95':>16}{'answered':>13}")  # fmt: skip
        results = {}
        for engine in told.engines.split(","):
            flags = ["--queries", str(told.queries), *(["--reviews"] if told.reviews else [])]
            done = subprocess.run(
                [sys.executable, __file__, "--one", engine, str(number), *flags], capture_output=True, text=True
            )
            if done.returncode:
                print(f"{engine:<9} failed: {done.stderr.strip().splitlines()[-1]}")
                continue
            results[engine] = json.loads(done.stdout)
            print(row(engine, results[engine], making), flush=True)
        ratios(results)


def ratios(results: dict[str, dict]) -> None:
    """Print how often slower the others are than ours."""
    if "ours" not in results:
        return
    mine = results["ours"]
    for engine, other in results.items():
        if engine != "ours":
            said = ", ".join(f"{what} {other[what]['p95'] / mine[what]['p95']:.1f}x" for what in ("pairs", "runs"))
            print(
                f"  {engine} beside ours: p95 {said}, memory {other['memory'] / mine['memory']:.1f}x, disk {other['disk'] / mine['disk']:.1f}x"
            )


if __name__ == "__main__":
    main()
