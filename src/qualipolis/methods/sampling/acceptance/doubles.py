"""Double plans of GB/T 2828.1-2012 Tables 3-A, 3-B, 3-C, by the acceptance number of the matching single plan."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qualipolis.methods.problems import msg

Numbers = tuple[int, int, int, int]
"""Ac1, Re1, Ac2, Re2; the second pair counts both samples."""

_COMMON: Mapping[int, Numbers] = MappingProxyType(
    {1: (0, 2, 1, 2), 2: (0, 3, 3, 4), 3: (1, 3, 4, 5), 5: (2, 5, 6, 7), 10: (5, 9, 12, 13)}
)
DOUBLES: Mapping[str, Mapping[int, Numbers]] = MappingProxyType(
    {
        "normal": {**_COMMON, 7: (3, 6, 9, 10), 14: (7, 11, 18, 19), 21: (11, 16, 26, 27)},
        "tightened": {**_COMMON, 8: (4, 7, 10, 11), 12: (6, 10, 15, 16), 18: (9, 14, 23, 24)},
        "reduced": {**_COMMON, 5: (2, 4, 5, 6), 6: (3, 6, 7, 8), 8: (4, 7, 10, 11)},
    }
)
DISPUTED = frozenset({("reduced", 5)})
DISPUTED_WHY = msg(
    "The sources give 2/4 and 5/6 here, whose curve is nearer to a single plan with Ac 4 than with Ac 5. Check Table 3-C "
    "before use."
)
SINGLE_SOURCE = msg("The double plans rest on one public transcription, checked only against the single plans' curves.")
