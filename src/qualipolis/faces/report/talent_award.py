"""The feedback report of an applicant for the quality award as PDF: every item as it counts, its band, where to begin."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import override

from qualipolis.city.core.moves import state_words
from qualipolis.city.core.queries import city
from qualipolis.city.talent.awards.summing import current
from qualipolis.city.talent.models import AwardApplication
from qualipolis.faces.report.handling_paper import Paper, render_paper
from qualipolis.faces.report.listening_recall import DASH, LANGUAGES, bureau, city_name, notes, shown
from qualipolis.faces.report.words import Lang
from qualipolis.law.talent.excellence import CATEGORIES, ITEMS, Item, band_of

FIRST = 5


def feedback(row: AwardApplication, lang: str) -> bytes:
    """Return the feedback report in ``lang`` (zh or en); it names no reviewer, and the same sum gives the same bytes.

    Raises
    ------
    InputError : a character of its words has no shape in the fonts
    """
    with override(LANGUAGES[lang]):
        return render_paper(_paper(row, cast(Lang, lang)))


def _paper(row: AwardApplication, lang: Lang) -> Paper:
    here, name, run = city(), city_name(lang), current(row)
    day = row.granted_on or (run.made_at.date() if run else row.round.apply_until)
    return Paper(
        lang, name, bool(here and here.synthetic), _("Feedback report on the quality award"), row.number,
        _("To %(firm)s:") % {"firm": row.enterprise.name}, _paragraphs(row, run), facts=_facts(row, run),
        signed=[bureau(name), shown(day)], notes=notes(lang, True), created_at=datetime.combine(day, time(4), UTC),
    )  # fmt: skip


def _counts(run: Any) -> dict[str, float | None]:
    return {one["item"]: one["counts"] for one in run.items} if run else {}


def _name(item: Item) -> str:
    return f"{item.code} {_(item.name)}"


def _paragraphs(row: AwardApplication, run: Any) -> list[str]:
    said = {"round": row.round.name, "state": state_words(row), "n": len(run.sheets) if run else 0}
    found = [
        _("Thank you for taking part in %(round)s. Your application: %(state)s. %(n)s reviewers scored it, each alone.")
        % said
    ]
    known = [(score, item) for item in ITEMS if (score := _counts(run).get(item.code)) is not None]
    for score, item in sorted(known, key=lambda one: (one[0], one[1].code))[:FIRST]:
        band = band_of(score)
        looks = band.result if item.kind == "result" else band.process
        found.append(
            _("Where to begin, %(item)s (%(score)s %%): %(looks)s")
            % {"item": _name(item), "score": f"{score:g}", "looks": _(looks)}
        )
    found.append(
        _("The scores speak of how the firm is run. They recommend no product, and may not be used in advertising.")
    )
    return found


def _facts(row: AwardApplication, run: Any) -> list[tuple[str, str]]:
    counts = _counts(run)
    found = [(_("Total"), f"{run.total:.1f} / 1000" if run and run.total is not None else DASH)]
    for category in CATEGORIES:
        scores = [(item, counts.get(item.code)) for item in category.items]
        known = [item.points * score / 100 for item, score in scores if score is not None]
        total = f"{sum(known):.1f} / {category.points}" if len(known) == len(scores) else DASH
        found.append((f"{category.code} {_(category.name)}", total))
        found += [(_name(item), f"{score:.1f} %" if score is not None else DASH) for item, score in scores]
    return found
