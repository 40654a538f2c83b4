"""The events of this part in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    talent__add_course=_("put the course %(code)s into the catalogue"),
    talent__plan_session=_("planned a course from %(from)s to %(to)s with %(seats)s seats"),
    talent__announce_session=_("announced the course"),
    talent__close_list=_("closed the list of participants"),
    talent__open_list=_("opened the list of participants again"),
    talent__begin_session=_("the course began"),
    talent__end_session=_("the course ended"),
    talent__settle_session=_("closed the course with all results"),
    talent__cancel_session=_("cancelled the course"),
    talent__call_off=_("the course was cancelled"),
    talent__not_called=_("the course was held without this enrolment"),
    talent__enrol=_("enrolled for the course %(session)s"),
    talent__admit=_("admitted the enrolment"),
    talent__queue=_("put the enrolment on the waiting list"),
    talent__refuse_enrolment=_("refused the enrolment"),
    talent__withdraw_enrolment=_("withdrew the enrolment"),
    talent__allow_resit=_("allowed another sitting"),
    talent__sign_in=_("signed in for %(hours)s hours on %(on)s"),
    talent__note_attendance=_("noted the attendance of %(people)s people on %(on)s"),
    talent__attended=_("attended the hours needed"),
    talent__absent=_("attended too few hours"),
    talent__course_passed=_("passed the course"),
    talent__course_failed=_("failed the examination"),
    talent__add_question=_("put the question %(code)s into the bank"),
    talent__revise_question=_("made version %(version)s of the question %(code)s"),
    talent__retire_question=_("retired the question %(code)s"),
    talent__import_questions=_("took over %(rows)s questions from a file"),
    talent__set_exam=_("set the examination; hash of the seed %(commitment)s"),
    talent__draw_paper=_("drew the paper for the ticket %(ticket)s"),
    talent__start_sitting=_("began the examination"),
    talent__hand_in_sitting=_("handed the paper in"),
    talent__time_up=_("the time was up; the paper counts as it was saved"),
    talent__missed_sitting=_("did not sit the examination"),
    talent__mark_sitting=_("the paper was marked: %(points)s of %(most)s points"),
    talent__contest_mark=_("contested the mark"),
    talent__uphold_mark=_("confirmed the mark"),
    talent__correct_mark=_("corrected the mark to %(points)s points"),
    talent__void_sitting=_("voided the sitting"),
    talent__issue_certificate=_("issued the certificate %(of)s, valid until %(valid_to)s"),
    talent__revoke_certificate=_("revoked the certificate on %(on)s"),
    talent__replace_certificate=_("replaced the certificate on %(on)s"),
    talent__expire_certificate=_("the certificate ran out"),
)
