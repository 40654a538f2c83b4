"""The check-up in words and links: what an answer means, where a step leads, the picture of the areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.hospital.learning.check_up import Area, NextStep, Picture
from qualipolis.city.hospital.learning.check_up_questions import ANSWERS
from qualipolis.faces.desk.charts.bars import Bar, contributions
from qualipolis.faces.desk.loop import address, open_to

# what helps: words of the link and the pages that offer it, the first that this person may open
HELP: dict[str, tuple[Any, tuple[tuple[str, ...], ...]]] = {
    "officers": (gettext_lazy("How quality officers are filed"), (("desk:registry", "quality_officers"),)),
    "standards": (gettext_lazy("Look up standards"), (("desk:registry", "standards"),)),
    "institutions": (
        gettext_lazy("Find a laboratory or a technical institution"),
        (("desk:registry", "institutions"),),
    ),
    "wizard": (gettext_lazy("The instrument wizard of the hospital"), (("desk:hospital_instrument",),)),
    "knowledge": (gettext_lazy("What helped others"), (("desk:hospital_knowledge",), ("portal:hospital_cases",))),
    "register": (gettext_lazy("Ask an expert: register a case"), (("desk:case_new",),)),
}
LAST = (("desk:case_new",), ("portal:hospital",))
LEVELS = ((80.0, gettext_lazy("strong")), (60.0, gettext_lazy("sound")), (40.0, gettext_lazy("gaps")),
          (0.0, gettext_lazy("weak")))  # fmt: skip


@dataclass(frozen=True)
class StepWords:
    """A next step as the page and the paper show it."""

    first: str
    question: str
    answer: str
    help: str
    url: str


def steps(found: Sequence[NextStep], user: Any) -> list[StepWords]:
    """Return the next steps in words, each with a page that helps and that this person may open."""
    return [_step(one, user) for one in found]


def _step(one: NextStep, user: Any) -> StepWords:
    words, places = HELP[one.question.help]
    for place in places:
        url = address(place[0], *place[1:])
        if url and open_to(user, url):
            return StepWords(_(one.question.step), _(one.question.words), _(ANSWERS[str(one.answer)]), str(words), url)
    url = next((found for name, *rest in LAST if (found := address(name, *rest)) and open_to(user, found)), "")
    return StepWords(_(one.question.step), _(one.question.words), _(ANSWERS[str(one.answer)]),
                     _("Ask the product hospital"), url or reverse("core:home"))  # fmt: skip


def level(score: float | None) -> str:
    """Return a score in a word; what was not answered has none."""
    return next((str(words) for least, words in LEVELS if score is not None and score >= least), _("not answered"))


def areas_chart(found: Picture, before: Mapping[str, Area]) -> Any:
    """Return the bars of the areas on their scale from 0 to 100, with the check-up before in words."""
    rows = [Bar(_(one.name), one.score, note=_note(one, before.get(one.code)))
            for one in found.areas if one.score is not None]  # fmt: skip
    label = _("Share reached in each area, 0 to 100")
    return contributions(rows, label=label, digits=0, plus=False, scale=100.0) if rows else ""


def _note(one: Area, earlier: Area | None) -> str:
    if earlier is None or earlier.score is None or one.score is None:
        return ""
    moved = round(one.score) - round(earlier.score)
    return f"({'+' if moved > 0 else '−' if moved < 0 else '±'}{abs(moved)})"


def lead(found: Picture) -> str:
    """Return the check-up in one sentence: only of what was answered."""
    if found.score is None:
        return _("Nothing was answered.")
    said = {"score": f"{found.score:.0f}", "n": found.answered, "of": found.asked}
    if not found.enough:
        return (
            _("%(n)s of %(of)s questions answered: too few for a whole picture; the steps below stand all the same.")
            % said
        )
    return _("%(score)s of 100 over all, from %(n)s of %(of)s questions.") % said
