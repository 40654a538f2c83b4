"""The papers of the one-stop service as PDF: demand form, quotation, entrustment agreement, sample receipt, evaluation, month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import override

from qualipolis.city.core.queries import city
from qualipolis.city.nqi.models import Demand, Evaluation, Order, Quote, ServiceSample
from qualipolis.city.nqi.services.figures import Month, Share
from qualipolis.faces.report.handling_paper import Paper, render_paper
from qualipolis.faces.report.words import Lang

LANGUAGES = {"zh": "zh-hans", "en": "en"}
DASH = "—"


def pdf(kind: str, row: Any, lang: str) -> bytes:
    """Return a paper (``PAPERS``) of a row in ``lang`` (zh or en); the same row gives the same bytes.

    Raises
    ------
    InputError : a character of its words has no shape in the fonts
    """
    with override(LANGUAGES[lang]):
        return render_paper(PAPERS[kind](row, cast(Lang, lang)))


def _paper(
    lang: Lang, title: str, number: str, addressee: str, paragraphs: Sequence[str], day: date, **more: Any
) -> Paper:
    here = city()
    name = (here.name_zh if lang == "zh" else here.name_en or here.name_zh) if here else ""
    notes = [] if lang == "zh" else [_("A reading aid. The Chinese document is the official one.")]
    return Paper(lang, name, bool(here and here.synthetic), title, number, addressee, paragraphs,
                 notes=[*more.pop("notes", ()), *notes], created_at=datetime.combine(day, time(4), UTC), **more)  # fmt: skip


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else DASH


def _money(value: Decimal | None) -> str:
    return DASH if value is None else f"{value:,.2f}"


def _lines(lines: Sequence[Any], last: Callable[[Any], str]) -> list[list[str]]:
    return [[str(one.position), f"{one.product} {one.parameter}", one.standard or DASH, last(one)] for one in lines]


def demand(row: Demand, lang: Lang) -> Paper:
    """Return the demand form."""
    facts = [
        (_("Firm"), row.enterprise.name), (_("Credit code"), row.enterprise.credit_code), (_("Town"), row.unit.name),
        (_("Station"), row.point.name if row.point else DASH), (_("Kind of need"), row.get_need_type_display() or _("not clarified")),
        (_("Product"), row.product_name or DASH), (_("Person to call"), " ".join(filter(None, (row.contact_name, row.contact_phone))) or DASH),
        (_("Handed in on"), _day(row.made_on)),
    ]  # fmt: skip
    lines = list(row.lines.all())
    return _paper(
        lang, _("Demand for a quality service"), row.number, row.enterprise.name, [line for line in row.text.splitlines() if line.strip()],
        row.made_on, facts=facts, table_title=_("Lines") if lines else "", rows=_lines(lines, lambda one: str(one.quantity)),
        heads=[_("No."), _("Product and item"), _("Standard"), _("Quantity")] if lines else [],
        notes=[_("Query, advice and printing cost nothing. Paid work is charged by the institution, never by the station.")],
    )  # fmt: skip


def quotation(row: Quote, lang: Lang) -> Paper:
    """Return the quotation of an institution."""
    priced = {one.line_id: one for one in row.lines.all()}
    lines = list(row.demand.lines.all())
    total = sum((one.price for one in priced.values()), row.extra)
    facts = [
        (_("Institution"), row.institution.name), (_("Demand"), row.demand.number), (_("Total, yuan"), _money(total)),
        (_("Other costs, yuan"), f"{_money(row.extra)} {row.extra_for}".strip()), (_("Working days"), str(row.days or DASH)),
        (_("Stands until"), _day(row.valid_until)),
    ]  # fmt: skip
    passed = [_("Line %(n)s is done by %(body)s.") % {"n": one.line.position, "body": one.subcontractor} for one in priced.values() if one.subcontractor]  # fmt: skip
    return _paper(
        lang, _("Quotation"), row.number, row.demand.enterprise.name, [*row.note.splitlines(), *passed], row.quoted_on or row.invited_on,
        facts=facts, table_title=_("Price line by line"), heads=[_("No."), _("Product and item"), _("Standard"), _("Price, yuan")],
        rows=_lines(lines, lambda one: _money(priced[one.pk].price) if one.pk in priced else _("not offered")),
        signed=[row.institution.name, _day(row.quoted_on)],
    )  # fmt: skip


def agreement(row: Order, lang: Lang) -> Paper:
    """Return the entrustment agreement of an order."""
    prices = dict(row.quote.lines.values_list("line", "price"))
    facts = [
        (_("Entrusting party"), row.demand.enterprise.name), (_("Institution"), row.institution.name), (_("Demand"), row.demand.number),
        (_("Quotation"), row.quote.number), (_("Total, yuan"), _money(row.price)), (_("Working days"), str(row.days)),
        (_("Ordered on"), _day(row.placed_on)), (_("Confirmed on"), _day(row.confirmed_on)),
        (_("Subcontracting"), _("agreed where it is named") if row.subcontracting else _("not agreed")),
    ]  # fmt: skip
    held = sorted(set(row.certificates.values()))
    paragraphs = [
        _("The institution does the work named below under its valid certificate (%(numbers)s) and reports by the standards named.") % {"numbers": "、".join(held) or DASH},
        _("Should the certificate no longer cover a line before the report is issued, no report is issued; the entrusting party may order elsewhere and pays nothing for that line."),
        _("The days count from the day on which the work begins, after the sample was received."),
    ]  # fmt: skip
    return _paper(
        lang, _("Entrustment agreement"), row.number, "", paragraphs, row.placed_on, facts=facts, table_title=_("What is entrusted"),
        heads=[_("No."), _("Product and item"), _("Standard"), _("Price, yuan")],
        rows=_lines(list(row.lines.all()), lambda one: _money(prices.get(one.pk))),
        signed=[row.demand.enterprise.name, row.institution.name, _day(row.confirmed_on or row.placed_on)],
    )  # fmt: skip


def sample(row: ServiceSample, lang: Lang) -> Paper:
    """Return the receipt of a sample."""
    facts = [
        (_("Service order"), row.order.number), (_("Firm"), row.order.demand.enterprise.name), (_("Institution"), row.order.institution.name),
        (_("Sample"), row.name), (_("Model, batch, mark"), row.mark or DASH), (_("Quantity"), row.quantity),
        (_("Condition on receipt"), row.condition), (_("What becomes of it"), row.get_afterwards_display()), (_("Received on"), _day(row.received_on)),
    ]  # fmt: skip
    return _paper(
        lang, _("Receipt of a sample"), row.number, row.order.demand.enterprise.name,
        [_("The institution has received the sample named below for the order.")], row.received_on, facts=facts,
        blanks=[(_("Handed over by"), 1), (_("Received by"), 1)], signed=[row.order.institution.name, _day(row.received_on)],
    )  # fmt: skip


def evaluation(row: Evaluation, lang: Lang) -> Paper:
    """Return the evaluation of a service."""
    on_time = {True: _("yes"), False: _("no"), None: _("not said")}[row.on_time]
    facts = [
        (_("Demand"), row.demand.number), (_("Firm"), row.demand.enterprise.name), (_("Stars"), _("%(n)s of 5") % {"n": row.stars}),
        (_("On time"), on_time), (_("Evaluated on"), _day(row.made_on)),
    ]  # fmt: skip
    for order in row.demand.orders.filter(status="delivered").select_related("institution"):
        told = {"promised": _day(order.promised_on), "delivered": _day(order.delivered_on)}
        facts.append((order.institution.name, _("promised for %(promised)s, delivered on %(delivered)s") % told))
    said = [line for line in row.text.splitlines() if line.strip()]
    return _paper(lang, _("Evaluation of a service"), row.demand.number, "", said, row.made_on, facts=facts)


def months(rows: Sequence[Month], lang: Lang) -> Paper:
    """Return the monthly statistics: counts, and shares with the number they are shares of."""
    first = rows[0]
    facts = [
        (_("Month"), f"{first.first:%Y-%m}"), (_("Demands handed in"), str(first.demands)), (_("Orders placed"), str(first.orders)),
        (_("Reports delivered"), str(first.delivered)), (_("Accepted in time"), share(first.accepted_in_time)),
        (_("Institution found"), share(first.matched)), (_("Delivered on time"), share(first.on_time)),
        (_("Stars, mean"), DASH if first.stars is None else _("%(mean)s (n = %(n)s)") % {"mean": f"{first.stars:.1f}", "n": first.stars_n}),
        (_("Complaints"), str(first.complaints)), (_("Gaps in capability"), str(first.gaps)),
    ]  # fmt: skip
    table = [[f"{one.first:%Y-%m}", str(one.demands), str(one.delivered), share(one.on_time)] for one in rows]
    return _paper(
        lang, _("Monthly statistics of the one-stop service"), f"{first.first:%Y-%m}", "", [], first.first, facts=facts,
        table_title=_("The last months"), heads=[_("Month"), _("Demands"), _("Delivered"), _("Delivered on time")], rows=table,
        notes=[_("A share is missing where there is nothing it could be a share of. A mean is told from three evaluations on.")],
    )  # fmt: skip


def share(one: Share) -> str:
    """Return a share with the number it is a share of."""
    if one.value is None:
        return DASH
    return _("%(percent)s %% (%(part)s of %(n)s)") % {"percent": f"{100 * one.value:.0f}", "part": one.part, "n": one.n}


PAPERS: dict[str, Callable[[Any, Lang], Paper]] = {
    "demand": demand,
    "quotation": quotation,
    "agreement": agreement,
    "sample": sample,
    "evaluation": evaluation,
    "months": months,
}
