"""Pacts with their checks for fair competition, who signed them, and breaches with their coaching."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.moves import Moving, state
from qualipolis.city.govern.members.models import Committee, Member, in_language

PERSON = settings.AUTH_USER_MODEL


class Pact(Moving):
    """A pact of members; a newer version replaces an older one, no word of a published one changes."""

    FLOW = "pact"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    title = models.CharField(_("title"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    text = models.TextField(_("text of the pact"), max_length=12000)
    text_en = models.TextField(_("text in English"), max_length=12000, blank=True)
    committee = models.ForeignKey(
        Committee, null=True, blank=True, on_delete=models.PROTECT, related_name="pacts", verbose_name=_("committee")
    )
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer", verbose_name=_("replaces")
    )
    written_by = models.ForeignKey(
        PERSON, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    written_on = models.DateField(_("written on"), default=timezone.localdate)
    turn = models.PositiveSmallIntegerField(_("turn of the check"), default=0)
    checked_digest = models.CharField(_("digest of what was checked"), max_length=64, blank=True)
    cleared_on = models.DateField(_("check passed on"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    document_no = models.CharField(_("number of the decision"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("pact")
        ordering = ["-pk"]

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


class CompetitionCheck(models.Model):
    """What one person answered in the fair-competition check of one turn."""

    pact = models.ForeignKey(Pact, on_delete=models.PROTECT, related_name="checks")
    turn = models.PositiveSmallIntegerField(_("turn of the check"))
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("checked by"))
    answers = models.JSONField(_("answers"), default=dict)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    digest = models.CharField(_("digest of the text"), max_length=64)
    checked_on = models.DateField(_("checked on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("fair-competition check")
        ordering = ["turn", "pk"]
        constraints = [models.UniqueConstraint(fields=["pact", "turn", "person"], name="govern_checked_once")]

    def __str__(self) -> str:
        return f"{self.pact} {self.turn}"

    @property
    def doubts(self) -> list[str]:
        """The points that may restrict competition."""
        return [code for code, said in self.answers.items() if said == "doubt"]


class PactSignature(models.Model):
    """A member's signature under a pact, until it ends."""

    pact = models.ForeignKey(Pact, on_delete=models.PROTECT, related_name="signatures")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="signatures")
    signed_on = models.DateField(_("signed on"), default=timezone.localdate)
    signed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("signature")
        ordering = ["signed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pact", "member"], condition=models.Q(ended_on=None), name="govern_signed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pact} {self.member}"


class PactBreach(Moving):
    """A breach of a pact by a member: heard, coached, and only then removed."""

    FLOW = "pact_breach"

    class Source(models.TextChoices):
        SECRETARIAT = "secretariat", _("the secretariat")
        MEMBER = "member", _("a member")
        CLUE = "clue", _("a clue")

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    pact = models.ForeignKey(Pact, on_delete=models.PROTECT, related_name="breaches", verbose_name=_("pact"))
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="breaches", verbose_name=_("member"))
    source = models.CharField(_("how it was found"), max_length=12, choices=Source.choices, default=Source.SECRETARIAT)
    raised_on = models.DateField(_("reported on"), default=timezone.localdate)
    raised_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    facts = models.TextField(_("what happened"), max_length=4000)
    statement = models.TextField(_("statement of the member"), max_length=4000, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    plan = models.TextField(_("plan of the coaching"), max_length=4000, blank=True)
    report = models.TextField(_("what was mended"), max_length=4000, blank=True)
    resolution = models.ForeignKey(
        "govern.Resolution", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    second_person = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    document_no = models.CharField(_("number of the decision"), max_length=60, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("breach of a pact")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number
