"""The papers of a visit: the notice, the sampling form, and labels that carry a blind code and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.utils import timezone

from qualipolis.city.core.queries import city
from qualipolis.city.supervise.field.blind_codes import grouped
from qualipolis.city.supervise.models import Sample, SamplingForm, SamplingTask
from qualipolis.faces.report.field_words import said
from qualipolis.faces.report.letter import Letter, render_letter
from qualipolis.faces.report.typefaces import texts, tidy
from qualipolis.faces.report.typesetting import frame, tidied, typeset
from qualipolis.faces.report.words import Lang, lang_of, shorten

DASH = "—"
PRODUCT = ("product", "model", "brand", "batch", "made_on", "keeps_until", "standard", "licence_no",
           "producer_name", "producer_address")  # fmt: skip
VISIT = ("sampled_on", "arrived", "place", "stock", "test_quantity", "backup_quantity", "price", "voucher_no",
         "storage", "platform", "order", "seals_test", "seals_backup", "pictures", "signature", "words")  # fmt: skip


def _name(thing: Any, lang: Lang) -> str:
    return str(thing.name_zh if lang == "zh" or not thing.name_en else thing.name_en) if thing else DASH


def _day(lang: Lang, day: Any) -> str:
    return said(lang, "day", day) if day else DASH


def _now() -> datetime:
    return datetime.combine(timezone.localdate(), time(4), UTC)


def _people(task: SamplingTask) -> list[Any]:
    return [one.person for one in task.assignments.select_related("person__inspector_profile")]


def notice_pdf(task: SamplingTask, lang: str) -> bytes:
    """Return the notice that samplers show on site, with a slip for its receipt."""
    tongue, here, people = lang_of(lang), city(), _people(task)
    campaign, comma = task.campaign, "、" if lang == "zh" else ", "
    certificates = [one.inspector_profile.certificate_no for one in people if hasattr(one, "inspector_profile")]
    facts = {
        "firm": _name(task.enterprise, tongue),
        "code": task.enterprise.credit_code,
        "address": task.enterprise.address,
        "product": _name(task.product, tongue) if task.product else campaign.rule.category,
        "rule": _name(campaign.rule, tongue),
        "samplers": comma.join(str(one) for one in people),
        "certificates": comma.join(certificates),
        "sampling_body": _name(campaign.sampling_body, tongue),
        "organiser": _name(campaign.organiser, tongue),
    }
    made = Letter(
        tongue, _name(here, tongue) if here else "", bool(here and here.synthetic), said(tongue, "notice"),
        said(tongue, "number", task.number), said(tongue, "to", _name(task.enterprise, tongue)),
        said(tongue, "notice_head", _name(task.enterprise, tongue)),
        [said(tongue, "notice_lead", _name(campaign, tongue), _day(tongue, campaign.rules_public_on))],
        [(said(tongue, key), value or DASH) for key, value in facts.items()], (), (), (),
        said(tongue, "rights"), [said(tongue, f"right_{n}") for n in (1, 2, 3, 4)],
        _name(campaign.organiser, tongue), _day(tongue, timezone.localdate()),
        [said(tongue, key) for key in ("receipt", "receipt_words", "receipt_sign")], said(tongue, "notice_note"), _now(),
    )  # fmt: skip
    return render_letter(made)


def form_pdf(task: SamplingTask, lang: str) -> bytes:
    """Return the sampling form (抽样单), filled in as far as it is; it never names a code of a sample."""
    tongue, here = lang_of(lang), city()
    form = SamplingForm.objects.filter(task=task).first() or SamplingForm(task=task)
    values = _values(task, form, tongue)
    title = " ".join((said(tongue, "form"), form.number or task.number))
    firm = {
        "firm": _name(task.enterprise, tongue),
        "code": task.enterprise.credit_code,
        "address": task.enterprise.address,
    }
    data = {
        "frame": frame(
            tongue, title, shorten(_name(here, tongue) if here else "", 20), bool(here and here.synthetic), title
        )
        | {"header": shorten(title, 34 if lang == "zh" else 46)},
        "headline": said(tongue, "form"),
        "number": said(tongue, "number", form.number or task.number),
        "status": "" if form.submitted_at else said(tongue, "draft"),
        "firm": _pairs(tongue, firm),
        "parts": [
            {"title": said(tongue, "sample_part"), "facts": _pairs(tongue, {key: values[key] for key in PRODUCT})},
            {"title": said(tongue, "place_part"), "facts": _pairs(tongue, {key: values[key] for key in VISIT})},
        ],
        "signs": _signs(task, form, tongue),
        "note": said(tongue, "form_note"),
    }
    pairs = [
        (place, tidy(text)) for place, text in texts({"values": list(values.values()), "firm": list(firm.values())})
    ]
    return typeset("field_form.typ", _mapping(data), _now(), pairs)


def _mapping(data: dict[str, object]) -> dict[str, object]:
    found = tidied(data)
    if not isinstance(found, dict):
        raise TypeError("a document is a mapping")
    return found


def _pairs(lang: Lang, values: dict[str, str]) -> list[list[str]]:
    return [[said(lang, key), value or DASH] for key, value in values.items()]


def _values(task: SamplingTask, form: SamplingForm, lang: Lang) -> dict[str, str]:
    comma, unit = "、" if lang == "zh" else ", ", task.campaign.rule.quantity_unit
    plain = ("model", "brand", "batch", "standard", "licence_no", "producer_name", "producer_address", "voucher_no",
             "storage", "platform", "order", "words")  # fmt: skip
    arrived = timezone.localtime(task.arrived_at).strftime("%Y-%m-%d %H:%M") if task.arrived_at else ""
    place = said(lang, "within", form.latitude, form.longitude, form.accuracy) if form.latitude is not None else ""
    counts = {key: f"{n} {unit}" if (n := getattr(form, key)) is not None else "" for key in
              ("stock", "test_quantity", "backup_quantity")}  # fmt: skip
    signature = " ".join(
        part for part in (said(lang, form.signature) if form.signature else "", form.signatory) if part
    )
    return {key: getattr(form, key) for key in plain} | counts | {
        "product": form.product_name,
        "made_on": _day(lang, form.made_on) if form.made_on else "",
        "keeps_until": _day(lang, form.keeps_until) if form.keeps_until else "",
        "price": said(lang, "free") if form.free_of_charge else str(form.price if form.price is not None else ""),
        "seals_test": comma.join(form.seal_numbers.get("test", [])),
        "seals_backup": comma.join(form.seal_numbers.get("backup", [])),
        "sampled_on": _day(lang, task.sampled_on) if task.sampled_on else "",
        "arrived": arrived,
        "place": place,
        "pictures": said(lang, "pictures_n", task.photos.exclude(kind="signature").filter(person=form.filled_by).count()) if task.pk else "",
        "signature": signature,
    }  # fmt: skip


def _signs(task: SamplingTask, form: SamplingForm, lang: Lang) -> list[list[str]]:
    drawn = task.photos.filter(kind="signature").exists() and form.signature == SamplingForm.Signature.SIGNED
    names = ("、" if lang == "zh" else ", ").join(str(one) for one in _people(task))
    firm = " ".join(part for part in (form.signatory, said(lang, "on_device") if drawn else "") if part)
    last = [said(lang, "sign_witness"), form.signatory if form.signature != SamplingForm.Signature.SIGNED else ""]
    return [
        [said(lang, "sign_firm"), firm if form.signature == "signed" else ""],
        [said(lang, "sign_samplers"), names],
        last,
    ]


def labels_pdf(samples: Sequence[Sample], lang: str) -> bytes:
    """Return one A6 label for each sample: its blind code, the same as a QR code, and which part it is."""
    tongue = lang_of(lang)
    title = said(tongue, "label")
    data = {
        "frame": frame(tongue, title, "", False, title) | {"header": title},
        "labels": [
            {"code": grouped(one.code), "part": said(tongue, one.part), "qr": _squares(one.code)} for one in samples
        ],
        "note": said(tongue, "label_note"),
    }
    return typeset("field_labels.typ", _mapping(data), _now(), [])


def _squares(text: str) -> list[str]:
    """Return a QR code as rows of 0 and 1."""
    import qrcode

    made = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=0)
    made.add_data(text)
    made.make(fit=True)
    return ["".join("1" if dark else "0" for dark in row) for row in made.get_matrix()]
