"""Terms and limits of the quality infrastructure services, with the days on which they hold."""

from __future__ import annotations

from qualipolis.law.nqi.licence_rules import LICENCE_RULES
from qualipolis.law.nqi.service_rules import SERVICE_RULES
from qualipolis.law.rules import Rule

NQI_RULES: tuple[Rule, ...] = (*SERVICE_RULES, *LICENCE_RULES)
