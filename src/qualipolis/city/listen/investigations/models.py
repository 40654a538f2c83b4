"""Products and firms under investigation, who works on it, what was tested, ordered and proved, and the risk."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Unit

PERSON = settings.AUTH_USER_MODEL


class SafetyProduct(models.Model):
    """A product that somebody looked at: one row for one product, found again by its marks."""

    name = models.CharField(_("product"), max_length=120)
    brand = models.CharField(_("brand"), max_length=80, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    barcode = models.CharField(_("barcode"), max_length=20, blank=True, db_index=True)
    product_class = models.CharField(_("class of product"), max_length=60, blank=True, db_index=True)
    origin = models.CharField(_("country of origin"), max_length=60, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    counterfeit = models.BooleanField(_("counterfeit"), null=True, blank=True)
    on_sale_since = models.DateField(_("on sale since"), null=True, blank=True)
    added_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField(_("added on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("product under observation")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return " ".join(part for part in (self.brand, self.name, self.model) if part)


class Investigation(Moving):
    """What several offices work on at once: an owner, teams beside it, products, firms, and everything done."""

    FLOW = "investigation"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    title = models.CharField(_("title"), max_length=160)
    hazard = models.CharField(_("kind of danger"), max_length=60, blank=True)
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="investigations")
    owner_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="investigations", verbose_name=_("town")
    )
    restricted = models.BooleanField(_("restricted to those who work on it"), default=False)
    restricted_why = models.CharField(_("why it is restricted"), max_length=400, blank=True)
    opened_on = models.DateField(_("opened on"), default=timezone.localdate)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    conclusion = models.TextField(_("how it ended"), max_length=4000, blank=True)
    not_assessed_why = models.CharField(_("why the risk cannot be assessed"), max_length=400, blank=True)
    came_from = models.CharField(_("what it came from"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("investigation")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class Collaborator(models.Model):
    """A team beside the owner of an investigation, with the right to view or to edit."""

    class Right(models.TextChoices):
        VIEW = "view", _("may view")
        EDIT = "edit", _("may edit")

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="collaborators")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="collaborations")
    right = models.CharField(_("right"), max_length=4, choices=Right.choices, default=Right.VIEW)
    since = models.DateField(_("since"), default=timezone.localdate)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("collaborating team")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["investigation", "organisation"], name="listen_one_team")]

    def __str__(self) -> str:
        return f"{self.investigation} {self.organisation}"


class InvestigationProduct(models.Model):
    """A product in an investigation, with the batches and the pieces concerned."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="products")
    product = models.ForeignKey(SafetyProduct, on_delete=models.PROTECT, related_name="investigations")
    batch = models.CharField(_("batch"), max_length=160, blank=True)
    customs_code = models.CharField(_("customs number"), max_length=40, blank=True)
    units_affected = models.PositiveIntegerField(_("pieces affected"), null=True, blank=True)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("product of an investigation")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.investigation} {self.product}"


class InvestigationBusiness(models.Model):
    """A firm in an investigation, in its role; firms elsewhere have a name only."""

    class Role(models.TextChoices):
        MANUFACTURER = "manufacturer", _("manufacturer")
        IMPORTER = "importer", _("importer")
        PLATFORM = "platform", _("platform operator")
        SELLER = "seller", _("seller")
        DISTRIBUTOR = "distributor", _("distributor")
        FULFILMENT = "fulfilment", _("warehouse and delivery")

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="businesses")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="investigations"
    )
    name = models.CharField(_("name"), max_length=160)
    country = models.CharField(_("country"), max_length=60, blank=True)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("firm in an investigation")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.called} ({self.get_role_display()})"

    @property
    def called(self) -> str:
        """The name in the language of the page, of a firm of the register; else the name that was given."""
        return str(self.enterprise.name) if self.enterprise else self.name


class Correspondence(models.Model):
    """One mail, call or meeting of an investigation."""

    class Kind(models.TextChoices):
        MAIL = "mail", _("letter or mail")
        PHONE = "phone", _("telephone call")
        MEETING = "meeting", _("meeting")

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="correspondence")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    held_on = models.DateField(_("day"))
    with_whom = models.CharField(_("with whom"), max_length=160)
    summary = models.TextField(_("what was said"), max_length=4000)
    logged_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("correspondence")
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.investigation} {self.held_on}"


class SafetyTest(models.Model):
    """A test result of a product, and who paid for it."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("no nonconformity found")
        FAILED = "failed", _("nonconformity found")
        OPEN = "open", _("no conclusion")

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="tests")
    product = models.ForeignKey(SafetyProduct, on_delete=models.PROTECT, related_name="tests")
    laboratory = models.CharField(_("laboratory"), max_length=160)
    standard = models.CharField(_("standard number"), max_length=60, blank=True)
    outcome = models.CharField(_("result"), max_length=6, choices=Outcome.choices)
    finding = models.CharField(_("what was found"), max_length=400, blank=True)
    paid_by = models.CharField(_("who paid for the test"), max_length=120)
    tested_on = models.DateField(_("tested on"))

    class Meta:
        verbose_name = _("test result")
        ordering = ["tested_on", "pk"]

    def __str__(self) -> str:
        return f"{self.product} {self.tested_on}"


class AuthorityReference(models.Model):
    """The number under which another authority knows the same matter."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="references")
    authority = models.CharField(_("authority"), max_length=120)
    reference = models.CharField(_("its number"), max_length=80)

    class Meta:
        verbose_name = _("number at another authority")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.reference


class CorrectiveAction(Moving):
    """What a firm must do, with the proof that it did."""

    FLOW = "corrective_action"

    class Kind(models.TextChoices):
        STOP_SALE = "stop_sale", _("stop selling")
        WITHDRAW = "withdraw", _("withdraw from the market")
        RECALL = "recall", _("recall from users")
        WARN = "warn", _("warn users")
        MODIFY = "modify", _("change the product")
        LABEL = "label", _("change the label")
        DELIST = "delist", _("remove the offer online")
        DESTROY = "destroy", _("destroy")

    status = state(FLOW)
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="actions")
    product = models.ForeignKey(SafetyProduct, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    business = models.ForeignKey(
        InvestigationBusiness, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    words = models.TextField(_("what must be done"), max_length=2000)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    voluntary = models.BooleanField(_("the firm does it by itself"), default=False)
    ordered_on = models.DateField(_("ordered on"), default=timezone.localdate)
    done = models.TextField(_("what was done"), max_length=2000, blank=True)
    remark = models.TextField(_("what the office says to it"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("corrective action")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.investigation} #{self.pk}"


class AuthorityRequest(Moving):
    """A request to the authority of another city."""

    FLOW = "authority_request"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="requests")
    authority = models.CharField(_("authority"), max_length=120)
    words = models.TextField(_("what is asked"), max_length=4000)
    document_no = models.CharField(_("document number"), max_length=60, blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    remark = models.TextField(_("why it was withdrawn"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("request to another authority")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number


class RiskAssessment(models.Model):
    """Scenarios of harm with their steps, the level they give, and whether one step more or less would flip it."""

    investigation = models.ForeignKey(
        Investigation, null=True, blank=True, on_delete=models.PROTECT, related_name="assessments"
    )
    product = models.ForeignKey(SafetyProduct, on_delete=models.PROTECT, related_name="assessments")
    scenarios = models.JSONField(_("scenarios of harm"), default=list)
    level = models.CharField(_("risk level"), max_length=8)
    flips = models.BooleanField(_("one step flips the level"), default=False)
    populations = models.JSONField(_("who is at risk"), default=list)
    uncertainty = models.TextField(_("what is uncertain"), max_length=2000, blank=True)
    assessed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    assessed_on = models.DateField(_("assessed on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("risk assessment")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.product} {self.assessed_on}"
