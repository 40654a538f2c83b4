"""Reports in words of the ledger; it tells numbers, codes and days, never facts and never who informed."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    listen__take_report=_("took the report %(of)s"),
    listen__hand_over_report=_("handed the report %(of)s over to another officer"),
    listen__assign_inspector=_("gave the report %(of)s to an inspector"),
    listen__check_report=_("began to check the clue of the report %(of)s"),
    listen__extend_check=_("extended the check of the report %(of)s with a second person"),
    listen__file_report=_("opened the case %(document_no)s on the report %(of)s"),
    listen__not_file_report=_("opened no case on the report %(of)s (%(reason_code)s)"),
    listen__transfer_report=_("passed the report %(of)s on to: %(authority)s"),
    listen__merge_report=_("joined the report %(of)s with %(with)s"),
    listen__inform_informant=_("told the informant of the report %(of)s (%(document)s)"),
    listen__close_report=_("closed the report %(of)s"),
    listen__reopen_report=_("checks the report %(of)s again"),
    listen__note_clue=_("noted a clue found in the mediation of %(of)s as report %(number)s"),
)
