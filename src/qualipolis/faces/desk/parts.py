"""What the components of a page are given. Views build these; ``{% load desk %}`` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Chip:
    """A state in a word: kind is ok, warn, bad, wait or idle; without an icon the kind chooses one."""

    kind: str
    text: str
    icon: str = ""


@dataclass(frozen=True)
class Tile:
    """One sentence of the loop. ``sentence`` may hold one ``<b>`` number and must be safe markup."""

    stage: str
    sentence: str
    chip: Chip | None = None
    chart: str = ""
    evidence: str = ""
    decision: str = ""
    url: str = ""


@dataclass(frozen=True)
class Task:
    """One line of today's list."""

    stage: str
    title: str
    why: str
    verb: str
    url: str
    deadline: Any = None


@dataclass(frozen=True)
class Deadline:
    """Working days left (negative: late) with the moment itself; ``paused`` holds the reason when the clock stands."""

    days: int | None
    until: Any = None
    paused: str = ""
    calendar: bool = False
    provisional: bool = False


@dataclass(frozen=True)
class Step:
    """One step of a flow; state is done, begun, waiting or todo."""

    name: str
    state: str
    who: str = ""
    when: str = ""
    left: str = ""


@dataclass(frozen=True)
class Law:
    """The legal basis of a step. A local rule says so, and so does a clause nobody has checked against the text."""

    title: str
    clause: str = ""
    term: str = ""
    local: bool = False
    unverified: bool = False


@dataclass(frozen=True)
class NextStep:
    """The one primary action of a page. ``choices`` are (value, title, explanation) radios named ``choice_name``."""

    title: str
    button: str
    action: str
    whose: str = ""
    deadline: Deadline | None = None
    choices: Sequence[tuple[str, str, str]] = ()
    choice_name: str = "choice"
    chosen: str = ""
    form: Any = None
    undo: str = ""
    missing: str = ""
    law: Law | None = None
    method: str = "post"


@dataclass(frozen=True)
class Column:
    """A column of a data table; ``numeric`` sets it right, ``title`` makes it the name of the row, ``unit`` joins the head."""

    key: str
    label: str
    numeric: bool = False
    title: bool = False
    unit: str = ""
    sort: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class Table:
    """A real table: rows are mappings (or objects) by column key; ``None`` is written —, never 0."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    zebra: bool = False
    note: str = ""
    links: str = ""
    foot: Any = None


@dataclass(frozen=True)
class Segment:
    """One choice of a filter."""

    label: str
    url: str
    current: bool = False
    count: int | None = None
    icon: str = ""
    pane: str = ""


@dataclass(frozen=True)
class Export:
    """One line of the export menu: kind is xlsx, csv, pdf, svg or json; ``size`` in words (33 rows, 2 pages)."""

    kind: str
    url: str
    size: str = ""


@dataclass(frozen=True)
class Release:
    """The badge of a frozen release."""

    name: str
    hash: str
    frozen: Any = None
    url: str = ""


@dataclass(frozen=True)
class Empty:
    """Why there is nothing here, and the one next step."""

    title: str
    why: str
    stage: str = ""
    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class Verdict:
    """The verification box: verdict first, in words."""

    kind: str
    title: str
    text: str = ""
    actions: Sequence[tuple[str, str, bool]] = field(default_factory=tuple)
