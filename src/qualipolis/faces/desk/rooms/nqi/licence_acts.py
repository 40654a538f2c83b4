"""The steps and records that the page of a CMA certificate offers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Grant, Person
from qualipolis.city.nqi import service
from qualipolis.city.nqi.licences.holding import blemishes
from qualipolis.city.nqi.licences.models import Licence, Signatory
from qualipolis.city.nqi.licences.visibility import OFFICE
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.faces.desk.rooms.nqi.licence_page import Field
from qualipolis.faces.desk.rooms.supervise.after import Mark, area, day, line
from qualipolis.law.nqi.validity import longest_suspension, valid_until

NUMBER, WHY = line(gettext_lazy("Number of the document"), 60), area(gettext_lazy("Reason"), 400, 2)


def facts_of(row: Licence) -> dict[str, Any]:
    """Return what the guards of the steps read before the form is filled in."""
    return {
        "valid_to": row.qualification.valid_to, "blemishes": blemishes(row), "applied_on": row.applied_on,
        "suspended_on": row.suspended_on, "finding": "-", "new_from": timezone.localdate(),
        "new_to": valid_until(timezone.localdate()), "until": timezone.localdate(), "document_only": False,
    }  # fmt: skip


def acts_of(actor: Any, row: Licence) -> list[Act]:
    """Return the steps in the order in which they lead on."""
    return [_apply(row), _renew(row), _restore(), *_leaving(row), *_ends(actor), _suspend()]


def _apply(row: Licence) -> Act:
    clean = blemishes(row) == 0
    words = gettext_lazy("Review on paper only: no late filing and no suspension is known.")
    fields: dict[str, Field] = (
        {"document_only": lambda: forms.BooleanField(label=words, required=False)} if clean else {}
    )
    return Act("apply_renewal", "nqi.apply_renewal",
               lambda actor, one, said: service.apply_renewal(actor, one, document_only=said.get("document_only", False)),
               fields)  # fmt: skip


def _renew(row: Licence) -> Act:
    first = row.qualification.valid_to
    start = max(first or timezone.localdate(), timezone.localdate())
    fields: dict[str, Field] = {
        "document_no": NUMBER,
        "number": line(gettext_lazy("Number of the new certificate"), 40, initial=row.qualification.number),
        "valid_from": day(gettext_lazy("Valid from"), initial=start),
    }
    words = gettext_lazy("The new certificate lasts six years; the lines of the scope in force are carried over.")
    return Act("renew", "nqi.renew_licence",
               lambda actor, one, said: service.renew_licence(actor, one, said["document_no"], said["number"], said["valid_from"]),
               fields, help=words)  # fmt: skip


def _restore() -> Act:
    fields: dict[str, Field] = {
        "document_no": NUMBER,
        "finding": area(gettext_lazy("How the fault was mended"), 400, 2),
    }
    return Act("restore", "nqi.restore_licence",
               lambda actor, one, said: service.restore_licence(actor, one, said["document_no"], said["finding"]), fields)  # fmt: skip


def _suspend() -> Act:
    last = longest_suspension(timezone.localdate())
    fields: dict[str, Field] = {
        "document_no": NUMBER, "reason": WHY,
        "until": day(gettext_lazy("Suspended until"), initial=last, help_text=_("At the latest %(day)s.") % {"day": last}),
    }  # fmt: skip
    return Act("suspend", "nqi.suspend_licence",
               lambda actor, one, said: service.suspend_licence(actor, one, said["document_no"], said["reason"], said["until"]),
               fields, help=gettext_lazy("From today it covers nothing; orders that rely on it are blocked."))  # fmt: skip


def _leaving(row: Licence) -> list[Act]:
    """Return what a body may ask for, and how an office answers."""
    return [
        Act("cancel", "nqi.cancel_licence",
            lambda actor, one, said: service.cancel_licence(actor, one, said["document_no"], said["reason"]),
            {"document_no": NUMBER, "reason": WHY}),
        Act("withdraw_renewal", "nqi.take_renewal_back",
            lambda actor, one, said: service.take_renewal_back(actor, one, said["reason"])),
        Act("refuse_renewal", "nqi.refuse_renewal",
            lambda actor, one, said: service.refuse_renewal(actor, one, said["document_no"], said["reason"])),
        Act("keep", "nqi.keep_licence", lambda actor, one, said: service.keep_licence(actor, one, said["reason"])),
        Act("ask_cancellation", "nqi.ask_licence_cancelled",
            lambda actor, one, said: service.ask_licence_cancelled(actor, one, said["reason"])),
    ]  # fmt: skip


def _ends(actor: Any) -> list[Act]:
    fields: dict[str, Field] = {
        "document_no": NUMBER, "reason": WHY,
        "second_person": lambda: forms.ModelChoiceField(seconds(actor), label=_("Decided together with")),
    }  # fmt: skip
    return [
        Act("withdraw", "nqi.withdraw_licence",
            lambda actor, one, said: service.withdraw_licence(actor, one, said["document_no"], said["reason"], said["second_person"]),
            fields, help=gettext_lazy("Two people decide.")),
        Act("revoke", "nqi.revoke_licence",
            lambda actor, one, said: service.revoke_licence(actor, one, said["document_no"], said["reason"], said["second_person"]),
            fields, help=gettext_lazy("Two people decide. The body may not apply again for three years.")),
    ]  # fmt: skip


def seconds(actor: Any) -> QuerySet[Person]:
    """Return who may decide along: people of the deciding offices, never oneself."""
    today = timezone.localdate()
    held = Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), role__in=OFFICE, valid_from__lte=today)
    people = Person.objects.filter(is_active=True, pk__in=held.values("person"))
    return people.exclude(pk=getattr(actor, "pk", None) or 0).order_by("display_name", "pk")


def propose() -> Mark:
    """Return the record that proposes a signatory."""
    fields: dict[str, Field] = {
        "name": line(gettext_lazy("Name"), 80),
        "fields": line(gettext_lazy("Fields, parted by 、"), 400),
        "staff_no": line(gettext_lazy("Staff number"), 40, False),
    }
    return Mark("propose", "nqi.propose_signatory", gettext_lazy("Propose a signatory"), fields,
                lambda actor, row, said: service.propose_signatory(actor, row, said["name"], said["fields"], staff_no=said["staff_no"]),
                help=gettext_lazy("They sign once the change is approved."))  # fmt: skip


def left(rows: QuerySet[Signatory]) -> Mark:
    """Return the record that a signatory left."""
    fields: dict[str, Field] = {
        "signatory": lambda: forms.ModelChoiceField(rows, label=_("Signatory")),
        "left_on": day(gettext_lazy("Left on"), initial=timezone.localdate),
    }
    return Mark("left", "nqi.signatory_left", gettext_lazy("A signatory left"), fields,
                lambda actor, row, said: service.signatory_left(actor, said["signatory"], said["left_on"]),
                help=gettext_lazy("A filing of the change is owed from that day on."))  # fmt: skip


def _count(label: Any) -> Field:
    return lambda: forms.IntegerField(label=label, min_value=0, max_value=10**8 - 1, required=False)


def yearly() -> Mark:
    """Return the record of the yearly report."""
    fields: dict[str, Field] = {
        "year": lambda: forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100, initial=timezone.localdate().year - 1),
        "statement": area(gettext_lazy("Public declaration"), 2000, 3),
        "reports": _count(gettext_lazy("Reports issued")),
        "staff": _count(gettext_lazy("Staff")),
        "proficiency": _count(gettext_lazy("Proficiency tests taken part in")),
        "satisfactory": _count(gettext_lazy("Of these, satisfactory")),
    }  # fmt: skip
    return Mark("yearly", "nqi.file_yearly_report", gettext_lazy("Hand in the yearly report"), fields,
                lambda actor, row, said: service.file_yearly_report(actor, row.institution, **said),
                help=gettext_lazy("A number that is not known stays empty."))  # fmt: skip
