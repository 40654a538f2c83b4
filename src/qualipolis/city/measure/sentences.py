"""The events of this room in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    measure__create_set=_("made the indicator set of %(year)s, version %(version)s"),
    measure__consult_set=_("sent the indicator set out for comments"),
    measure__revise_set=_("took the indicator set back to revise it: %(reason)s"),
    measure__approve_set=_("approved the indicator set by document %(document_no)s"),
    measure__publish_set=_("published the indicator set"),
    measure__freeze_set=_("froze the indicator set for the year"),
    measure__close_set=_("closed the indicator set"),
    measure__amend_set=_("amended the indicator set by document %(document_no)s: %(reason)s"),
    measure__open_round=_("opened the collection of %(period)s with %(observations)s observations, due %(due_on)s"),
    measure__fill_round=_("filled in %(rows)s values"),
    measure__compute_metrics=_("computed the indicators from the records of snapshot %(snapshot)s"),
    measure__submit_many=_("handed in %(observations)s values"),
    measure__keep_reopened=_("kept %(observations)s reopened values: %(reply)s"),
    measure__verify_many=_("verified %(observations)s values"),
    measure__close_entry=_("ended the entry of values"),
    measure__extend_entry=_("opened the entry again until %(due_on)s: %(reason)s"),
    measure__preview_round=_("sent the preview to the units"),
    measure__lock_round=_("locked the round: %(locked)s values, %(late)s missing as late"),
    measure__reopen_round=_("asked to reopen the round: %(reason)s"),
    measure__confirm_reopen=_("agreed to reopen %(observations)s values: %(reason)s"),
    measure__save_draft=_("saved a draft: %(value)s"),
    measure__mark_missing=_("marked a value as missing: %(note)s"),
    measure__submit=_("handed in the value %(value)s"),
    measure__return=_("returned a value, to be answered by %(due_on)s: %(reason)s"),
    measure__verify=_("verified the value %(value)s"),
    measure__dispute=_("disputed the value %(value)s: %(reason)s"),
    measure__decide_dispute=_("answered an objection: %(reply)s (was %(before)s, is %(value)s)"),
    measure__edit_set=_("changed weights or goalposts of %(count)s nodes"),
    measure__import_values=_("imported %(rows)s values from the file %(file)s"),
    measure__comment_set=_("commented on the set (%(node)s): %(text)s"),
    measure__answer_comment=_("answered the comment %(comment)s: %(reply)s"),
    measure__file_targets=_("filed %(count)s targets of %(unit)s for %(year)s"),
    measure__serve=_("recorded the service of %(document)s on %(units)s units on %(served_on)s"),
    measure__acknowledge=_("acknowledged %(document)s for %(unit)s"),
    measure__question_value=_("questioned a value after a check on site: %(reason)s"),
    measure__note_late_value=_("noted a late value %(value)s of %(indicator)s for %(unit)s from %(source)s"),
    measure__revise_statistic=_("took over a revised statistic of %(unit)s: %(before)s to %(after)s, by %(source)s"),
    measure__set_level_share=_("set the share of the level to %(share)s (before: %(before)s)"),
)
