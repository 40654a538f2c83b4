"""How scenarios are shown: the choices of the form, the tree of weights, and the results side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qualipolis.city.assess.analysis_basis import Basis, Bilingual, Floats, unit_names
from qualipolis.city.assess.analysis_lists import named
from qualipolis.city.assess.analysis_robustness import places_apart
from qualipolis.city.assess.analysis_scenarios import CHOICES, Outcome, Scenario
from qualipolis.city.assess.lists import rank_word
from qualipolis.city.assess.models import Assessment
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import exports, written
from qualipolis.faces.desk.rooms.run.frame import PER_PAGE, city_choice
from qualipolis.methods.problems import Problem

MOST_LINES = 60
MOST_WITH_SCORES = 2


def field_words() -> dict[str, str]:
    """Return the name of each choice."""
    return {
        "scale": _("Values become points"),
        "start": _("The scale begins at"),
        "mean": _("Points are added up"),
        "treat": _("Outliers"),
        "impute": _("Missing values"),
    }


def choice_words() -> dict[str, dict[str, str]]:
    """Return the words of each value of each choice; the first is as in the run."""
    return {
        "scale": {
            "goalposts": _("between the goalposts"),
            "minmax": _("between lowest and highest unit"),
            "percentile": _("by percentile"),
            "zscore": _("in standard deviations (z-score)"),
            "rank": _("by rank"),
        },
        "start": {"0": "0", "1": "1"},
        "mean": {
            "arithmetic": _("arithmetic mean: strengths make up fully"),
            "geometric": _("geometric mean: only in part"),
            "harmonic": _("harmonic mean: even less"),
            "mazziotta_pareto": _("Mazziotta-Pareto: imbalance costs points"),
            "minimum": _("the weakest part counts"),
            "copeland": _("Copeland: unit against unit"),
        },
        "treat": {
            "none": _("left as they are"),
            "winsorise": _("pulled in (winsorised)"),
            "winsorise_log": _("pulled in, else logarithm"),
        },
        "impute": {
            "none": _("weight shared out among the rest"),
            "mean": _("mean of the units"),
            "median": _("median of the units"),
            "group_median": _("median of the peer group"),
            "regression": _("regression on the others"),
        },
    }


def beginnings() -> list[Scenario]:
    """Return what people ask first, ready to be looked at."""
    return [
        Scenario(_("Strengths make up less: geometric mean"), start="1", mean="geometric"),
        Scenario(_("Points from lowest to highest unit"), scale="minmax"),
        Scenario(_("Unit against unit: Copeland"), mean="copeland"),
    ]


def fields(current: Scenario) -> list[dict[str, Any]]:
    """Return the choices of the form."""
    names, words = field_words(), choice_words()
    return [
        {
            "key": key, "label": names[key],
            "options": [(value, words[key][value], getattr(current, key) == value) for value in values],
        }
        for key, values in CHOICES.items()
    ]  # fmt: skip


def tree(base: Basis, names: Mapping[str, Bilingual], current: Scenario) -> list[dict[str, Any]]:
    """Return the aggregates with their children's weights: as they are, and as the scenario has them."""
    framework = base.result.framework
    found = []
    for parent in reversed(framework.upward):
        children = framework.children(parent)
        if len(children) < 2:
            continue
        rows = [
            {
                "code": code, "name": named(names, code), "weight": f"{current.weights.get(code, framework.node(code).weight):g}",
                "was": f"{framework.node(code).weight:g}", "changed": code in current.weights,
            }
            for code in children
        ]  # fmt: skip
        changed = sum(row["changed"] for row in rows)
        low, top = framework.node(parent).level <= 2, parent in framework.roots
        found.append(
            {"name": named(names, parent), "rows": rows, "changed": changed, "open": top or changed, "low": low}
        )
    return sorted(found, key=lambda group: group["low"])


def differs(scenario: Scenario) -> list[str]:
    """Return what differs from the run, in words."""
    names, words, plain = field_words(), choice_words(), Scenario()
    told = [
        _("%(what)s: %(how)s") % {"what": names[key], "how": words[key][getattr(scenario, key)]}
        for key in CHOICES
        if getattr(scenario, key) != getattr(plain, key)
    ]
    if scenario.weights:
        count = len(scenario.weights)
        told.append(ngettext("%(n)s weight changed", "%(n)s weights changed", count) % {"n": count})
    return told or [_("as in the run")]


def problems(result: Outcome, names: Mapping[str, Bilingual]) -> list[str]:
    """Return the problems in words, one for each kind: forty indicators with the same fault are said once."""
    counts = Counter(problem.code for problem in result.problems)
    first: dict[str, Problem] = {}
    for problem in result.problems:
        first.setdefault(problem.code, problem)
    remedies = {
        "zero_geometric": _("Let the scale begin at 1, or choose another mean."),
        "zscore_geometric": _("Choose another scale or another mean."),
    }
    told = []
    for code, problem in first.items():
        remedy = remedies.get(code, "") if problem.severity == "error" else ""
        params = {
            key: named(names, value) if isinstance(value, str) else value for key, value in problem.params.items()
        }
        words = Problem(code, problem.what, "" if remedy else problem.remedy, params).text(_)
        more = counts[code] - 1
        if more:
            words += ngettext(" (and %(n)s more)", " (and %(n)s more)", more) % {"n": more}
        told.append(f"{words} {remedy}".strip())
    return told


def results(
    request: HttpRequest,
    made: Assessment,
    base: Basis,
    told: Sequence[Scenario],
    words: Sequence[str],
    outcomes: Sequence[Outcome],
) -> dict[str, Any]:
    """Return the comparison: one line for each scenario, one for each unit, and the lines of ranks."""
    good = [(word, one) for word, one in zip(words, outcomes, strict=True) if not one.refused]
    inside, places = city_choice(request, every=False)
    result = base.result
    ranks = result.ranks(base.root)
    order = [int(i) for i in np.argsort(ranks, kind="stable") if not np.isnan(ranks[i])]
    shown = [i for i in order if inside is None or result.units[i] in inside]
    names = unit_names(result.units)
    on_page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    for key in ("page", "at", "view", "unit", "city"):
        query.pop(key, None)
    return {
        **places,
        "page": on_page,
        "summary": _summary(good, len(order)) if good else None,
        "table": _table(base, good, list(on_page), names),
        "slopes": _slopes(request, base, good, list(on_page), names) if good else "",
        "heading": finding(good),
        "exports": exports("scenarios", f"run={made.pk}&{query.urlencode()}", len(order)),
    }


def finding(good: Sequence[tuple[str, Outcome]]) -> str:
    """Return the finding that stands as the title of the page."""
    if not good:
        return _("What if the weights or the method were different")
    word, far = max(good, key=lambda pair: pair[1].furthest)
    if not far.furthest:
        return _("No rank changes in any scenario")
    if len(good) == 1:
        return _("%(name)s: %(n)s ranks change, by %(far)s places at most") % {
            "name": word,
            "n": far.moved,
            "far": far.furthest,
        }
    return _("Ranks change most under %(name)s: %(n)s of them, by %(far)s places at most") % {
        "name": word, "n": far.moved, "far": far.furthest,
    }  # fmt: skip


def _summary(good: Sequence[tuple[str, Outcome]], units: int) -> parts.Table:
    far = places_apart(units)
    cells = [
        {
            "name": word, "moved": f"{one.moved:,}", "far": f"{int((np.nan_to_num(np.abs(one.change)) > far).sum()):,}",
            "most": one.furthest, "ranks": _r(one.of_ranks), "scores": _r(one.of_scores),
            "gone": int(np.isnan(one.ranks).sum()) or None,
        }
        for word, one in good
    ]  # fmt: skip
    columns = [
        parts.Column("name", _("Scenario"), title=True),
        parts.Column("moved", _("ranks that change"), numeric=True),
        parts.Column("far", _("by more than %(n)s places") % {"n": far}, numeric=True),
        parts.Column("most", _("furthest"), numeric=True),
        parts.Column("ranks", _("correlation of the ranks"), numeric=True),
        parts.Column("scores", _("of the scores"), numeric=True),
    ]
    if any(cell["gone"] for cell in cells):
        columns.append(parts.Column("gone", _("units without a score"), numeric=True))
    return parts.Table(_("Each scenario against the ranks of the run"), columns, cells)


def _r(value: float | None) -> str | None:
    return None if value is None else f"{value:.3f}".replace("-", "−")


def _table(
    base: Basis, good: Sequence[tuple[str, Outcome]], shown: Sequence[int], names: Mapping[str, Bilingual]
) -> parts.Table:
    result = base.result
    ranks, scores = result.ranks(base.root), result.score(base.root)
    columns = [
        parts.Column("rank", _("Rank"), numeric=True), parts.Column("name", pgettext("place", "Unit"), title=True),
        parts.Column("score", _("Score"), numeric=True),
    ]  # fmt: skip
    for k, (word, _one) in enumerate(good):
        columns.append(parts.Column(f"r{k}", word, numeric=True))
        if len(good) <= MOST_WITH_SCORES:
            columns.append(parts.Column(f"s{k}", _("score there"), numeric=True))
        columns.append(parts.Column(f"d{k}", _("change"), numeric=True))
    official, others = ranked(ranks), [ranked(one.ranks) for _word, one in good]
    cells = []
    for i in shown:
        cell = {"rank": official[i], "name": named(names, result.units[i]), "score": written(scores[i])}
        for k, (_word, one) in enumerate(good):
            known = not np.isnan(one.ranks[i])
            score, move = (written(one.scores[i]), _move(one.change[i])) if known else (None, None)
            cell |= {f"r{k}": others[k][i], f"s{k}": score, f"d{k}": move}
        cells.append(cell)
    note = _(
        "The official rank, then the rank in each scenario and how many places it moves up (+) or down (−). Before bonus points."
    )
    return parts.Table(_("Ranks side by side"), columns, cells, zebra=True, note=note)


def ranked(ranks: Floats) -> list[str | None]:
    """Return ranks as a table writes them, ties as ties.

    >>> ranked(np.array([1.0, 2.0, 2.0, np.nan]))
    ['1', '2=', '2=', None]
    """
    counts = Counter(ranks.tolist())
    return [None if rank != rank else rank_word(int(rank), counts[rank] > 1) for rank in ranks.tolist()]


def _move(change: float) -> str:
    return "0" if not change else charts.signed(change, 0)


def _slopes(
    request: HttpRequest,
    base: Basis,
    good: Sequence[tuple[str, Outcome]],
    shown: Sequence[int],
    names: Mapping[str, Bilingual],
) -> Any:
    """Ranks as lines; of many units those that move furthest. The chosen unit, or the one that moves most, is strong."""
    ranks = base.result.ranks(base.root)
    reach = np.max([np.nan_to_num(np.abs(one.change)) for _word, one in good], axis=0)
    kept = sorted(sorted(shown, key=lambda i: -reach[i])[:MOST_LINES], key=lambda i: ranks[i])
    if not kept:
        return ""
    wanted = request.GET.get("unit", "")
    strong = next((i for i in kept if base.result.units[i] == wanted), max(kept, key=lambda i: reach[i]))
    lines = [
        charts.Slope(
            named(names, base.result.units[i]),
            [float(ranks[i]), *(None if np.isnan(one.ranks[i]) else float(one.ranks[i]) for _word, one in good)],
            strong=i == strong,
        )
        for i in kept
    ]
    heads = [_("official"), *(word for word, _one in good)]
    label = _("Ranks of %(n)s units in the official result and in each scenario; %(name)s moves furthest.") % {
        "n": len(lines), "name": named(names, base.result.units[strong]),
    }  # fmt: skip
    return charts.slopes(lines, heads, label=label)
