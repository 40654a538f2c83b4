"""The 8D report, corrective and preventive actions, and the control plan: what each part must hold, as data.

The structures say what is missing; they hold no clock and no people. Root causes are two: why it happened, and why it was
not detected; each is proven by turning it off and on.

Source: VDA (2018), *8D - Problem solving in 8 disciplines*; AIAG (2024), *Control Plan Reference Manual*, 1st ed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

from qualipolis.methods.problems import Problem, msg

ActionKind = Literal["containment", "corrective", "preventive"]
ACTIONS: Mapping[ActionKind, str] = {
    "containment": msg("containment: protects the customer now"),
    "corrective": msg("corrective: removes the cause"),
    "preventive": msg("preventive: keeps it from coming back, here and elsewhere"),
}


@dataclass(frozen=True)
class Discipline:
    """One discipline: its title, and what it must hold by stable name; words are message ids."""

    code: str
    title: str
    holds: Mapping[str, str]


DISCIPLINES = (
    Discipline("D0", msg("Emergency response"), {"symptom": msg("symptom and first response")}),
    Discipline("D1", msg("Team"), {"team": msg("people, roles and a leader")}),
    Discipline("D2", msg("Problem description"), {
        "is": msg("what, where, when and how much it is"), "is_not": msg("what, where and when it is not"),
        "numbers": msg("measured size of the problem"),
    }),
    Discipline("D3", msg("Containment"), {
        "containment": msg("action that protects the customer"), "containment_check": msg("evidence that it holds"),
    }),
    Discipline("D4", msg("Root causes"), {
        "occurrence": msg("why it happened"), "non_detection": msg("why it was not detected"),
        "evidence": msg("evidence: the effect comes and goes with the cause"),
    }),
    Discipline("D5", msg("Corrective actions chosen"), {
        "actions": msg("action for each root cause"), "criterion": msg("measurable acceptance criterion"),
    }),
    Discipline("D6", msg("Actions implemented and proven"), {
        "implemented": msg("what was done and when"), "proof": msg("before-and-after proof against the criterion"),
    }),
    Discipline("D7", msg("Recurrence prevented"), {
        "fmea": msg("FMEA updated"), "control_plan": msg("control plan updated"),
        "standards": msg("standards and training updated"),
    }),
    Discipline("D8", msg("Closure"), {"closure": msg("result accepted, team thanked")}),
)  # fmt: skip


def missing(report: Mapping[str, str]) -> list[Problem]:
    """Return what an 8D report still lacks, by discipline; ``report`` holds texts by the names in ``DISCIPLINES``.

    >>> [problem.place for problem in missing({"symptom": "burr"})][:3]
    ['team', 'is', 'is_not']
    """
    what = msg("%(discipline)s lacks: %(part)s.")
    return [
        Problem("missing_part", what, "", {"discipline": d.code, "part": words}, name, "warning")
        for d in DISCIPLINES
        for name, words in d.holds.items()
        if not report.get(name, "").strip()
    ]


@dataclass(frozen=True)
class Action:
    """An action of a prescription: its kind, what, by which role, by which day, at what cost, and how it is judged."""

    kind: ActionKind
    what: str
    owner: str
    due: str
    criterion: str
    cost: float | None = None


@dataclass(frozen=True)
class ControlPlanRow:
    """One characteristic under control; ``cause`` links it to the FMEA, ``grr`` and ``ppk`` to the last studies."""

    step: str
    machine: str
    characteristic: str
    classification: str
    specification: str
    technique: str
    sample_size: str
    frequency: str
    control_method: str
    reaction_plan: str
    cause: str = ""
    grr: float | None = None
    ppk: float | None = None

    def problems(self) -> list[Problem]:
        """Return what the row lacks: empty columns, a gauge not studied or not usable."""
        optional = ("machine", "classification", "cause", "grr", "ppk")
        empty = [f.name for f in fields(self) if f.name not in optional and not str(getattr(self, f.name)).strip()]
        found = [Problem("empty", msg("This column of the control plan is empty."), place=name) for name in empty]
        if self.grr is None:
            found.append(Problem("no_gauge", msg("No gauge study is linked."), place="grr", severity="warning"))
        elif self.grr > 30:
            what = msg("Measurement system first: %%GRR is %(grr)s.")
            found.append(Problem("gauge_unusable", what, "", {"grr": f"{self.grr:.3g}"}, "grr"))
        return found
