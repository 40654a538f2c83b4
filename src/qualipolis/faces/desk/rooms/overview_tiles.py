"""The eight tiles of the loop: a sentence with its number, six years with their band, and what has to be decided."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.assess import page_queries
from qualipolis.city.assess.page_queries import CityYear
from qualipolis.city.assess.queries import Overview, Ranking, book
from qualipolis.faces.desk import charts, loop, parts
from qualipolis.faces.desk.templatetags.desk import span

# stop of the loop -> the indicator that speaks for it
SPEAKERS = {"supervise": "PQ01", "listen": "SR01", "diagnose": "EF03", "build": "MB02", "govern": "GV01"}


def tiles(seen: Overview, ranked: Ranking) -> list[parts.Tile]:
    """Return one tile for each stop, in the order of the loop."""
    year = page_queries.year_of(ranked.release)
    series = page_queries.city_years(SPEAKERS.values())
    made = []
    for stage in loop.STAGES:
        if stage.slug == "measure":
            made.append(_measure(seen, [one for one in page_queries.collected() if one.year <= year]))
        elif stage.slug == "assess":
            made.append(_assess(seen, [one for one in page_queries.mean_scores() if one.year <= year]))
        elif stage.slug in SPEAKERS:
            code = SPEAKERS[stage.slug]
            made.append(_indicator(stage.slug, code, [one for one in series[code] if one.year <= year], seen))
        else:
            made.append(_closed(stage.slug))
    return made


def _closed(slug: str) -> parts.Tile:
    sentence = _("This stage is not open yet; no number is shown for it.")
    return parts.Tile(slug, sentence, parts.Chip("idle", _("not open")), evidence=_("It starts with its own room."))


def _spark(points: list[CityYear], digits: int, unit: str, label: str) -> SafeString | str:
    known = [one for one in points if one.value is not None]
    if len(known) < 2:
        return ""
    banded = any(one.low is not None for one in points)
    return charts.sparkline(
        [one.value for one in points],
        label=label,
        low=[one.low for one in points] if banded else None,
        high=[one.high for one in points] if banded else None,
        first=f"{known[0].value:.{digits}f}",
        last=f"{known[-1].value:.{digits}f}{unit}",
    )


def _period(points: list[CityYear]) -> str:
    return span(points[0].year, points[-1].year)


def _measure(seen: Overview, points: list[CityYear]) -> parts.Tile:
    now = points[-1]
    if now.value is None or now.n is None:
        return _closed("measure")
    gone = round(now.n * (1 - now.value / 100))
    second = ngettext("%(n)s is missing, with its reason.", "%(n)s are missing, each with its reason.", gone) % {
        "n": gone
    }
    number = format_html("<b>{}%</b>", f"{now.value:.1f}")
    sentence = format_html(_("Collected: {number} of the observations,<br>{second}"), number=number, second=second)
    evidence = _("%(known)s of %(all)s observations, a full count, %(period)s") % {
        "known": f"{now.n - gone:,.0f}", "all": f"{now.n:,.0f}", "period": _period(points),
    }  # fmt: skip
    chip = (
        parts.Chip("warn", ngettext("%(n)s missing", "%(n)s missing", gone) % {"n": gone})
        if gone
        else parts.Chip("ok", _("complete"))
    )
    chart = _spark(points, 1, "%", _("Share of observations with a value, by year"))
    return parts.Tile(
        "measure",
        sentence,
        chip,
        chart,
        evidence,
        _("How to close the gaps"),
        loop.address("desk:rounds") or reverse("desk:stage", args=["measure"]),
    )


def _assess(seen: Overview, points: list[CityYear]) -> parts.Tile:
    tiers = len(seen.tiers)
    number = format_html("<b>{}</b>", tiers)
    sentence = format_html(
        _("{units} units stand in {number} tiers;<br>within a tier no order can be told."),
        units=f"{seen.units:,}",
        number=number,
    )
    now = points[-1]
    evidence = _("Mean of all units %(mean)s points, n = %(n)s, %(period)s") % {
        "mean": f"{now.value:.1f}" if now.value is not None else "—", "n": f"{seen.units:,}", "period": _period(points),
    }  # fmt: skip
    chart = _spark(points, 1, "", _("Mean score of all units, by year"))
    chip = parts.Chip("same", ngettext("%(n)s tier", "%(n)s tiers", tiers) % {"n": tiers})
    last = sum(1 for card in seen.cards if card.grade == "D")
    ask = ngettext("What %(n)s unit with grade D needs", "What %(n)s units with grade D need", last) % {"n": last}
    return parts.Tile(
        "assess", sentence, chip, chart, evidence, ask if last else _("Look at the ranking"), reverse("desk:ranking")
    )


def _sentences() -> dict[str, str]:
    return {
        "supervise": _("Of the randomly sampled batches {number} passed;<br>{second}"),
        "listen": _("Complaints for 10,000 people: {number};<br>{second}"),
        "diagnose": _("Of the closed product cases {number} were cured;<br>{second}"),
        "build": _("Of the above-scale firms {number} have a chief quality officer;<br>{second}"),
        "govern": _("Of the quality tasks {number} were done on time;<br>{second}"),
    }


def _indicator(slug: str, code: str, points: list[CityYear], seen: Overview) -> parts.Tile:
    now = points[-1] if points else None
    if now is None or now.value is None or seen.release is None:
        return _closed(slug)
    fact = book(seen.release).nodes[code]
    percent = fact.proportion
    before = points[-2] if len(points) > 1 and points[-2].value is not None else None
    chip, second = _change(now, before, fact.direction)
    number = format_html("<b>{}{}</b>", f"{now.value:.1f}", "%" if percent else "")
    sentence = format_html(_sentences()[slug], number=number, second=second)
    if now.low is not None and now.high is not None:
        evidence = _("95 %% interval %(interval)s, n = %(n)s, %(period)s") % {
            "interval": span(f"{now.low:.1f}", f"{now.high:.1f}"), "n": f"{now.n or 0:,.0f}", "period": _period(points),
        }  # fmt: skip
    else:
        evidence = _("%(unit)s, a full count, %(period)s") % {"unit": fact.unit, "period": _period(points)}
    url = f"{reverse('desk:indicator', args=[code])}?year={now.year}"
    chart = _spark(points, 1, "%" if percent else "", f"{fact.name}")
    return parts.Tile(slug, sentence, chip, chart, evidence, _weakest(seen, code), url)


def _change(now: CityYear, before: CityYear | None, direction: int) -> tuple[parts.Chip | None, str]:
    """A change of a proportion is named only when last year's value lies outside this year's interval."""
    if before is None or before.value is None or now.value is None:
        return None, _("there is no earlier year.")
    was = {"year": before.year, "value": f"{before.value:.1f}"}
    if now.low is not None and now.high is not None and now.low <= before.value <= now.high:
        return parts.Chip("same", _("as in %(year)s") % was), _("the change is within the error.")
    if f"{now.value:.1f}" == f"{before.value:.1f}":
        return parts.Chip("same", _("as in %(year)s") % was), _("the same as the year before.")
    rising = now.value > before.value
    words = _("it was %(value)s in %(year)s.") % was
    better = rising == (direction >= 0)
    icon = "trending-up" if rising else "trending-down"
    return parts.Chip("ok" if better else "warn", _("better") if better else _("worse"), icon), words


def _weakest(seen: Overview, code: str) -> str:
    """What the number asks for: the unit that scores lowest on it, or how many share the last place."""
    release: Any = seen.release
    read = book(release)
    scores = {card.unit: read.at("score", card.unit, code) for card in seen.cards}
    known = [score for score in scores.values() if score is not None]
    if not known:
        return _("Look at the units")
    last = [card for card in seen.cards if scores[card.unit] == min(known)]
    if len(last) == 1:
        return _("How to help %(unit)s, the lowest here") % {"unit": last[0].name}
    return ngettext("How to help the %(n)s lowest unit", "How to help the %(n)s lowest units", len(last)) % {
        "n": len(last)
    }
