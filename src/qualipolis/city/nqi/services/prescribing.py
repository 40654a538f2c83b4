"""Between the product hospital and the service: a prescribed measure becomes a demand, the report returns to the case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import path_of
from qualipolis.city.core.policy import visible
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.hospital import service as hospital
from qualipolis.city.hospital.models import PrescriptionItem
from qualipolis.city.nqi.models import NeedType, Order
from qualipolis.city.nqi.services.quotes import RUN
from qualipolis.city.nqi.services.reports import current

NEEDS = {
    PrescriptionItem.Kind.TRAINING: NeedType.TRAINING,
    PrescriptionItem.Kind.STANDARD: NeedType.STANDARDS,
    PrescriptionItem.Kind.METROLOGY: NeedType.METROLOGY,
    PrescriptionItem.Kind.EQUIPMENT: NeedType.METROLOGY,
}


class _Kept:
    """A file that is kept already, as a verb expects one that is handed in."""

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path

    def chunks(self) -> list[bytes]:
        return [self.path.read_bytes()]


def asked_by(item: PrescriptionItem) -> dict[str, Any]:
    """Return what a demand for a prescribed measure begins with; the firm changes it as it likes."""
    case = item.case
    return {
        "text": item.action, "need_type": NEEDS.get(PrescriptionItem.Kind(item.kind), NeedType.MANAGEMENT).value,
        "product_name": case.product_name, "product_class": case.product_class, "standard": case.standard_no,
        "contact_name": case.contact_name, "contact_phone": case.contact_phone,
    }  # fmt: skip


def prescribed_for(actor: Any, pk: int | None) -> PrescriptionItem | None:
    """Return a prescribed measure that somebody sees."""
    rows = visible(actor, PrescriptionItem.objects.select_related("case__enterprise"))
    return rows.filter(pk=pk).first()


@subscriber("nqi.report_delivered")
def report_to_case(actor: Any, order: Order, **facts: Any) -> None:
    """Put a delivered report into the consultation of the case that asked for it, with its file."""
    case, report = order.demand.case, current(order)
    if case is None or report is None:
        return
    words = _("The service %(order)s ordered for this case is done: %(institution)s, report %(report)s. %(conclusion)s")
    told = {
        "order": order.number,
        "institution": order.institution.name,
        "report": report.number,
        "conclusion": report.conclusion,
    }
    files = [_Kept(report.file.name, path_of(report.file.sha256))] if report.file else []
    hospital.say(RUN, case, (words % told).strip(), files=files)
