"""Meetings with who was there, resolutions with every vote and who stood aside, and joint tasks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.govern.members.models import Committee, Member, in_language
from qualipolis.law.federation.voting import CHOICES, MAJORITIES, ORDINARY

PERSON = settings.AUTH_USER_MODEL


class FederationMeeting(Moving):
    """A meeting of all members, or of one committee."""

    FLOW = "federation_meeting"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    committee = models.ForeignKey(
        Committee, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("committee")
    )
    meets_on = models.DateField(_("day of the meeting"))
    place = models.CharField(_("where or how"), max_length=160)
    agenda = models.TextField(_("agenda"), max_length=4000, blank=True)
    agenda_en = models.TextField(_("agenda in English"), max_length=4000, blank=True)
    chair = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("in the chair")
    )
    notes = models.TextField(_("notes"), max_length=8000, blank=True)
    notes_en = models.TextField(_("notes in English"), max_length=8000, blank=True)
    minuted_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_on = models.DateField(_("published on"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("meeting of the federation")
        ordering = ["-meets_on", "-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """The title in the language of the page."""
        return in_language(self.title, self.title_en)


class Attendance(models.Model):
    """That a member was asked to a meeting, with its votes of that day, and whether it came."""

    meeting = models.ForeignKey(FederationMeeting, on_delete=models.PROTECT, related_name="attendance")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="attendance")
    votes = models.PositiveSmallIntegerField(_("votes"))
    present = models.BooleanField(_("was there"), default=False)

    class Meta:
        verbose_name = _("attendance")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="govern_asked_once")]

    def __str__(self) -> str:
        return f"{self.meeting} {self.member}"


class Resolution(Moving):
    """A motion that a meeting votes on; what it concerns stands aside."""

    FLOW = "resolution"

    class Subject(models.TextChoices):
        GENERAL = "general", _("a matter of the federation")
        MEMBER = "member", _("membership")
        BREACH = "breach", _("removal from a pact")
        PACT = "pact", _("a pact")

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    meeting = models.ForeignKey(FederationMeeting, on_delete=models.PROTECT, related_name="resolutions")
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    text = models.TextField(_("text of the motion"), max_length=4000)
    text_en = models.TextField(_("text in English"), max_length=4000, blank=True)
    majority = models.CharField(_("majority needed"), max_length=10, choices=list(MAJORITIES.items()), default=ORDINARY)
    subject = models.CharField(_("about"), max_length=10, choices=Subject.choices, default=Subject.GENERAL)
    about = models.ForeignKey(
        Member,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resolutions",
        verbose_name=_("member concerned"),
    )
    pact = models.ForeignKey(
        "govern.Pact",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resolutions",
        verbose_name=_("pact"),
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    result = models.JSONField(_("count"), default=dict)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("resolution")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """The title in the language of the page."""
        return in_language(self.title, self.title_en)

    @property
    def words(self) -> str:
        """The text in the language of the page."""
        return in_language(self.text, self.text_en)


class Vote(models.Model):
    """The vote of a member; one that is dropped later stays on record with the reason."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="votes")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="cast_votes")
    choice = models.CharField(_("vote"), max_length=8, choices=list(CHOICES.items()))
    cast_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField(_("cast at"), default=timezone.now)
    dropped_on = models.DateField(_("dropped on"), null=True, blank=True)

    class Meta:
        verbose_name = _("vote")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["resolution", "member"], name="govern_voted_once")]

    def __str__(self) -> str:
        return f"{self.resolution} {self.member}"


class Recusal(models.Model):
    """That a member stands aside of a resolution, and why."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="recusals")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="recusals")
    reason = models.CharField(_("reason"), max_length=400)
    declared_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    declared_on = models.DateField(_("declared on"), default=timezone.localdate)
    late = models.BooleanField(_("found after the vote"), default=False)

    class Meta:
        verbose_name = _("recusal")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["resolution", "member"], name="govern_aside_once")]

    def __str__(self) -> str:
        return f"{self.resolution} {self.member}"


class JointTask(Moving):
    """A task that members take on together; agencies may propose one, a member leads it."""

    FLOW = "joint_task"

    class Origin(models.TextChoices):
        SECRETARIAT = "secretariat", _("the secretariat")
        MEMBER = "member", _("a member")
        AGENCY = "agency", _("proposed by an agency")

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    topic = models.CharField(_("topic"), max_length=160)
    topic_en = models.CharField(_("topic in English"), max_length=160, blank=True)
    goal = models.TextField(_("what it is to reach"), max_length=2000, blank=True)
    goal_en = models.TextField(_("what it is to reach, in English"), max_length=2000, blank=True)
    origin = models.CharField(_("proposed by"), max_length=12, choices=Origin.choices, default=Origin.SECRETARIAT)
    proposed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField(_("proposed on"), default=timezone.localdate)
    committee = models.ForeignKey(
        Committee, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("committee")
    )
    lead = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="led_tasks", verbose_name=_("led by")
    )
    partners = models.ManyToManyField(Member, blank=True, related_name="partner_tasks", verbose_name=_("partners"))
    until = models.DateField(_("until"), null=True, blank=True)
    report = models.TextField(_("result"), max_length=4000, blank=True)
    report_en = models.TextField(_("result in English"), max_length=4000, blank=True)
    firms_reached = models.PositiveIntegerField(_("firms reached"), null=True, blank=True)
    products_checked = models.PositiveIntegerField(_("products checked"), null=True, blank=True)
    reported_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("joint task")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """The topic in the language of the page."""
        return in_language(self.topic, self.topic_en)
