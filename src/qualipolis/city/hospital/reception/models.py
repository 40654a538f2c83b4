"""Departments and experts, the case itself, how it came, and the times in which its clock stood still."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qualipolis.city.core.models import Bilingual, Organisation
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Institution, Unit

PERSON = settings.AUTH_USER_MODEL


class Department(Bilingual):
    """A department of the hospital: what it treats, by industry."""

    code = models.CharField(_("code"), max_length=24, unique=True)
    industries = models.JSONField(_("industries, first digits of GB/T 4754"), default=list)
    words = models.TextField(_("words that lead here"), max_length=2000, blank=True)
    about_zh = models.TextField(_("what it treats, in Chinese"), max_length=1000, blank=True)
    about_en = models.TextField(_("what it treats, in English"), max_length=1000, blank=True)
    open = models.BooleanField(_("takes cases"), default=True)

    class Meta:
        verbose_name = _("department")
        ordering = ["code"]


class Expert(models.Model):
    """Somebody who treats cases: field, term, load, absence, and the ties that forbid a case."""

    person = models.OneToOneField(PERSON, on_delete=models.PROTECT, related_name="hospital_expert")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="hospital_experts")
    institution = models.ForeignKey(
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="hospital_experts"
    )
    departments = models.ManyToManyField(Department, related_name="experts", verbose_name=_("departments"))
    field_zh = models.CharField(_("field, in Chinese"), max_length=200)
    field_en = models.CharField(_("field, in English"), max_length=200, blank=True)
    qualifications = models.CharField(_("qualifications"), max_length=400, blank=True)
    conflicts = models.JSONField(_("credit codes of firms with ties"), default=list)
    capacity = models.PositiveSmallIntegerField(_("most open cases at a time"), default=5)
    term_from = models.DateField(_("appointed from"), default=timezone.localdate)
    term_to = models.DateField(_("appointed until"), null=True, blank=True)
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_to = models.DateField(_("away until"), null=True, blank=True)

    class Meta:
        verbose_name = _("expert")
        ordering = ["person__username"]

    def __str__(self) -> str:
        return str(self.person)


class RootCause(models.TextChoices):
    """Categories of a root cause."""

    MAN = "man", _("people")
    MACHINE = "machine", _("machine")
    MATERIAL = "material", _("material")
    METHOD = "method", pgettext_lazy("root cause", "method")
    ENVIRONMENT = "environment", _("environment")
    MEASUREMENT = "measurement", _("measurement")
    DESIGN = "design", _("design")
    LABEL = "label", _("label")
    STANDARD = "standard", _("standard")


class Case(Moving):
    """One case (病历): the firm's own words, how severe and urgent it is, who treats it, and how far it has come."""

    FLOW = "hospital_case"

    class Source(models.TextChoices):
        SELF = "self", _("the firm itself")
        SAMPLING_FAIL = "sampling_fail", _("a failed sample")
        COMPLAINTS = "complaint_cluster", _("complaints")
        RECALL = "recall", _("a recall")
        BUYER = "buyer_reject", _("refused by a buyer")
        PATROL = "patrol", _("a patrol")
        CAMPAIGN = "campaign", _("a campaign")

    class Consent(models.TextChoices):
        NONE = "none", _("not to be shared")
        ANONYMOUS = "anonymous", _("to be shared without names")
        NAMED = "named", _("to be shared with our name")

    class Severity(models.IntegerChoices):
        SLIGHT = 1, _("1 slight")
        MODERATE = 2, _("2 moderate")
        SEVERE = 3, _("3 severe")
        DANGEROUS = 4, _("4 danger to life or health")

    class Urgency(models.IntegerChoices):
        LOW = 1, _("1 can wait")
        MIDDLE = 2, _("2 soon")
        HIGH = 3, _("3 at once")

    number = models.CharField(_("number"), max_length=24, unique=True, null=True, blank=True)
    status = state(FLOW)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="hospital_cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="hospital_cases")
    industry = models.CharField(_("industry, GB/T 4754"), max_length=6, blank=True)
    product_name = models.CharField(_("product"), max_length=120)
    product_class = models.CharField(_("class of product"), max_length=60, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    standard_no = models.CharField(_("standard number"), max_length=60, blank=True)
    source = models.CharField(_("how it came"), max_length=20, choices=Source.choices, default=Source.SELF)
    problem_text = models.TextField(_("what is wrong, in your own words"), max_length=4000)
    defect_codes = models.JSONField(_("defects"), default=list)
    first_seen = models.DateField(_("first seen on"), null=True, blank=True)
    volume_affected = models.PositiveIntegerField(_("pieces affected"), null=True, blank=True)
    on_market = models.BooleanField(_("on the market"), null=True, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices, null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency.choices, null=True, blank=True)
    consent = models.CharField(_("sharing"), max_length=10, choices=Consent.choices, default=Consent.NONE)
    informed_at = models.DateTimeField(_("told who sees the case at"), null=True, blank=True)
    contact_name = models.CharField(_("contact"), max_length=80, blank=True)
    contact_phone = models.CharField(_("telephone of the contact"), max_length=40, blank=True)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    expert = models.ForeignKey(Expert, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    registered_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    reason_code = models.CharField(_("why it was turned away"), max_length=16, blank=True)
    paused_from = models.CharField(_("state before the pause"), max_length=20, blank=True)
    loops = models.PositiveSmallIntegerField(_("treatments without effect"), default=0)
    cured_on = models.DateField(_("cured on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    duty_report = models.BooleanField(_("must be reported by law"), default=False)

    class Meta:
        verbose_name = _("case")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def priority(self) -> int | None:
        """Severity times urgency, 1 to 12; not known before the triage."""
        return self.severity * self.urgency if self.severity and self.urgency else None


class Offer(models.Model):
    """The offer to a firm whose sample failed: register at the hospital, with what is known filled in."""

    class Answer(models.TextChoices):
        OPEN = "open", _("not answered")
        TAKEN = "taken", _("registered")
        REFUSED = "refused", _("not wanted")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="hospital_offers")
    result = models.OneToOneField("supervise.Result", on_delete=models.PROTECT, related_name="hospital_offer")
    offered_on = models.DateField(_("offered on"), default=timezone.localdate)
    answer = models.CharField(_("answer"), max_length=8, choices=Answer.choices, default=Answer.OPEN)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    case = models.OneToOneField(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="offer")

    class Meta:
        verbose_name = _("offer of treatment")
        ordering = ["-offered_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.result}"


class Pause(models.Model):
    """A time in which the clock of a case stood still because the firm was asked."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    question = models.TextField(_("what was asked"), max_length=2000)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)
    left_days = models.SmallIntegerField(_("days left of the term"), null=True, blank=True)

    class Meta:
        verbose_name = _("pause")
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.since}"


class CaseLink(models.Model):
    """Two cases that belong together: a supplier's case, the same cause, a recurrence after the term."""

    class Kind(models.TextChoices):
        SUPPLIER = "supplier", _("the problem sits with this supplier")
        RECURRENCE = "recurrence", _("it came back after the term")
        SAME_CAUSE = "same_cause", _("the same cause")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    note = models.CharField(_("note"), max_length=400, blank=True)
    made_on = models.DateField(_("linked on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("link between cases")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "other", "kind"], name="one_link_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.case} {self.other}"


class DutyReport(models.Model):
    """What law requires to be reported from a case; the only thing of a case that enforcement ever sees."""

    class Ground(models.TextChoices):
        LIFE = "life", _("danger to life or health")
        MARKET = "market", _("a defect on the market")
        CRIME = "crime", _("a crime")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="duty_reports")
    ground = models.CharField(_("ground"), max_length=8, choices=Ground.choices)
    statement = models.TextField(_("what is reported, and nothing else"), max_length=2000)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="duty_reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duty_reports")
    product_name = models.CharField(_("product"), max_length=120)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("reported on"), default=timezone.localdate)
    due_on = models.DateField(_("the producer reports until"), null=True, blank=True)
    firm_told_on = models.DateField(_("the firm was told on"), null=True, blank=True)
    firm_reported_on = models.DateField(_("the producer reported on"), null=True, blank=True)

    class Meta:
        verbose_name = _("report required by law")
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.case}"
