"""The findings as JSON would have them: every number once, words in the language asked for, no NaN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np

from qualipolis.methods.spc.capability import Index, NonNormalStudy
from qualipolis.methods.spc.comparison.before_after import Proof
from qualipolis.methods.spc.comparison.result import Effect
from qualipolis.methods.spc.findings.result import Capability, Chart, Findings, Life, PhaseLimits, number, timed
from qualipolis.methods.spc.findings.thinning import thin
from qualipolis.methods.spc.findings.words import sentences
from qualipolis.methods.spc.instrument import Recommendation
from qualipolis.methods.spc.msa.gauge import GaugeRR
from qualipolis.methods.spc.patterns import Sighting

Translate = Callable[[str], str]
SCHEMA = "qualipolis.findings/1"


def exported(found: Findings, translate: Translate, drawn: int) -> dict[str, Any]:
    """Return the findings as plain values."""
    summary, histogram, law = found.summary, found.histogram, found.law
    return {
        "schema": SCHEMA,
        "name": found.name,
        "unit": found.unit,
        "kind": found.kind,
        "n": found.n,
        "missing": found.missing,
        "censored": found.censored,
        "state": found.state,
        "instrument": found.instrument,
        "specification": plain(asdict(found.specification)) if found.specification else None,
        "summary": plain(asdict(summary)) if summary else None,
        "sentences": [plain(asdict(sentence)) for sentence in sentences(found, translate)],
        "report_card": [
            {"code": c.code, "state": c.state, "words": c.text(translate), "values": plain(dict(c.params))}
            for c in found.card
        ],
        "recommendation": _recommended(found.recommendation, translate),
        "charts": [_chart(chart, translate, drawn) for chart in found.charts],
        "patterns": [_pattern(seen, translate) for seen in found.patterns],
        "capability": _capability(found.capability, translate),
        "histogram": plain(asdict(histogram)) if histogram else None,
        "distribution": plain(asdict(law)) | {"reason": translate(law.reason)} if law else None,
        "proof": _proof(found.proof, translate),
        "gauge": _gauge(found.gauge),
        "life": _life(found.life),
        "remarks": [{"code": remark.code, "words": remark.text(translate)} for remark in found.remarks],
        "conventions": plain(dict(found.conventions)),
    }


def plain(value: Any) -> Any:
    """Return a value as JSON has it: mappings and lists of numbers, texts and nulls."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray):
        return [plain(inner) for inner in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float, np.integer, np.floating)):
        return number(value)
    return plain(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _chart(chart: Chart, translate: Translate, drawn: int) -> dict[str, Any]:
    whole = len(chart) <= drawn
    at = np.arange(len(chart)) if whole else thin(chart, drawn // 4)[: 20 * drawn]
    points: dict[str, Any] = {"point": (at + 1).tolist(), "value": plain(chart.values[at])}
    for name in ("center", "lower", "upper"):
        line = getattr(chart, name)[at]
        points[name] = number(line[0]) if len(line) and np.all(line == line[0]) else plain(line)
    if chart.times is not None:
        points["time"] = [timed(chart.times[i]) for i in at.tolist()]
    return {
        "code": chart.code,
        "label": translate(chart.label),
        "n": len(chart),
        "whole": whole,
        "points": points,
        "phases": [_phase(phase) for phase in chart.phases],
        "earlier": [_phase(phase) for phase in chart.earlier],
        "rules": [{"code": rule.code, "words": translate(rule.label)} for rule in chart.rules],
        "signals": [_signal(signal, translate) for signal in chart.signals],
        "signalled": int(chart.flagged.sum()),
        "counts": dict(chart.counts),
    }


def _signal(signal: Any, translate: Translate) -> dict[str, Any]:
    found: dict[str, Any] = plain(asdict(signal))
    found |= {"label": translate(signal.label), "first": signal.first + 1, "last": signal.last + 1}
    return found | {"points": [point + 1 for point in signal.points], "phase": signal.phase + 1}


def _phase(phase: PhaseLimits) -> dict[str, Any]:
    found: dict[str, Any] = plain(asdict(phase))
    return found | {"start": phase.start + 1}


def _pattern(seen: Sighting, translate: Translate) -> dict[str, Any]:
    suspects = [{"category": s.category, "words": translate(s.words)} for s in seen.pattern.suspects]
    return {
        "code": seen.pattern.code,
        "label": translate(seen.pattern.label),
        "points": [point + 1 for point in seen.points[:5000]],
        "statistic": number(seen.statistic),
        "suspects": suspects,
        "confirm": translate(seen.pattern.confirm),
    }


def _recommended(found: Recommendation | None, translate: Translate) -> dict[str, Any] | None:
    if found is None:
        return None
    steps = [
        {
            "step": taken.step, "fact": taken.fact, "question": translate(taken.question) % {} if taken.question else "",
            "value": plain(taken.value), "operator": taken.operator, "threshold": plain(taken.threshold),
            "mood": taken.mood, "instrument": taken.instrument, "words": taken.text(translate),
        }
        for taken in found.steps
    ]  # fmt: skip
    return {
        "steps": steps,
        "instrument": found.instrument.code if found.instrument else None,
        "instrument_name": translate(found.instrument.name) if found.instrument else "",
        "also": [one.code for one in found.also],
        "changes": [change.text(translate) for change in found.changes],
        "ask": found.ask.name if found.ask else None,
    }


def index_of(index: Index | Effect) -> dict[str, Any]:
    """Return an index or an effect with its interval."""
    found: dict[str, Any] = plain(asdict(index))
    return found


def _capability(found: Capability | None, translate: Translate) -> dict[str, Any] | None:
    if found is None:
        return None
    study, model = found.study, found.model
    words: dict[str, Any] = {
        "valid": found.valid,
        "why": translate(found.why) if found.why else "",
        "leading": found.leading,
        "n": study.n,
        "confidence": found.confidence,
        "indices": {name: index_of(index) for name, index in found.indices.items()},
        "below": plain(study.below),
        "above": plain(study.above),
        "conventions": plain(dict(study.conventions)),
    }
    if isinstance(study, NonNormalStudy):
        words |= {"law": study.shape.name, "quantiles": plain(study.quantiles)}
    else:
        words |= {"law": "normal", "mean": study.mean, "within": study.within, "overall": study.overall}
    words["time_model"] = {"model": model.model, "reason": translate(model.reason)} if model else None
    return words


def _proof(found: Proof | None, translate: Translate) -> dict[str, Any] | None:
    if found is None:
        return None
    phases = {}
    for name, phase in (("before", found.before), ("after", found.after)):
        numbers = {k: number(getattr(phase, k)) for k in ("points", "mean", "sd", "within", "signals", "beyond")}
        phases[name] = numbers | {"n": phase.n, "stable": phase.stable}
    return {
        "verdict": found.verdict,
        "reason": translate(found.reason) % dict(found.params),
        "aim": found.aim,
        "improvement": index_of(found.improvement),
        "detectable": number(found.detectable),
        "after_state": index_of(found.after_state),
        "effects": {name: index_of(effect) for name, effect in found.effects.items()},
        "shifted": found.shifted,
    } | phases


def _gauge(found: GaugeRR | None) -> dict[str, Any] | None:
    if found is None:
        return None
    shares = {name: plain(dict(getattr(found, name))) for name in ("variance", "percent_contribution", "percent_study")}
    tolerance = plain(dict(found.percent_tolerance)) if found.percent_tolerance else None
    table = [plain(asdict(line)) for line in found.table]
    ends = {name: plain(list(span)) for name, span in found.intervals.items()}
    p, o, r = found.sizes
    return shares | {
        "percent_tolerance": tolerance, "ndc": found.ndc, "parts": p, "operators": o, "trials": r, "table": table,
        "with_interaction": found.with_interaction, "intervals": ends,
    }  # fmt: skip


def _life(found: Life | None) -> dict[str, Any] | None:
    if found is None:
        return None
    names = ("value", "low", "high")
    ends = {k: dict(zip(names, plain(getattr(found, k)), strict=True)) for k in ("shape", "characteristic", "b10")}
    return ends | {
        "law": found.fit.name,
        "failures": found.fit.life.failures,
        "n": len(found.fit.life),
        "side": found.side,
    }
