"""The lists of training that can be taken along."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.moves import state_words
from qualipolis.city.talent.models import Question
from qualipolis.city.talent.officers.lists import describe
from qualipolis.city.talent.training import queries

Params = Mapping[str, str]
SESSION_SHOWS = {
    "open": gettext_lazy("open for enrolment"),
    "answer": gettext_lazy("people to answer"),
    "running": gettext_lazy("running"),
    "held": gettext_lazy("results to come"),
    "over": gettext_lazy("ended"),
}
CERTIFICATE_SHOWS = {
    "issued": gettext_lazy("valid"),
    "expired": gettext_lazy("run out"),
    "revoked": gettext_lazy("revoked"),
    "replaced": gettext_lazy("replaced"),
}
QUESTION_SHOWS = {**dict(Question.Kind.choices), "old": gettext_lazy("earlier versions and retired ones")}
HOLDERS = ("trainer", "department", "inspector", "town_officer", "enterprise")


@listing("talent-sessions", gettext_lazy("Courses and sessions"), roles=("trainer",), describe=describe(SESSION_SHOWS))
def session_list(actor: object, params: Params) -> pl.DataFrame:
    """Return the sessions, one line each."""
    rows, text = list(queries.sessions(actor, params).distinct()), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("Course"): (text, [row.course.name for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("First day"): (pl.Date, [row.starts_on for row in rows]),
            _("Last day"): (pl.Date, [row.ends_on for row in rows]),
            _("Place"): (text, [row.place for row in rows]),
            _("Seats"): (pl.Int64, [row.seats for row in rows]),
            _("Seats taken"): (pl.Int64, [row.taken for row in rows]),
        }
    )


@listing(
    "talent-certificates", gettext_lazy("Training certificates"), roles=HOLDERS, describe=describe(CERTIFICATE_SHOWS)
)
def certificate_list(actor: object, params: Params) -> pl.DataFrame:
    """Return the certificates somebody sees, one line each."""
    rows, text = list(queries.certificates(actor, params)), pl.String
    return table(
        {
            _("Number"): (text, [row.number for row in rows]),
            _("State"): (text, [state_words(row) for row in rows]),
            _("Holder"): (text, [row.learner.name for row in rows]),
            _("Firm"): (text, [row.learner.enterprise.name if row.learner.enterprise else None for row in rows]),
            _("Course"): (text, [row.course.name for row in rows]),
            _("Issued on"): (pl.Date, [row.issued_on for row in rows]),
            _("Valid until"): (pl.Date, [row.valid_to for row in rows]),
        }
    )


@listing("talent-questions", gettext_lazy("Question bank"), roles=("trainer",), describe=describe(QUESTION_SHOWS))
def question_list(actor: object, params: Params) -> pl.DataFrame:
    """Return the bank without its answers, one line each."""
    rows, text = list(queries.questions(actor, params)), pl.String
    return table(
        {
            _("Code"): (text, [row.code for row in rows]),
            _("Version"): (pl.Int64, [row.version for row in rows]),
            _("Kind"): (text, [row.get_kind_display() for row in rows]),
            _("Topic"): (text, [row.topic for row in rows]),
            _("Difficulty"): (pl.Int64, [row.level for row in rows]),
            _("Question"): (text, [row.stem for row in rows]),
        }
    )
