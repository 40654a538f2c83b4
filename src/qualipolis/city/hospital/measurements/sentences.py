"""Measurement files in words of the ledger: numbers only, never what was measured."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qualipolis.city.core.sentences import sentences

sentences(
    hospital__upload_measurements=_("handed in a measurement file with %(values)s values for the case %(of)s"),
    hospital__set_reading=_("changed how a measurement file of the case %(of)s is read"),
    hospital__set_phases=_("set the phases of a measurement file of the case %(of)s"),
    hospital__choose_instrument=_("chose the instrument for a measurement file of the case %(of)s: %(instrument)s"),
)
