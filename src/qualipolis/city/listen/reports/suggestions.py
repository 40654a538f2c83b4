"""Suggested words of the documents of a report, in Chinese (official) and English; a person reads and may change them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from qualipolis.city.listen.reports.models import Report
from qualipolis.law.listening.grounds import NOT_FILED, order_on

RESULT = (
    gettext_noop("Your report %(number)s about %(about)s was received on %(received)s."),
    gettext_noop("%(decision)s"),
    gettext_noop("Basis: %(order)s."),
)
FILED = gettext_noop("We checked it and opened a case on %(day)s.")
NOT = gettext_noop("We checked it and opened no case (%(day)s). Ground: %(ground)s.")
TRANSFER = (
    gettext_noop("Your report %(number)s about %(about)s was received on %(received)s."),
    gettext_noop("It was passed on to the authority that is competent for it; who you are was not passed on."),
    gettext_noop("Basis: %(order)s."),
)


def suggested(row: Report, code: str) -> tuple[str, str]:
    """Return the words of a document as (Chinese, English)."""
    return _written(row, code, "zh-hans"), _written(row, code, "en")


def _written(row: Report, code: str, language: str) -> str:
    with override(language):
        known = {
            "number": row.number, "about": row.respondent_name, "received": row.received_on, "order": _(order_on(row.received_on)),
            "decision": _decision(row),
        }  # fmt: skip
        return "\n".join(_(line) % known for line in (TRANSFER if code == "transfer" else RESULT))


def _decision(row: Report) -> str:
    if row.case_no:
        return _(FILED) % {"day": row.decided_on}
    ground = NOT_FILED.get(row.reason_code)
    return _(NOT) % {"day": row.decided_on, "ground": _(ground.words) if ground else "—"}
