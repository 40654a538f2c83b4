"""Members of the federation, its committees, what firms pledge, and the opinions of agencies, which guide and bind nobody."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Bilingual, Organisation
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Unit

PERSON = settings.AUTH_USER_MODEL


def in_language(zh: str, en: str) -> str:
    """Return the words in the language of the page, else those of the other."""
    return zh or en if (get_language() or "zh").startswith("zh") else en or zh


class Member(Moving):
    """A member: an association, a firm, or a representative of consumers, never an agency."""

    FLOW = "federation_member"

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("trade association")
        ENTERPRISE = "enterprise", _("firm")
        CONSUMER = "consumer", _("consumer representative")

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    kind = models.CharField(_("kind of member"), max_length=12, choices=Kind.choices)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("firm")
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("town")
    )
    votes = models.PositiveSmallIntegerField(_("votes"), default=1)
    purpose = models.TextField(_("what the member wants to contribute"), max_length=1000, blank=True)
    applied_on = models.DateField(_("applied on"), default=timezone.localdate)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    joined_on = models.DateField(_("member since"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    document_no = models.CharField(_("number of the decision"), max_length=60, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("member of the federation")
        ordering = ["kind", "number"]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """The name of the organisation in the language of the page."""
        return self.organisation.name


class Committee(Bilingual):
    """A committee of the federation for one field."""

    code = models.CharField(_("code"), max_length=24, unique=True)
    purpose = models.CharField(_("what it looks after"), max_length=400, blank=True)
    purpose_en = models.CharField(_("what it looks after, in English"), max_length=400, blank=True)
    founded_on = models.DateField(_("founded on"), default=timezone.localdate)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)

    class Meta:
        verbose_name = _("committee")
        ordering = ["code"]

    @property
    def aim(self) -> str:
        """What it looks after, in the language of the page."""
        return in_language(self.purpose, self.purpose_en)


class Seat(models.Model):
    """The seat of a member in a committee; one of them takes the chair."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="seats")
    chair = models.BooleanField(_("takes the chair"), default=False)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("seat in a committee")
        ordering = ["committee", "-chair", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "member"], condition=models.Q(until=None), name="govern_one_seat"
            ),
            models.UniqueConstraint(
                fields=["committee"], condition=models.Q(until=None, chair=True), name="govern_one_chair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee.code} {self.member}"


class Pledge(Moving):
    """What a firm promises in public, and until when; no recommendation and no ranking."""

    FLOW = "pledge"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="pledges", verbose_name=_("firm"))
    content = models.TextField(_("what the firm pledges"), max_length=2000)
    content_en = models.TextField(_("what the firm pledges, in English"), max_length=2000, blank=True)
    valid_to = models.DateField(_("holds until"))
    made_on = models.DateField(_("written on"), default=timezone.localdate)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    statement = models.TextField(_("statement of the firm"), max_length=2000, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    report = models.TextField(_("how it was fulfilled"), max_length=2000, blank=True)
    second_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("pledge")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def words(self) -> str:
        """What is pledged, in the language of the page."""
        return in_language(self.content, self.content_en)


class Opinion(models.Model):
    """The opinion of an agency: it guides, and the federation answers; it decides nothing."""

    pact = models.ForeignKey("govern.Pact", null=True, blank=True, on_delete=models.PROTECT, related_name="opinions")
    task = models.ForeignKey(
        "govern.JointTask", null=True, blank=True, on_delete=models.PROTECT, related_name="opinions"
    )
    meeting = models.ForeignKey(
        "govern.FederationMeeting", null=True, blank=True, on_delete=models.PROTECT, related_name="opinions"
    )
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("given by"))
    role = models.CharField(_("role"), max_length=16)
    text = models.TextField(_("opinion"), max_length=2000)
    given_on = models.DateField(_("given on"), default=timezone.localdate)
    answer = models.TextField(_("answer of the federation"), max_length=2000, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("opinion of an agency")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk}"
