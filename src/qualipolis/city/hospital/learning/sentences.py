"""What is learned in words of the ledger; it never repeats what was written."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    hospital__write_knowledge=_("wrote the knowledge case %(of)s"),
    hospital__edit_knowledge=_("changed the knowledge case %(of)s"),
    hospital__ask_for_knowledge=_("asked the firm to read the knowledge case %(of)s"),
    hospital__agree_to_knowledge=_("agreed to the knowledge case %(of)s"),
    hospital__refuse_knowledge=_("does not share the knowledge case %(of)s"),
    hospital__return_knowledge=_("asked for changes of the knowledge case %(of)s"),
    hospital__publish_knowledge=_("published the knowledge case %(of)s"),
    hospital__withdraw_knowledge=_("withdrew the knowledge case %(of)s"),
    hospital__unname_knowledge=_("took the name of the firm off the knowledge case %(of)s"),
    hospital__propose_group=_("found the group disease %(of)s: %(cases)s cases of %(firms)s firms"),
    hospital__join_group=_("joined cases to the group disease %(of)s: now %(cases)s of %(firms)s firms"),
    hospital__take_up_group=_("took up the group disease %(of)s"),
    hospital__dismiss_group=_("dismissed the group disease %(of)s"),
    hospital__conclude_group=_("concluded the group disease %(of)s"),
    hospital__rate_case=_("rated the treatment of the case %(of)s"),
    hospital__check_up=_("made a check-up of the firm, edition %(edition)s"),
)
