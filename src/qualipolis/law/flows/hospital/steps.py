"""The step that every table of the product hospital is made of: it rests on the city's own rules."""

from __future__ import annotations

from functools import partial

from qualipolis.law.flow import Step
from qualipolis.law.hospital.rules import NOTE

step = partial(Step, law=NOTE)
