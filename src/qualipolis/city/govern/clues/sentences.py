"""Clues in words of the ledger; it tells numbers, never facts and never who gave one."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    federation__raise_clue=_("gave the clue %(of)s to the federation"),
    federation__open_sender=_("opened the seal over the sender of the clue %(of)s"),
    federation__place_clue=_("said which firm or town the clue %(of)s is about"),
    federation__screen_clue=_("screened the clue %(of)s"),
    federation__forward_clue=_("forwarded the clue %(of)s to market regulation"),
    federation__refer_clue=_("offered the product hospital on the clue %(of)s"),
    federation__assign_clue=_("gave the clue %(of)s to the association %(association)s"),
    federation__drop_clue=_("dropped the clue %(of)s"),
    federation__report_clue=_("reported what was done about the clue %(of)s"),
    federation__give_back_clue=_("gave the clue %(of)s back"),
    federation__take_back_clue=_("took the clue %(of)s back"),
    federation__answer_clue=_("answered the clue %(of)s"),
    federation__reopen_clue=_("screens the clue %(of)s again"),
    federation__close_clue=_("closed the clue %(of)s"),
)
