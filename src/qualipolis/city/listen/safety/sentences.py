"""The events of this part in words."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    listen__report_incident=_("reported the incident"),
    listen__grade_incident=_("graded the harm: %(harm)s"),
    listen__verify_incident=_("verified the incident, harm %(harm)s"),
    listen__dismiss_incident=_("found that no product was involved"),
    listen__report_upward=_("reported the incident to %(authority)s under %(document_no)s"),
    listen__close_incident=_("closed the incident"),
    listen__reopen_incident=_("took the incident up again"),
    listen__note_firm_report=_("noted that the firm reported on %(on)s"),
    listen__link_incident=_("put the incident into investigation %(to)s"),
    listen__name_product=_("named the product"),
    listen__note_recall_clue=_("noted a clue for a recall"),
    listen__assess_defect=_("began to assess the defect"),
    listen__find_no_defect=_("found no defect"),
    listen__find_defect=_("found a defect"),
    listen__declare_defect=_("declared the defect"),
    listen__reopen_recall=_("began to assess the defect again"),
    listen__order_recall=_("ordered the recall under %(document_no)s"),
    listen__file_recall_plan=_("filed the recall plan: %(units)s pieces until %(until)s"),
    listen__return_recall_plan=_("returned the recall plan"),
    listen__announce_recall=_("announced the recall of %(units)s pieces"),
    listen__report_recall_progress=_("reported %(corrected)s pieces corrected by %(on)s"),
    listen__complete_recall=_("handed in the summary of the recall"),
    listen__evaluate_recall=_("evaluated the effect: %(reached)s of %(sampled)s reached"),
    listen__close_recall=_("closed the recall"),
    listen__draft_warning=_("drafted the warning"),
    listen__edit_warning=_("changed the draft of the warning"),
    listen__hand_in_warning=_("handed the warning in for review"),
    listen__return_warning=_("returned the draft of the warning"),
    listen__discard_warning=_("discarded the draft of the warning"),
    listen__publish_warning=_("published the warning"),
    listen__replace_warning=_("replaced the warning by %(by)s"),
    listen__take_down_warning=_("took the warning down"),
    listen__lapse_warning=_("the warning ran out"),
)
