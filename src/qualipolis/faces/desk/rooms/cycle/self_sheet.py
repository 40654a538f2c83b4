"""What stands on a self-evaluation: each item with its own and computed score, words, files, and its form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from qualipolis.city.assess import queries
from qualipolis.city.assess.models import NodeScore, SelfEvaluation
from qualipolis.city.assess.queries import ItemLine, SelfEvaluationPage
from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.policy import can, visible
from qualipolis.faces.desk.rooms.cycle.self import LARGE, OWED
from qualipolis.faces.desk.rooms.cycle.town import EvidenceForm, files_behind, gap_words, score
from qualipolis.faces.desk.rooms.measure.pieces import NumberField
from qualipolis.lake.cells import plain

SUMMARY = {
    "strengths": gettext_lazy("What went well"),
    "shortcomings": gettext_lazy("Problems"),
    "measures": gettext_lazy("Measures for the next year"),
}


class ItemForm(EvidenceForm):
    """What a unit says about one item."""

    field_order = ("score", "words", "file")

    score = NumberField(
        label=gettext_lazy("Own score"),
        widget=forms.NumberInput(attrs={"min": "0", "max": "100", "step": "any", "inputmode": "decimal"}),
    )
    words = forms.CharField(
        label=gettext_lazy("What it rests on"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_score(self) -> float | None:
        """0 to 100, in words where it is not."""
        value = self.cleaned_data["score"]
        if value is not None and not 0 <= value <= 100:
            raise forms.ValidationError(_("Give 0 to 100."))
        return value


class SummaryForm(forms.Form):
    """The three parts of the summary."""

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        for name, label in SUMMARY.items():
            area = forms.Textarea(attrs={"rows": 4})
            self.fields[name] = forms.CharField(label=label, required=False, max_length=4000, widget=area)


@dataclass
class Entry:
    """One item on the page: the line of the query, its form while it can be written, files, last year's score."""

    line: ItemLine
    name: str
    form: ItemForm
    files: list[Attachment] = field(default_factory=list)
    last: str = "—"

    @property
    def anchor(self) -> str:
        """Where on the page it stands."""
        return f"i{self.line.item.pk}"

    @property
    def shown(self) -> dict[str, str]:
        """The figures beside each other, as they are read."""
        one = self.line
        return {
            "own": score(one.own),
            "computed": score(one.computed),
            "gap": gap_words(one.gap),
            "last": self.last,
            "weight": f"{100 * one.weight:.1f}",
        }

    @property
    def wide(self) -> bool:
        """Whether own and computed score lie far apart."""
        return self.line.gap is not None and abs(self.line.gap) >= LARGE

    @property
    def lacks(self) -> str:
        """What is still missing, in words."""
        if self.line.own is None:
            return _("score missing")
        return "" if self.line.item.words.strip() else _("words missing")

    @property
    def lacking_field(self) -> str:
        """The field where it is put right."""
        return str(self.form["score" if self.line.own is None else "words"].id_for_label)


@dataclass
class Sheet:
    """A self-evaluation as its page needs it."""

    row: SelfEvaluation
    found: SelfEvaluationPage
    entries: list[Entry]
    summary: SummaryForm
    writable: bool

    @property
    def missing(self) -> list[Entry]:
        """The first items that lack something."""
        return [one for one in self.entries if one.lacks][:6]

    @property
    def lacking(self) -> list[str]:
        """What has to be there before it can be signed."""
        items = sum(bool(one.lacks) for one in self.entries)
        parts_ = sum(not getattr(self.row, name).strip() for name in SUMMARY)
        found = []
        if items:
            found.append(ngettext("%(n)s item", "%(n)s items", items) % {"n": items})
        if parts_:
            found.append(ngettext("%(n)s part of the summary", "%(n)s parts of the summary", parts_) % {"n": parts_})
        return found


def draft_key(row: SelfEvaluation) -> str:
    """Return the name under which the text is kept."""
    return f"assess.self:{row.pk}"


def row_for(user: Any, pk: int) -> SelfEvaluation:
    """Return the self-evaluation that somebody may see."""
    rows = SelfEvaluation.objects.select_related("unit__government", "round__set", "submitted_by", "accepted_by")
    return get_object_or_404(visible(user, rows), pk=pk)


def sheet_of(user: Any, row: SelfEvaluation, data: Any = None, files: Any = None) -> Sheet:
    """Read everything about a self-evaluation, in a fixed number of queries."""
    found = queries.self_evaluation_page(user, row)
    writable = row.status in OWED and can(user, "assess.save_self_evaluation", row)
    behind = files_behind({line.item.pk: name_of(line.item) for line in found.items})
    last = _last_year(row)
    entries = []
    for line in found.items:
        item = line.item
        initial = {"score": plain(item.score), "words": item.words}
        form = ItemForm(data if writable else None, files if writable else None, prefix=f"i{item.pk}", initial=initial)
        before = score(last.get(item.node))
        entries.append(Entry(line, _name(line), form, behind[item.pk], before))
    said = {name: getattr(row, name) for name in SUMMARY}
    return Sheet(row, found, entries, SummaryForm(data if writable else None, said), writable)


def _name(line: ItemLine) -> str:
    zh = (get_language() or "zh").startswith("zh")
    return (line.name_zh if zh else line.name_en) or line.name_zh


def _last_year(row: SelfEvaluation) -> dict[str, float]:
    """The published scores of the unit for the year before, by node."""
    release = queries.releases_by_year().get(row.round.set.year - 1)
    if release is None:
        return {}
    rows = NodeScore.objects.filter(card__assessment=release.assessment_id, card__unit=row.unit_id)
    return dict(rows.filter(score__isnull=False).order_by().values_list("node", "score"))


def form_errors(sheet: Sheet) -> list[tuple[str, str]]:
    """Return (id of the field, words) of everything that is wrong on the sheet."""
    found = []
    for entry in sheet.entries:
        for name, words in entry.form.errors.items():
            found += [(entry.form[name].id_for_label, f"{entry.name}{_(': ')}{one}") for one in words]
    for name, words in sheet.summary.errors.items():
        found += [(sheet.summary[name].id_for_label, f"{sheet.summary[name].label}{_(': ')}{one}") for one in words]
    return found
