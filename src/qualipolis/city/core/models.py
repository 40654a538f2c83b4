"""People, organisations, roles, the event ledger and the small things every room needs."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.roles import Role


class Bilingual(models.Model):
    """A thing with a Chinese and an English name; ``name`` follows the language of the page."""

    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page, else the other one."""
        if (get_language() or "zh").startswith("zh"):
            return self.name_zh or self.name_en
        return self.name_en or self.name_zh


class City(Bilingual):
    """The one city (or province) this installation serves."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    synthetic = models.BooleanField(_("synthetic demo data"), default=False)
    seed = models.BigIntegerField(_("seed of the synthetic data"), null=True, blank=True)
    scale = models.CharField(_("scale"), max_length=12, default="city")
    built_with = models.CharField(_("version that built the synthetic data"), max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("city")


class Organisation(Bilingual):
    """A body that people act for: a bureau, a branch, a town, a department, an institution, an enterprise."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("market regulation bureau")
        BRANCH = "branch", _("town branch of the bureau")
        TOWN = "town", _("town, subdistrict or park")
        DEPARTMENT = "department", _("city department")
        INSTITUTION = "institution", _("technical institution")
        ENTERPRISE = "enterprise", _("enterprise")
        FEDERATION = "federation", _("co-governance federation")
        ASSOCIATION = "association", _("association")

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        verbose_name = _("organisation")
        ordering = ["code"]


class Person(AbstractUser):
    """Someone who signs in. Personal data is kept to what the work needs."""

    display_name = models.CharField(_("display name"), max_length=80, blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="people"
    )
    demo_role = models.CharField(_("role played in the demo"), max_length=16, blank=True)
    must_change_password = models.BooleanField(_("chooses a new password first"), default=False)

    class Meta:
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.display_name or self.username


class Grant(models.Model):
    """A role given to a person, for one organisation or (without one) for the whole city."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    scope = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="grants")
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("grant of a role")
        indexes = [models.Index(fields=["person", "role"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"


class LedgerRefused(RuntimeError):
    """Someone tried to change or delete a line of the ledger."""


class Lines(models.QuerySet["Event"]):
    """Lines of the ledger: read, append, nothing else."""

    def update(self, **kwargs: object) -> int:
        raise LedgerRefused("A line of the ledger is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise LedgerRefused("A line of the ledger is never deleted.")


class Event(models.Model):
    """One line of the ledger. Never changed, never deleted; ``hash`` covers everything and the line before."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    role = models.CharField(max_length=16, blank=True)
    verb = models.CharField(max_length=80, db_index=True)
    thing = models.CharField(max_length=120, db_index=True)
    rule_version = models.CharField(max_length=40, blank=True)
    payload = models.TextField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = Lines.as_manager()

    class Meta:
        verbose_name = _("event")
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.thing}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise LedgerRefused("A line of the ledger is never changed.")
        super().save(force_insert=True)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise LedgerRefused("A line of the ledger is never deleted.")


class Reversal(models.Model):
    """How a step can be taken back for a few minutes; taking it back is an event of its own."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="reversal")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reversals")
    inverse = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("way back")

    def __str__(self) -> str:
        return f"{self.inverse} {self.event_id}"


class Checkpoint(models.Model):
    """A signed statement that the ledger had ``seq`` events ending in ``hash``."""

    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    public_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("checkpoint")
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:8]}"


class Counter(models.Model):
    """The last number given out in a series, for example ``R`` in 2021."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="one_counter_for_series_and_year")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class Attachment(models.Model):
    """A file kept by the hash of its content; its type is what the content is, not what the name says."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    thing = models.CharField(max_length=120, db_index=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("attachment")

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What someone was typing, kept on the server until it is submitted."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    key = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_draft_for_person_and_form")]

    def __str__(self) -> str:
        return self.key


class Job(models.Model):
    """A long piece of work that shows how far it is."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=400, blank=True)
    result_url = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("job")

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
