"""On site: tasks, samplers, the form, samples with seals and their way from hand to hand."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Attachment
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Institution, Product, Unit
from qualipolis.city.supervise.draws.models import DrawnUnit, DrawRun
from qualipolis.city.supervise.planning.models import Campaign

PERSON = settings.AUTH_USER_MODEL


class SamplingTask(Moving):
    """One firm to sample: from the draw, from the reserve list in place of another, or (named so) chosen by hand."""

    FLOW = "sampling_task"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="tasks")
    number = models.CharField(_("number"), max_length=24, unique=True)
    draw = models.ForeignKey(DrawRun, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    drawn = models.OneToOneField(DrawnUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="task")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="sampling_tasks")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="sampling_tasks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sampling_tasks")
    status = state(FLOW)
    chosen_by_hand = models.BooleanField(_("chosen by hand"), default=False)
    follows = models.ForeignKey(
        "supervise.Result", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    samplers = models.ManyToManyField(PERSON, through="supervise.Assignment", related_name="sampling_tasks", blank=True)
    reason_code = models.CharField(_("reason for not sampling"), max_length=20, blank=True)
    reason = models.TextField(_("what happened"), max_length=2000, blank=True)
    authority = models.CharField(_("reported to"), max_length=120, blank=True)
    arrived_at = models.DateTimeField(_("on site at"), null=True, blank=True)
    sampled_on = models.DateField(_("sampled on"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision of the form"), default=0)
    created_at = models.DateTimeField(default=timezone.now)
    synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("sampling task")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Assignment(models.Model):
    """A sampler of a task, with the ticket that drew them and the probability it had."""

    task = models.ForeignKey(SamplingTask, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="assignments")
    ticket = models.CharField(_("ticket"), max_length=64, blank=True)
    probability = models.FloatField(_("probability of being drawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        ordering = ["task", "pk"]
        constraints = [models.UniqueConstraint(fields=["task", "person"], name="one_assignment_for_task_and_person")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.person_id}"


class SamplingForm(models.Model):
    """The form filled in on site (抽样单): what was sampled, how it stood, who signed."""

    class Signature(models.TextChoices):
        SIGNED = "signed", _("signed by the firm")
        REFUSED = "refused", _("the firm refused to sign")
        WITNESSED = "witnessed", _("signed by a witness")

    task = models.OneToOneField(SamplingTask, on_delete=models.PROTECT, related_name="form")
    number = models.CharField(_("number of the form"), max_length=24, unique=True)
    product_name = models.CharField(_("product"), max_length=120, blank=True)
    model = models.CharField(_("model or specification"), max_length=120, blank=True)
    brand = models.CharField(_("brand"), max_length=80, blank=True)
    batch = models.CharField(_("batch"), max_length=80, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    keeps_until = models.DateField(_("keeps until"), null=True, blank=True)
    standard = models.CharField(_("standard declared"), max_length=80, blank=True)
    licence_no = models.CharField(_("licence or certificate of the product"), max_length=80, blank=True)
    stock = models.PositiveIntegerField(_("stock"), null=True, blank=True)
    test_quantity = models.PositiveIntegerField(_("test sample"), null=True, blank=True)
    backup_quantity = models.PositiveIntegerField(_("backup sample"), null=True, blank=True)
    price = models.DecimalField(_("price of one, CNY"), max_digits=10, decimal_places=2, null=True, blank=True)
    free_of_charge = models.BooleanField(_("not destroyed, so not bought"), default=False)
    voucher_no = models.CharField(_("purchase voucher"), max_length=80, blank=True)
    producer = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="forms_as_producer"
    )
    producer_name = models.CharField(_("labelled producer"), max_length=200, blank=True)
    producer_address = models.CharField(_("address on the label"), max_length=200, blank=True)
    platform = models.CharField(_("platform"), max_length=120, blank=True)
    order = models.CharField(_("order number and page"), max_length=400, blank=True)
    storage = models.CharField(_("place and way of storage"), max_length=200, blank=True)
    words = models.TextField(_("remarks"), max_length=2000, blank=True)
    seal_numbers = models.JSONField(_("numbers of the seals, by part"), default=dict, blank=True)
    signature = models.CharField(_("signature"), max_length=10, choices=Signature.choices, blank=True)
    signatory = models.CharField(_("signed by"), max_length=80, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    accuracy = models.FloatField(_("accuracy, metres"), null=True, blank=True)
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    filled_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sampling form")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Submission(models.Model):
    """One sending of a form from a device. The same one sent twice is one; a later one of another hand is a conflict."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REPEATED = "repeated", _("had been received already")
        CONFLICT = "conflict", _("somebody else had sent this task before")
        REFUSED = "refused", _("not accepted")

    client_id = models.UUIDField(_("number given by the device"), unique=True)
    task = models.ForeignKey(SamplingTask, on_delete=models.PROTECT, related_name="submissions")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(_("revision it started from"), default=0)
    written_at = models.DateTimeField(_("written on the device at"), null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    payload = models.JSONField(default=dict)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    problems = models.JSONField(default=list)
    seen_at = models.DateTimeField(_("both told at"), null=True, blank=True)
    seen_by = models.ManyToManyField(PERSON, related_name="+", blank=True)

    class Meta:
        verbose_name = _("submission from a device")
        ordering = ["received_at"]

    def __str__(self) -> str:
        return f"{self.client_id} {self.outcome}"


class FieldPhoto(models.Model):
    """A picture taken on site, or the drawn signature. The device gives it a number, so that sent twice it is one."""

    class Kind(models.TextChoices):
        PLACE = "place", _("place and entrance")
        STOCK = "stock", _("stock and storage")
        LABEL = "label", _("marks and label")
        PROCESS = "process", _("how the sample was taken")
        SEAL = "seal", _("seals on the samples")
        ORDER = "order", _("page of the order and payment")
        UNPACKING = "unpacking", _("unpacking")
        VOUCHER = "voucher", _("purchase voucher")
        EVIDENCE = "evidence", _("evidence")
        SIGNATURE = "signature", _("drawn signature")

    client_id = models.UUIDField(_("number given by the device"), unique=True)
    task = models.ForeignKey(SamplingTask, on_delete=models.PROTECT, related_name="photos")
    kind = models.CharField(_("what it shows"), max_length=10, choices=Kind.choices)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("picture from the site")
        ordering = ["task", "attempt", "kind", "pk"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"


class Sample(Moving):
    """A test sample or its backup. ``code`` is all that a laboratory knows of where it comes from."""

    class Part(models.TextChoices):
        TEST = "test", _("test sample")
        BACKUP = "backup", _("backup sample")

    task = models.ForeignKey(SamplingTask, on_delete=models.PROTECT, related_name="samples")
    part = models.CharField(_("part"), max_length=6, choices=Part.choices)
    code = models.CharField(_("blind code"), max_length=16, unique=True)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    status = models.CharField(_("state"), max_length=20, default="sealed", db_index=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    laboratory = models.ForeignKey(Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="samples")
    location = models.CharField(_("where it is"), max_length=120, blank=True)
    received_on = models.DateField(_("received by the laboratory on"), null=True, blank=True)
    licence_seen = models.CharField(_("licence or certificate seen"), max_length=80, blank=True)
    reason = models.TextField(_("what happened"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("sample")
        ordering = ["task", "part", "attempt"]
        constraints = [models.UniqueConstraint(fields=["task", "part", "attempt"], name="one_sample_for_part")]

    def __str__(self) -> str:
        return self.code

    @property
    def flow_code(self) -> str:
        """The table of the test sample (its own for food) or of the backup sample."""
        if self.part == self.Part.BACKUP:
            return "backup_sample"
        return "food_sample" if self.task.campaign.food else "sample"


class Seal(models.Model):
    """A tamper-evident seal on a sample, and how it was found on receipt."""

    class Found(models.TextChoices):
        INTACT = "intact", _("intact")
        BROKEN = "broken", _("broken")
        MISMATCH = "mismatch", _("does not match the form")

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="seals")
    number = models.CharField(_("number of the seal"), max_length=40, unique=True)
    applied_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(default=timezone.now)
    photo = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    found = models.CharField(_("found on receipt"), max_length=10, choices=Found.choices, blank=True)
    found_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("seal")
        ordering = ["sample", "applied_at"]

    def __str__(self) -> str:
        return self.number


class Custody(models.Model):
    """One hand to the next: who gave a sample, who took it, where, when. Lines are only added."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="custody")
    at = models.DateTimeField(default=timezone.now)
    given_by = models.CharField(_("given by"), max_length=120)
    taken_by = models.CharField(_("taken by"), max_length=120)
    place = models.CharField(_("place"), max_length=120, blank=True)
    words = models.CharField(_("remarks"), max_length=400, blank=True)
    person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("custody")
        ordering = ["sample", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.given_by} → {self.taken_by}"
