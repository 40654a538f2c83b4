"""The legal life of a result: service party by party, objections, rechecks, and revisions of the past."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Attachment
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Institution
from qualipolis.city.supervise.field.models import Sample
from qualipolis.city.supervise.laboratory.models import TestReport, Verdict

PERSON = settings.AUTH_USER_MODEL


class Result(Moving):
    """The result of one test sample: its verdict now, its first verdict, and how far its legal life has gone."""

    sample = models.OneToOneField(Sample, on_delete=models.PROTECT, related_name="result")
    report = models.ForeignKey(TestReport, on_delete=models.PROTECT, related_name="results")
    number = models.CharField(_("number"), max_length=24, unique=True)
    status = models.CharField(_("state"), max_length=20, default="reported", db_index=True)
    verdict = models.CharField(_("verdict"), max_length=4, choices=Verdict.choices)
    first_verdict = models.CharField(_("first verdict"), max_length=4, choices=Verdict.choices)
    reported_on = models.DateField(_("reported to the organiser on"), default=timezone.localdate)
    final_on = models.DateField(_("final since"), null=True, blank=True)
    reversed_on = models.DateField(_("reversed on"), null=True, blank=True)
    reversal_reason = models.TextField(_("why it was reversed or voided"), max_length=2000, blank=True)
    voided_for = models.JSONField(_("voided for these sides"), default=list)
    producer_elsewhere = models.BooleanField(_("producer in another area"), default=False)
    serious = models.BooleanField(_("serious quality problem"), default=False)

    class Meta:
        verbose_name = _("result")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number

    @property
    def flow_code(self) -> str:
        """Food has its own clocks."""
        return "food_result" if self.sample.task.campaign.food else "result"


class ServedResult(models.Model):
    """A result served on one party. Its window for objections begins with a proved receipt, not before."""

    class Party(models.TextChoices):
        FIRM = "firm", _("sampled firm")
        PRODUCER = "producer", _("labelled producer")
        PLATFORM = "platform", _("platform operator")

    class Way(models.TextChoices):
        HAND = "hand", _("by hand")
        MAIL = "mail", _("by registered mail")
        ONLINE = "online", _("through this system")
        LEFT = "left", _("left at the place before a witness")
        NOTICE = "notice", _("by public notice")

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="services")
    party = models.CharField(_("party"), max_length=10, choices=Party.choices)
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="served_results"
    )
    name = models.CharField(_("name"), max_length=200)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    served_on = models.DateField(_("received on"), null=True, blank=True)
    way = models.CharField(_("way"), max_length=8, choices=Way.choices, blank=True)
    proof = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proof_words = models.CharField(_("proof of service"), max_length=200, blank=True)
    waived_on = models.DateField(_("gave up objecting in writing on"), null=True, blank=True)
    ceased_on = models.DateField(_("deregistered without a successor on"), null=True, blank=True)

    class Meta:
        verbose_name = _("service of a result")
        ordering = ["result", "pk"]
        constraints = [models.UniqueConstraint(fields=["result", "party"], name="one_service_for_result_and_party")]

    def __str__(self) -> str:
        return f"{self.result_id} {self.party}"

    @property
    def proved(self) -> bool:
        """Whether a proof of the receipt is on file."""
        return bool(self.proof_id or self.proof_words)


class Objection(Moving):
    """One written objection of one party (异议)."""

    FLOW = "objection"

    class Kind(models.TextChoices):
        PROCESS = "process", _("process or authenticity of the sample")
        CONCLUSION = "conclusion", _("conclusion of the test")

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="objections")
    service = models.ForeignKey(ServedResult, on_delete=models.PROTECT, related_name="objections")
    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    kind = models.CharField(_("objects to"), max_length=12, choices=Kind.choices, blank=True)
    words = models.TextField(_("objection in writing"), max_length=4000)
    received_on = models.DateField(_("received on"))
    reply = models.TextField(_("reply"), max_length=4000, blank=True)
    replied_on = models.DateField(_("replied on"), null=True, blank=True)
    document_no = models.CharField(_("document"), max_length=80, blank=True)
    made_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("objection")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Recheck(Moving):
    """A recheck (复检) on the backup sample by another laboratory; its conclusion is final."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="rechecks")
    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="rechecks")
    number = models.CharField(_("number"), max_length=24, unique=True)
    status = models.CharField(_("state"), max_length=20, default="ordered", db_index=True)
    document_no = models.CharField(_("recheck notice"), max_length=80, blank=True)
    notice_served_on = models.DateField(_("notice received on"), null=True, blank=True)
    notice_proof = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    notice_proof_words = models.CharField(_("proof of service"), max_length=200, blank=True)
    formalities_on = models.DateField(_("formalities done on"), null=True, blank=True)
    laboratory = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="rechecks"
    )
    only_laboratory = models.BooleanField(_("the only one qualified in the province"), default=False)
    drawn_ticket = models.CharField(_("ticket that drew the laboratory"), max_length=64, blank=True)
    draw_seed = models.CharField(_("seed of the draw"), max_length=80, blank=True)
    draw_source = models.CharField(_("where the seed comes from"), max_length=200, blank=True)
    draw_lots = models.JSONField(_("laboratories and their tickets"), default=list)
    report = models.ForeignKey(TestReport, null=True, blank=True, on_delete=models.PROTECT, related_name="rechecks")
    verdict = models.CharField(_("verdict"), max_length=4, choices=Verdict.choices, blank=True)
    fee_by = models.CharField(_("fee borne by"), max_length=12, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.TextField(_("why it ended so"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("recheck")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number

    @property
    def flow_code(self) -> str:
        """Food has its own clocks."""
        return "food_recheck" if self.result.sample.task.campaign.food else "recheck"


class ResultRevision(models.Model):
    """What a reversal or voiding changed in a period that had been counted: kept for ever beside the new figures."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="revisions")
    on = models.DateField(_("on"), default=timezone.localdate)
    was = models.CharField(_("was"), max_length=12)
    now = models.CharField(_("is now"), max_length=12)
    period = models.CharField(_("period counted in"), max_length=12)
    reason = models.TextField(_("why"), max_length=2000)
    rates = models.JSONField(_("rates before and after"), default=dict)

    class Meta:
        verbose_name = _("revision of a result")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.result_id} {self.was} → {self.now}"
