"""The framework: the tree of indicators and aggregates, with directions, weights and goalposts (OECD/JRC Handbook, step 1)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from qualipolis.methods.composite.framework_checks import tree_problems
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Node:
    """One row of the framework: an indicator or an aggregate.

    Parameters
    ----------
    code : unique code
    name_en, name_zh : names for people
    parent : code of the aggregate above; None at a root
    weight : weight among its siblings, not negative; only the proportions matter
    level : 1 for an indicator, rising to the root
    kind : ``"indicator"`` or ``"aggregate"``
    direction : +1 more is better, -1 less is better, 0 best inside ``[target_low, target_high]``; an aggregate has +1
    unit : unit of measurement
    denominator : code of the denominator column, if the raw value is divided by one
    floor, target : goalposts: the raw values that score 0 and 1. With direction -1 ``floor`` is the ceiling, the worst
        value. With direction 0 they are the values below and above the interval at which the score has fallen to 0;
        left out, each lies one interval width away
    target_low, target_high : the target interval of direction 0
    row : row in the table it was read from, for messages; 0 counts the nodes from row 2 (row 1 is the header)

    >>> Node("QP1", "Pass rate", parent="QP", unit="%", floor=80.0, target=100.0).direction
    1
    """

    code: str
    name_en: str = ""
    name_zh: str = ""
    parent: str | None = None
    weight: float = 1.0
    level: int = 1
    kind: str = "indicator"
    direction: int = 1
    unit: str = ""
    denominator: str | None = None
    floor: float | None = None
    target: float | None = None
    target_low: float | None = None
    target_high: float | None = None
    row: int = field(default=0, compare=False)


class Framework:
    """A validated tree, or several trees side by side (one root each).

    Raises
    ------
    InputError
        with every problem: empty, code missing or duplicated, parent missing, cycle, aggregate without children,
        indicator with children, level not above its children's, weight negative or not a number, weights of all
        siblings zero, unknown direction or kind, target interval missing or upside down

    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> fw.indicators, fw.aggregates, fw.levels, fw.children("X")
    (('a', 'b'), ('X',), (1, 2), ('a', 'b'))
    """

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self.nodes = tuple(nodes)
        if not all(isinstance(node, Node) for node in self.nodes):
            raise InputError([_no_node()])
        errors = tree_problems(self.nodes)
        if errors:
            raise InputError(errors)
        self._index = {node.code: i for i, node in enumerate(self.nodes)}
        self._children: dict[str, tuple[str, ...]] = {node.code: () for node in self.nodes}
        for node in self.nodes:
            if node.parent is not None:
                self._children[node.parent] += (node.code,)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the order given."""
        return tuple(self._index)

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """Codes of the indicators, in the order given: the columns of every data stage."""
        return tuple(node.code for node in self.nodes if node.kind == "indicator")

    @cached_property
    def aggregates(self) -> tuple[str, ...]:
        """Codes of the aggregates, in the order given."""
        return tuple(node.code for node in self.nodes if node.kind == "aggregate")

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """The levels in use, from 1 up."""
        return tuple(sorted({node.level for node in self.nodes}))

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Codes without a parent."""
        return tuple(node.code for node in self.nodes if node.parent is None)

    @cached_property
    def upward(self) -> tuple[str, ...]:
        """The aggregates, every child before its parent."""
        return tuple(sorted(self.aggregates, key=lambda code: self.node(code).level))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content."""
        rows = [{k: _canonical(v) for k, v in asdict(node).items() if k != "row"} for node in self.nodes]
        return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def node(self, code: str) -> Node:
        """Return the node of this code; InputError when there is none."""
        return self.nodes[self.index(code)]

    def index(self, code: str) -> int:
        """Return the position of this code among all nodes; InputError when there is none."""
        if code not in self._index:
            raise InputError([unknown_code(code)])
        return self._index[code]

    def children(self, code: str) -> tuple[str, ...]:
        """Return the codes right below."""
        self.index(code)
        return self._children[code]

    def leaves(self, code: str) -> tuple[str, ...]:
        """Return the indicators below a node (itself when it is an indicator).

        >>> Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate"))).leaves("X")
        ('a',)
        """
        if self.node(code).kind == "indicator":
            return (code,)
        return tuple(leaf for child in self.children(code) for leaf in self.leaves(child))

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each node, with all columns of :class:`Node` but ``row``.

        >>> Framework((Node("a", parent="X"), Node("X", level=2, kind="aggregate"))).to_frame()["parent"].to_list()
        ['X', None]
        """
        import polars as pl

        rows = [{name: value for name, value in asdict(node).items() if name != "row"} for node in self.nodes]
        numbers = dict.fromkeys(("weight", "floor", "target", "target_low", "target_high"), pl.Float64)
        return pl.DataFrame(rows, schema_overrides={**numbers, "parent": pl.String, "denominator": pl.String})

    def problems(self) -> tuple[Problem, ...]:
        """Return what is allowed but worth a look: an aggregate with one child, a weight of zero."""
        return tuple(
            [
                Problem(
                    "single_child",
                    msg("%(node)s has only one child: both levels carry the same score."),
                    msg("Merge the two levels or add an indicator."),
                    {"node": code},
                    place=f"META {code}",
                    severity="warning",
                )
                for code in self.aggregates
                if len(self._children[code]) == 1
            ]
            + [
                Problem(
                    "zero_weight",
                    msg("%(node)s has weight 0 and does not count."),
                    msg("Remove it or give it a weight above 0."),
                    {"node": node.code},
                    place=f"META {node.code}",
                    severity="warning",
                )
                for node in self.nodes
                if node.weight == 0 and node.parent is not None
            ]
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Framework) and self.nodes == other.nodes

    def __hash__(self) -> int:
        return hash(self.nodes)

    def __repr__(self) -> str:
        return f"Framework({len(self.indicators)} indicators, {len(self.aggregates)} aggregates, roots {self.roots})"


def _canonical(value: object) -> object:
    return value if value is None or isinstance(value, str) else float(value)  # type: ignore[arg-type]


def _no_node() -> Problem:
    return Problem(
        "no_node",
        msg("A framework is made of nodes."),
        msg("Give a Node for each row of the indicator table."),
        place="META",
    )


def unknown_code(code: str) -> Problem:
    """Return the problem of a code that the framework does not have."""
    return Problem(
        "unknown_code",
        msg("The framework has no node %(node)s."),
        msg("Use one of its codes."),
        {"node": code},
    )
