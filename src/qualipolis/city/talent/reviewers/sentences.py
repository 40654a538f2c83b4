"""The events of reviewers in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    talent__apply_reviewer=_("applied to become a reviewer"),
    talent__train_reviewer=_("recorded the training of the reviewer"),
    talent__examine_reviewer=_("recorded the examination of the reviewer: %(score)s points"),
    talent__appoint_reviewer=_("appointed the reviewer as a trainee under %(document_no)s"),
    talent__promote_reviewer=_("promoted the reviewer after %(reviews)s reviews"),
    talent__demote_reviewer=_("put the reviewer back one level"),
    talent__suspend_reviewer=_("suspended the reviewer"),
    talent__resume_reviewer=_("ended the suspension of the reviewer"),
    talent__refuse_reviewer=_("did not admit the applicant as a reviewer"),
    talent__remove_reviewer=_("removed the reviewer from the list under %(document_no)s"),
    talent__leave_reviewers=_("left the list of reviewers"),
    talent__list_reviewer=_("changed the consent to the public list"),
    talent__record_reviewer_hours=_("recorded %(hours)s hours of training on %(on)s"),
    talent__tell_tie=_("told of a tie to a firm"),
    talent__withdraw_tie=_("withdrew a tie to a firm"),
    talent__rate_reviewer=_("rated a review: %(score)s of 5"),
)
