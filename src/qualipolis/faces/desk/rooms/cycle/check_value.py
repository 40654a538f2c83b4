"""One value on site: what stands on record about it, and what the checkers found."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess import service
from qualipolis.city.assess.models import SiteFinding
from qualipolis.city.core.attachments import may_read
from qualipolis.city.core.models import Attachment
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import FILES, EvidenceForm
from qualipolis.faces.desk.rooms.measure.observation import in_brackets
from qualipolis.faces.desk.rooms.measure.pieces import NumberField, figure, measured
from qualipolis.faces.desk.rooms.measure.tree import bilingual
from qualipolis.lake.cells import plain

Result = SiteFinding.Result
CHIPS = {
    "": ("idle", "circle-dashed"),
    Result.CONFIRMED: ("ok", "circle-check"),
    Result.NO_EVIDENCE: ("warn", "alert-triangle"),
    Result.DIFFERENT: ("warn", "git-compare"),
    Result.FALSIFIED: ("bad", "square-x"),
}
LABELS = {
    "numerator": gettext_lazy("Numerator found"),
    "denominator": gettext_lazy("Denominator found"),
    "value": gettext_lazy("Value found"),
}
CHOICES = (
    (Result.CONFIRMED, gettext_lazy("It agrees with the originals.")),
    (Result.NO_EVIDENCE, gettext_lazy("The originals could not be shown.")),
    (Result.DIFFERENT, gettext_lazy("The originals give another figure; write it down.")),
    (Result.FALSIFIED, gettext_lazy("Originals were made up or changed; write what shows it.")),
)


def result_chip(row: SiteFinding) -> parts.Chip:
    """Return what was found as a chip."""
    kind, icon = CHIPS[row.result]
    return parts.Chip(kind, str(row.get_result_display()) if row.result else _("no finding yet"), icon)


def draft_key(row: SiteFinding) -> str:
    """Return the name under which the text is kept."""
    return f"assess.finding:{row.pk}"


def parts_of(row: SiteFinding) -> tuple[str, ...]:
    """Return which figures an indicator is typed as."""
    kinds = {"count": ("numerator",), "median": ("value", "denominator")}
    return kinds.get(row.observation.indicator.kind, ("numerator", "denominator"))


class FindingForm(EvidenceForm):
    """What was found about one value, with a photograph or a copy."""

    field_order = ("do", "result", "words", "file")

    do = forms.CharField(widget=forms.HiddenInput, initial="finding")
    result = forms.ChoiceField(
        choices=Result.choices,
        label=gettext_lazy("Finding"),
        error_messages={"required": gettext_lazy("Say what was found.")},
    )
    words = forms.CharField(
        label=gettext_lazy("What was seen"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(
        label=gettext_lazy("Photograph or copy"),
        required=False,
        widget=forms.FileInput(attrs={"accept": f"image/*,{FILES}", "capture": "environment"}),
        help_text=gettext_lazy("Not needed when the value is confirmed."),
    )

    def __init__(self, row: SiteFinding, data: Any = None, files: Any = None) -> None:
        said = {"do": "finding", "result": row.result, "words": row.words}
        super().__init__(data, files, initial=said | {name: plain(getattr(row, name)) for name in parts_of(row)})
        self.row = row
        for name in parts_of(row):
            hint = bilingual(row.observation.indicator, name) if name != "value" else ""
            self.fields[name] = NumberField(label=LABELS[name], help_text=hint)

    @property
    def figures(self) -> list[Any]:
        """The fields of the figure that was found."""
        return [self[name] for name in parts_of(self.row)]

    @property
    def answers(self) -> list[tuple[str, str, str, bool]]:
        """The findings to choose from: value, name, explanation, whether it is chosen."""
        chosen = self["result"].value()
        return [(str(value), str(value.label), str(words), chosen == value) for value, words in CHOICES]

    def clean(self) -> dict[str, Any]:
        """Anything but a confirmation says what was seen; a different value is given."""
        said = super().clean() or {}
        result = said.get("result")
        if result and result != Result.CONFIRMED and not said.get("words", "").strip() and "words" not in self.errors:
            self.add_error("words", _("Write what was seen."))
        first = parts_of(self.row)[0]
        if result == Result.DIFFERENT and all(said.get(name) is None for name in parts_of(self.row)):
            self.add_error(first, _("Give the figure that was found."))
        return said


def keep(user: Any, row: SiteFinding, form: FindingForm) -> None:
    """Write the finding, then its file."""
    said = form.cleaned_data
    numbers = {name: said.get(name) for name in parts_of(row)} if said["result"] == Result.DIFFERENT else {}
    service.record_finding(user, row, said["result"], said["words"], **numbers)
    if file := said.get("file"):
        service.attach_finding(user, row, file.name, file.chunks())


def record_of(user: Any, row: SiteFinding) -> dict[str, Any]:
    """Return what stands on record: value, parts, formula, source, document, and the files with whether they open."""
    seen, leaf = row.observation, row.observation.indicator
    unit = bilingual(leaf, "unit")
    facts = [(_("Numerator"), in_brackets(figure(seen.numerator), bilingual(leaf, "numerator")))]
    if seen.denominator is not None:
        facts.append((_("Denominator"), in_brackets(figure(seen.denominator), bilingual(leaf, "denominator"))))
    facts += [
        (_("Formula"), bilingual(leaf, "formula")),
        (_("Source"), bilingual(leaf, "source")),
        (_("Evidence asked for"), bilingual(leaf, "evidence") or "—"),
        (_("Number of the document"), seen.document or "—"),
        (_("Explanation"), seen.note or "—"),
    ]
    files = Attachment.objects.filter(thing=f"measure.observation:{seen.pk}").order_by("pk")
    changed = seen.value != row.reported
    return {
        "value": measured(row.reported, unit),
        "now": measured(seen.value, unit) if changed else "",
        "facts": facts if leaf.kind != "median" else facts[1:],
        "files": [(file, may_read(user, file)) for file in files],
        "computed": seen.computed,
    }
