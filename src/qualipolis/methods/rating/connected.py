"""Which reviewers can be compared: those joined by applicants that they both scored."""

from __future__ import annotations

from collections.abc import Iterable


def panels(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of reviewers joined by common applicants, the largest first.

    Reviewers of different groups never saw the same applicant, directly or through others. A difference between them
    may be theirs or the applicants', and no model tells which: it rests on the assumption that applicants were handed
    out at random.

    Parameters
    ----------
    pairs : (reviewer, applicant), in any order

    References
    ----------
    J. M. Linacre (1989), "Many-facet Rasch measurement", chapter on connectedness; D. L. Weeks and D. R. Williams
    (1964), Technometrics 6, 319-324.

    >>> panels([("A", "1"), ("B", "1"), ("B", "2"), ("C", "2"), ("D", "9")])
    (('A', 'B', 'C'), ('D',))
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    reviewers = set()
    for reviewer, applicant in pairs:
        reviewers.add(reviewer)
        parent[root(f"r:{reviewer}")] = root(f"a:{applicant}")
    groups: dict[str, list[str]] = {}
    for reviewer in sorted(reviewers):
        groups.setdefault(root(f"r:{reviewer}"), []).append(reviewer)
    return tuple(sorted((tuple(group) for group in groups.values()), key=lambda group: (-len(group), group)))
