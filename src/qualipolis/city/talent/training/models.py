"""Courses, sessions with attendance, the question bank, examinations with their sittings, and certificates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qualipolis.city.core.models import Bilingual
from qualipolis.city.core.moves import Moving, state
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.city.talent.officers.models import Learner, Officer

PERSON = settings.AUTH_USER_MODEL


class Course(Bilingual):
    """A course of the catalogue: whom it trains, its hours, whether it ends with an examination and how that is composed."""

    class Kind(models.TextChoices):
        OFFICER = "officer", _("chief quality officer")
        REFRESHER = "refresher", _("refresher for chief quality officers")
        REVIEWER = "reviewer", _("reviewer of performance excellence")
        GENERAL = "general", _("quality training for everyone")

    code = models.CharField(_("code"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1)
    content = models.TextField(_("content"), max_length=2000, blank=True)
    content_en = models.TextField(_("content, in English"), max_length=2000, blank=True)
    examined = models.BooleanField(_("ends with an examination"), default=True)
    minutes = models.PositiveSmallIntegerField(_("minutes of the examination"), default=60)
    blueprint = models.JSONField(_("composition of the paper"), default=list, blank=True)
    ended_on = models.DateField(_("offered until"), null=True, blank=True)

    class Meta:
        verbose_name = _("course")
        ordering = ["code"]


class Session(Moving):
    """One time that a course is held."""

    FLOW = "training_session"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="training_sessions", verbose_name=_("town")
    )
    place = models.CharField(_("place"), max_length=160, blank=True)
    teacher = models.CharField(_("teacher"), max_length=120, blank=True)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    enrol_until = models.DateField(_("enrolment until"), null=True, blank=True)
    planned_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("training session")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class SessionDay(models.Model):
    """One block of hours of a session, with the code that participants type to sign in."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="days")
    on = models.DateField(_("day"))
    label = models.CharField(_("part of the day"), max_length=40, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=1)
    code = models.CharField(_("sign-in code"), max_length=8)

    class Meta:
        verbose_name = _("day of a session")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.session} {self.on}"


class Enrolment(Moving):
    """One person in one session."""

    FLOW = "enrolment"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="enrolments")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="enrolments")
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("firm")
    )
    officer = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments")
    enrolled_on = models.DateField(_("enrolled on"), default=timezone.localdate)
    enrolled_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    ended_on = models.DateField(_("result on"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["session", "learner"], name="talent_enrolled_once")]

    def __str__(self) -> str:
        return self.number


class Attendance(models.Model):
    """The hours of one block that one person attended; 0 says that the person was not there."""

    class How(models.TextChoices):
        CODE = "code", _("signed in with the code")
        TRAINER = "trainer", _("noted by the trainer")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendance")
    day = models.ForeignKey(SessionDay, on_delete=models.PROTECT, related_name="attendance")
    hours = models.DecimalField(_("hours attended"), max_digits=4, decimal_places=1)
    how = models.CharField(_("how it is known"), max_length=8, choices=How.choices)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("attendance")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "day"], name="talent_attended_once")]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.day}"


class QuestionBatch(models.Model):
    """A file of questions that was taken over as a whole."""

    file = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    rows = models.PositiveIntegerField(_("questions"))
    taken_at = models.DateTimeField(_("taken over at"), default=timezone.now)
    taken_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file of questions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file


class Question(models.Model):
    """One version of a question. A change makes a new version; papers name the version they asked."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("one answer is right")
        MULTIPLE = "multiple", _("several answers are right")
        TRUE_FALSE = "true_false", _("right or wrong")
        NUMBER = "number", _("a number")

    code = models.CharField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    topic = models.CharField(_("topic"), max_length=60)
    level = models.PositiveSmallIntegerField(_("difficulty set by the author, 1 to 3"), default=2)
    stem = models.TextField(_("question"), max_length=2000)
    stem_en = models.TextField(_("question, in English"), max_length=2000, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    answer = models.JSONField(_("answer"))
    tolerance = models.FloatField(_("tolerance"), default=0.0)
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    source = models.CharField(_("clause or book"), max_length=200, blank=True)
    batch = models.ForeignKey(QuestionBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="questions")
    batch_row = models.PositiveIntegerField(_("row of the file"), null=True, blank=True)
    current = models.BooleanField(_("is asked"), default=True, db_index=True)
    made_on = models.DateField(_("made on"), default=timezone.localdate)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    retire_reason = models.CharField(_("why it was retired"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("question")
        ordering = ["code", "-version"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="talent_question_version")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Exam(models.Model):
    """One examination of a session: its window, its composition, the questions it draws from, and the seed.

    The hash of the seed is shown before anybody begins; the seed itself when the window is over, so that each draw can
    be repeated.
    """

    number = models.CharField(_("number"), max_length=24, unique=True)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="exams")
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("begun until"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    blueprint = models.JSONField(_("composition of the paper"))
    pool = models.JSONField(_("versions of the questions"))
    seed = models.CharField(_("seed"), max_length=64)
    commitment = models.CharField(_("SHA-256 of the seed"), max_length=64)
    pass_share = models.FloatField(_("share of the points to pass"))
    set_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set at"), default=timezone.now)

    class Meta:
        verbose_name = _("examination")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class Sitting(Moving):
    """One candidate's paper: what was drawn, what was answered and saved, what it was worth."""

    FLOW = "examination"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = state(FLOW)
    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, related_name="sittings")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="sittings")
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    ticket = models.CharField(_("ticket"), max_length=40, unique=True)
    paper = models.JSONField(_("paper"), default=list)
    fingerprint = models.CharField(_("fingerprint of the paper"), max_length=64, blank=True)
    started_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("time is up at"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    saved_at = models.DateTimeField(_("last saved at"), null=True, blank=True)
    saves = models.PositiveIntegerField(_("times saved"), default=0)
    marks = models.JSONField(_("points by question"), default=dict, blank=True)
    points = models.FloatField(_("points"), null=True, blank=True)
    most = models.FloatField(_("most points"), null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    contest = models.CharField(_("why the mark is contested"), max_length=1000, blank=True)
    reply = models.CharField(_("reply"), max_length=1000, blank=True)
    void_reason = models.CharField(_("why it is void"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("sitting")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number


class TrainingCertificate(Moving):
    """A certificate, with the text that was signed and its signature; the text is never written anew."""

    FLOW = "training_certificate"

    number = models.CharField(_("number"), max_length=32, unique=True)
    status = state(FLOW)
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="certificates")
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates"
    )
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="certificates")
    officer = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates")
    issued_on = models.DateField(_("issued on"))
    valid_to = models.DateField(_("valid until"))
    payload = models.TextField(_("text signed"))
    signature = models.CharField(_("signature"), max_length=128)
    public_key = models.CharField(_("public key"), max_length=64)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=400, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        verbose_name = _("training certificate")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number
