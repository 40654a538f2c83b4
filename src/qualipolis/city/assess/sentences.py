"""The events of this room in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    assess__run=_("computed an assessment of %(units)s units (%(replicates)s replicates, seed %(seed)s)"),
    assess__adjust=_("entered an adjustment for %(unit)s by document %(document)s: %(reason)s"),
    assess__preview=_("sent the preview of the assessment; objections until %(due_on)s"),
    assess__decide=_("decided on the assessment by %(document)s, meeting of %(meeting_on)s"),
    assess__publish=_("published the release %(number)s"),
    assess__supersede=_("replaced an earlier release by %(by)s"),
    assess__withdraw=_("withdrew the release %(number)s: %(reason)s"),
    assess__call_self_evaluations=_("asked %(units)s units for their self-evaluation by %(due_on)s"),
    assess__save_self_evaluation=_("wrote %(items)s items of the self-evaluation of %(unit)s"),
    assess__submit_self_evaluation=_("handed in the self-evaluation of %(unit)s, signed by %(signatory)s"),
    assess__return_self_evaluation=_("returned the self-evaluation of %(unit)s: %(reason)s"),
    assess__accept_self_evaluation=_("accepted the self-evaluation of %(unit)s"),
    assess__plan_site_check=_("planned checks on site: %(by_risk)s by risk, %(at_random)s by lot, seed %(seed)s"),
    assess__draw_site_check=_("drew %(count)s units for checks on site"),
    assess__name_checkers=_("named %(count)s checkers for %(unit)s"),
    assess__start_visit=_("began the check on site of %(unit)s"),
    assess__record_finding=_("wrote a finding on %(indicator)s of %(unit)s: %(words)s"),
    assess__sign_visit=_("signed the check on site of %(unit)s (%(signatory)s)"),
    assess__object_visit=_("objected to the check on site of %(unit)s: %(reason)s"),
    assess__answer_visit=_("answered the objection of %(unit)s: %(reply)s"),
    assess__settle_finding=_("acted on the finding on %(indicator)s of %(unit)s: %(reply)s"),
    assess__conclude_visit=_("concluded the check on site of %(unit)s"),
    assess__draft_notice=_("wrote the draft of the notice of release %(release)s"),
    assess__edit_notice=_("changed the words of a draft notice"),
    assess__issue_notice=_("issued the notice %(document)s of %(issued_on)s and served it on %(units)s units"),
    assess__withdraw_notice=_("withdrew the notice %(document)s: %(reason)s"),
    assess__open_rectifications=_("opened %(count)s rectifications after release %(release)s, due on %(due_on)s"),
    assess__open_rectification=_("opened a rectification for %(unit)s, due on %(due_on)s"),
    assess__plan_rectification=_("handed in the plan of rectification of %(unit)s"),
    assess__report_rectification=_("handed in the report of rectification of %(unit)s"),
    assess__check_item=_("checked an item of rectification (%(indicator)s) of %(unit)s: %(words)s"),
    assess__return_rectification=_("returned the report of rectification of %(unit)s: %(reason)s"),
    assess__close_rectification=_("closed the rectification of %(unit)s"),
    assess__extend_rectification=_("gave %(unit)s until %(due_on)s to rectify (before: %(before)s): %(reason)s"),
)
