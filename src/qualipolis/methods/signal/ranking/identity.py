"""Who inspects or tests is no property of the firm: such columns never enter its risk."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse

WHO = re.compile(
    r"inspector|inspected[ _-]?by|examiner|sampler|sampled[ _-]?by|tested[ _-]?by|analyst|officer|auditor|sanitarian"
    r"|(?<!col)laborator|testing[ _-]?(body|centre|center|institut|agency)|检查人|检查员|监督员|监管员|执法人|执法员|抽样人|抽样员"
    r"|抽样机构|抽样单位|采样人|采样员|检验员|检验人|检测员|检测人|化验|实验室|检验机构|检测机构|检验单位|检测单位|承检|审核员",
    re.IGNORECASE,
)
SHORT = re.compile(r"(?<![a-z])(lab|labs|labo)(?![a-z])", re.IGNORECASE)


def names_who(name: str) -> bool:
    """Return whether a column name says who inspected, sampled or tested.

    >>> [names_who(name) for name in ("Inspector_Assigned", "labId", "检验机构", "label", "past_fail")]
    [True, True, True, False, False]
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return bool(WHO.search(name) or WHO.search(apart) or SHORT.search(apart))


def refuse_identity(names: Iterable[str]) -> None:
    """Refuse every column that says who inspected, sampled or tested.

    The greater part of what a ranking seems to gain from such a column is who looks harder, not which firm is worse; a
    firm would be called risky because of the person sent to it.

    Raises
    ------
    InputError
        one problem for each such column

    >>> refuse_identity(["facility_type", "past_fail"])
    """
    what = msg("Column %(name)s says who inspected or tested; it never enters the risk of a firm.")
    remedy = msg("Leave it out here and give it to the report on inspectors and laboratories.")
    refuse(Problem("identity", what, remedy, {"name": name}, name) for name in names if names_who(name))


def traces_of_identity(
    features: Mapping[str, ArrayLike | Sequence[Hashable]], who: Sequence[Hashable]
) -> dict[str, float]:
    """Return how closely each feature goes with who inspected: Cramér's V, corrected for chance, strongest first.

    A postcode can stand for the inspector of that district. 0 is no connection, 1 tells the inspector exactly. Numbers
    are cut at their fifths first.

    References
    ----------
    W. Bergsma (2013), Journal of the Korean Statistical Society 42, 323-328.

    >>> traces_of_identity({"town": ["n"] * 40 + ["s"] * 40, "age": [1, 2] * 40}, ["Li"] * 40 + ["Wu"] * 40)
    {'town': 1.0, 'age': 0.0}
    """
    group = np.unique(_labels(who), return_inverse=True)[1]
    found = {name: _association(_cut(column), group) for name, column in features.items()}
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def _labels(column: ArrayLike | Sequence[Hashable]) -> np.ndarray:
    return np.array([str(one) for one in np.asarray(column, dtype=object).ravel()])


def _cut(column: ArrayLike | Sequence[Hashable]) -> np.ndarray:
    array = np.asarray(column)
    if array.dtype.kind not in "biuf":
        return np.unique(_labels(column), return_inverse=True)[1]
    numbers = array.astype(np.float64).ravel()
    known = numbers[np.isfinite(numbers)]
    edges = np.unique(np.quantile(known, [0.2, 0.4, 0.6, 0.8])) if len(known) else np.zeros(0)
    place = np.where(np.isfinite(numbers), np.searchsorted(edges, numbers, side="left"), -1)
    return np.unique(place, return_inverse=True)[1]


def _association(x: np.ndarray, y: np.ndarray) -> float:
    table = np.zeros((int(x.max(initial=0)) + 1, int(y.max(initial=0)) + 1))
    np.add.at(table, (x, y), 1)
    n, (rows, columns) = float(table.sum()), table.shape
    if n < 2 or min(rows, columns) < 2:
        return 0.0
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / n
    phi = float(((table - expected) ** 2 / expected).sum()) / n
    phi = max(0.0, phi - (rows - 1) * (columns - 1) / (n - 1))
    least = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return float(min(1.0, np.sqrt(phi / least))) if least > 0 else 0.0
