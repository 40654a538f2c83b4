"""Scan statistics: clusters in space, in space and time, on discs or on neighbouring towns.

``scan(cases, population, coordinates)`` returns a :class:`Scan` with its :class:`Cluster`; ``expected_cases`` levels
age, trade or size of firm out; ``connected`` and ``discs`` are the windows themselves.
"""

from qualipolis.methods.signal.space.results import Cluster, Scan
from qualipolis.methods.signal.space.scan import Options, scan
from qualipolis.methods.signal.space.standardise import expected_cases
from qualipolis.methods.signal.space.zones import Zones, connected, discs, distances

__all__ = ["Cluster", "Options", "Scan", "Zones", "connected", "discs", "distances", "expected_cases", "scan"]
