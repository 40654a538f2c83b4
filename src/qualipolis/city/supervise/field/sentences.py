"""What happened on site, in words. The sentences on samples name nothing but the code."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    supervise__assign_task=_("named %(samplers)s inspectors for the task %(of)s"),
    supervise__skip_recent=_("did not sample again in the task %(of)s: sampled within six months"),
    supervise__replace_task=_("put the task %(by)s (reserve place %(place)s) in the place of %(of)s"),
    supervise__leave_task_open=_("closed the task %(of)s without a replacement: %(reason)s"),
    supervise__give_task_back=_("took the task %(of)s back: %(reason)s"),
    supervise__void_task=_("voided the task %(of)s: %(reason)s"),
    supervise__complete_task=_("completed the task %(of)s"),
    supervise__arrive=_("began on site in the task %(of)s"),
    supervise__save_form=_("wrote %(fields)s fields of the sampling form %(form)s"),
    supervise__correct_form=_("corrected the sampling form %(form)s, confirmed by %(by)s: %(reason)s"),
    supervise__take_sample=_("took the sample of the task %(of)s (form %(form)s)"),
    supervise__not_sample=_("took no sample in the task %(of)s: %(reason)s"),
    supervise__refuse_sampling=_("recorded the refusal of sampling in the task %(of)s: %(reason)s"),
    supervise__stop_unlawful=_("stopped the sampling in the task %(of)s for unlawful facts: %(reason)s"),
    supervise__report_refusal=_("reported the refusal in the task %(of)s to %(authority)s"),
    supervise__report_unlawful=_("reported the unlawful facts in the task %(of)s to %(authority)s"),
    supervise__leave_sample=_("left the sample %(of)s sealed with the firm"),
    supervise__dispatch_sample=_("sent the sample %(of)s to the laboratory"),
    supervise__keep_backup=_("put the backup sample %(of)s under seal"),
    supervise__spoil_sample=_("recorded that the sample %(of)s was spoiled: %(reason)s"),
    supervise__lose_sample=_("recorded the loss of the sample %(of)s: %(reason)s"),
    supervise__receive_submission=_("sent the task %(of)s from a device"),
    supervise__see_conflict=_("saw the second submission of the task %(of)s"),
)
