"""How robust the ranks are, and what other pipelines give, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator

from qualipolis.lake.audit.figures import bar
from qualipolis.lake.audit.markup import cell, paragraph, plain, row, say, table, told
from qualipolis.lake.audit.results import unit_name, whole
from qualipolis.lake.release.comparison import THIS
from qualipolis.lake.release.compute import Assessment
from qualipolis.lake.release.format import COMPARISON, CORRELATION, SENSITIVITY
from qualipolis.lake.release.robustness import Robustness
from qualipolis.lake.release.wording.varied import factor_name
from qualipolis.methods.problems import msg

LEADS = (
    msg("How much of the movement of the ranks each assumption explains: alone, and together with the others."),
    msg(
        "Ranks moved %(mean)s places on average. %(runs)s runs, %(failed)s failed and were left out with their whole row; "
        "intervals hold 90%%."
    ),
)
EXACT = msg("All %(runs)s combinations of the choices were run: the exact column has no sampling error.")


def robustness(assessment: Assessment) -> str:
    """Return the indices of the assumptions with their intervals."""
    found = assessment.robustness
    if found is None:
        return ""
    sampled = found.sampled
    words = {"mean": f"{sampled.mean:.2f}", "runs": sampled.runs, "failed": sampled.failed}
    lines = [paragraph(say(LEADS[0]), "lead"), indices(assessment, found), paragraph(say(LEADS[1], **words))]
    lines.append(paragraph(told(sampled.statement().text)))
    if found.exact is not None:
        lines.append(paragraph(say(EXACT, runs=found.exact.runs)))
    lines.append(
        paragraph(say(msg("Source: %(source)s"), source="Saltelli et al. (2008); Janon et al. (2014)"), "source")
    )
    return "\n".join(lines)


def indices(assessment: Assessment, found: Robustness) -> str:
    """Return one row for each assumption."""
    exact = found.exact is not None
    heads = [(say(msg("Assumption")), ""), (say(msg("Alone")), "num"), (say(msg("90%% interval")), "num")]
    heads += [(say(msg("Exact")), "num")] if exact else []
    heads += [(say(msg("With others")), "num"), (say(msg("90%% interval")), "num")]
    heads += [(say(msg("Exact")), "num")] if exact else []
    heads += [(say(msg("Share with others, 0 to 100%%")), "bar")]
    return table(heads, index_rows(assessment, found), name="stack")


def index_rows(assessment: Assessment, found: Robustness) -> Iterator[str]:
    """Yield the row of each assumption, from its table of numbers."""
    for factor, line in zip(assessment.factors, found.tables[SENSITIVITY].iter_rows(named=True), strict=True):
        cells = [cell(told(factor_name(factor, assessment.result.framework).said), "name")]
        for kind, head in (("first", msg("Alone")), ("total", msg("With others"))):
            ends = f"{share(line[f'{kind}_low'])} – {share(line[f'{kind}_high'])}"
            cells.append(cell(share(line[kind]), "num", head=head))
            cells.append(cell(ends, "num", head=msg("90%% interval")))
            if found.exact is not None:
                cells.append(cell(share(line[f"{kind}_exact"]), "num", head=msg("Exact")))
        cells.append(cell(bar(line["total"], line["total_low"], line["total_high"]), "bar"))
        yield row(cells)


def share(value: float | None) -> str:
    """Return a share as a percentage with one decimal.

    >>> share(0.9123), share(-0.016), share(None)
    ('91.2%', '−1.6%', '—')
    """
    return "—" if value is None or value != value else f"{100 * value:.1f}%".replace("-", "−")


def comparison(assessment: Assessment) -> str:
    """Return how other pipelines rank the units, and how far they agree."""
    found = assessment.comparison
    if found is None:
        return ""
    lead = say(
        msg("The same tables through other pipelines. A rank that every pipeline gives does not hang on the method.")
    )
    return "\n".join([paragraph(lead, "lead"), agreement(assessment), side_by_side(assessment)])


def agreement(assessment: Assessment) -> str:
    """Return the correlation of each other pipeline with this one, on the top of each tree."""
    assert assessment.comparison is not None
    frame = assessment.comparison.tables[CORRELATION]
    roots = set(assessment.result.framework.roots)
    heads = [(say(msg("Pipeline")), ""), (say(msg("Node")), ""), (say(msg("Units assessed")), "num")]
    heads += [(say(msg("Correlation of ranks")), "num"), (say(msg("Correlation of scores")), "num")]
    rows = [
        row(
            [
                cell(plain(line["pipeline"]), "name"),
                cell(plain(line["node"])),
                cell(str(line["n"]), "num"),
                cell(number(line["of_ranks"], 3), "num"),
                cell(number(line["of_scores"], 3), "num"),
            ]
        )
        for line in frame.iter_rows(named=True)
        if line["node"] in roots
    ]
    return table(heads, rows)


def side_by_side(assessment: Assessment) -> str:
    """Return the ranks of all pipelines, those first that differ most."""
    assert assessment.comparison is not None
    frame = assessment.comparison.tables[COMPARISON]
    names = [column.removeprefix("rank:") for column in frame.columns if column.startswith("rank:")]
    heads = [(say(msg("Unit")), "")]
    heads += [(say(msg("This release")) if name == THIS else plain(name), "num") for name in names]
    heads += [(say(msg("Places apart")), "num")]
    lines = []
    for line in frame.filter(frame["node"] == assessment.result.framework.roots[0]).iter_rows(named=True):
        ranks = [line[f"rank:{name}"] for name in names]
        known = [rank for rank in ranks if rank is not None]
        apart = max(known) - min(known) if known else 0.0
        shown = [cell("—" if rank is None else whole(rank), "num") for rank in ranks]
        named = unit_name(assessment.tables.data.names.get(line["unit"], ""), line["unit"])
        lines.append((-apart, ranks[0] or 0.0, row([cell(named, "name"), *shown, cell(whole(apart), "num")])))
    return table(heads, [text for *_, text in sorted(lines, key=lambda one: one[:2])])


def number(value: float | None, digits: int) -> str:
    """Return a number, a dash where there is none."""
    return "—" if value is None or value != value else f"{value:.{digits}f}".replace("-", "−")
