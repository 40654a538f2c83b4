"""Write the reference pages of the documentation from the data they describe: indicators, workflows, rules, commands.

They are generated before each build and not committed, so they cannot drift from the code.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from qualipolis.city.measure.catalogue import DEPARTMENTS, INDICATORS, NODES
from qualipolis.law.flows import ALL
from qualipolis.law.rules_table import ALWAYS, RULES
from qualipolis.law.supervision.rules import EVENTS

UNITS = {
    "working days": "个工作日",
    "calendar days": "日",
    "months": "个月",
    "years": "年",
    "people": "人",
    "CNY": "元",
    "points": "分",
    "cases": "个",
    "share": "（比重）",
    "bands": "",
}
ROLES = {
    "leader": ("领导", "leader"),
    "planner": ("市局计划员", "planner"),
    "department": ("部门经办人", "department officer"),
    "town_officer": ("镇街经办人", "town officer"),
    "inspector": ("检查员", "inspector"),
    "reviewer": ("评审员", "reviewer"),
    "laboratory": ("检验机构", "laboratory"),
    "enterprise": ("企业", "enterprise"),
    "expert": ("专家", "expert"),
    "hospital_desk": ("产品医院服务台", "product hospital desk"),
    "hospital_manager": ("产品医院管理员", "product hospital manager"),
    "public": ("公众", "the public"),
    "complaint_desk": ("投诉举报专员", "complaint officer"),
    "mediator": ("调解员", "mediator"),
    "nqi_desk": ("服务平台调度员", "service platform dispatcher"),
    "steward": ("质量管家", "quality steward"),
    "trainer": ("培训考务员", "training officer"),
    "secretary": ("联合会秘书处", "secretary of the federation"),
    "member": ("会员代表", "member of the federation"),
    "system": ("系统", "system"),
}
BOUNDS = {"latest": ("by the end", "期内完成"), "earliest": ("not before its end", "期满之后")}
DOCS = Path(__file__).resolve().parent.parent / "docs"
SOURCE = Path(__file__).resolve().parent.parent / "src" / "qualipolis"
CITY = next(rule.source for rule in RULES if rule.code == "bonus.cap")
Translate = Callable[[str], str]


def translator(language: str) -> Translate:
    """Return the function that puts a message id of law into ``language``."""
    if language == "en":
        return str
    words = gettext.translation("django", SOURCE / "law" / "locale", ["zh_Hans"])
    return words.gettext


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [
        "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines)


def pick(text: Any, language: str) -> str:
    """Return one language of a bilingual text."""
    return "" if text is None else getattr(text, language)


def goalposts(indicator: Any) -> str:
    """Return where an indicator scores 0 and 100."""
    if indicator.direction == "target":
        low, high = indicator.interval
        return f"{indicator.floor:g} → [{low:g}, {high:g}] ← {indicator.ceiling:g}"
    return f"{indicator.floor:g} → {indicator.target:g}"


def indicators(language: str) -> str:
    """Return the page of the default indicator set."""
    zh = language == "zh"
    title = "# 默认指标集\n\n" if zh else "# The default indicator set\n\n"
    lead = (
        "目标值和权重是本市缺省设定，不是法律规定；每年定稿前应征求意见。\n"
        if zh
        else "Goalposts and weights are defaults of the city, not law; consult on them before each year is settled.\n"
    )
    head = (
        "代码 名称 单位 0→100 权重 分子 分母 来源 依据"
        if zh
        else "code name unit 0→100 weight numerator denominator source basis"
    ).split()
    parts = [title, lead]
    for node in NODES:
        rows = [i for i in INDICATORS if i.dimension == node.code]
        if not rows:
            continue
        parts.append(f"\n## {pick(node.name, language)}\n\n")
        cells = [
            (
                i.code,
                pick(i.name, language),
                pick(i.unit, language),
                goalposts(i),
                f"{i.weight:g}",
                pick(i.numerator, language),
                pick(i.denominator, language) or "—",
                pick(i.source, language),
                pick(i.basis, language),
            )
            for i in rows
        ]
        parts.append(table(head, cells) + "\n")
    parts.append("\n## 责任部门\n\n" if zh else "\n## Departments\n\n")
    parts.append(
        table(["代码", "名称"] if zh else ["code", "name"], [(d.code, pick(d.name, language)) for d in DEPARTMENTS])
    )
    return "".join(parts) + "\n"


def flows(language: str) -> str:
    """Return the page of the workflows."""
    say = translator(language)
    zh = language == "zh"
    parts = ["# 工作流程\n" if zh else "# Workflows\n"]
    head = ["步骤", "从", "到", "角色", "期限", "依据"] if zh else ["step", "from", "to", "role", "term", "basis"]
    for flow in ALL.values():
        parts.append(f"\n## {say(flow.title) if flow.title else flow.code}\n\n")
        rows = []
        for step in flow.steps:
            unit = (
                {"working": "个工作日", "calendar": "日"} if zh else {"working": " working days", "calendar": " days"}
            )
            due = f"{step.due.days}{unit[step.due.unit]}" if step.due else "—"
            sources = (
                "、".join(say(flow.labels[s]) for s in step.sources)
                if zh
                else ", ".join(flow.labels[s] for s in step.sources)
            )
            rows.append(
                (
                    say(step.label),
                    sources,
                    say(flow.labels[step.target]),
                    "、".join(ROLES[r][0] for r in step.roles) if zh else ", ".join(ROLES[r][1] for r in step.roles),
                    due,
                    say(step.law),
                )
            )
        parts.append(table(head, rows) + "\n")
    return "".join(parts)


def bands(value: Any) -> str:
    """Return the value of a rule: a number, or the bands of a scale from the highest down."""
    return ", ".join(f"{name} ≥ {floor:g}" for name, floor in value) if isinstance(value, tuple) else str(value)


def checked(rule: Any, zh: bool) -> str:
    """Say whether a rule was compared with its official text; what the city sets itself has none."""
    if rule.source == CITY:
        return "本市自定" if zh else "the city's own"
    if rule.verified:
        return "已核对" if zh else "yes"
    return "待核对原文" if zh else "not against the text"


def rules(language: str) -> str:
    """Return the page of the dated rules."""
    say = translator(language)
    zh = language == "zh"
    head = (
        ["代码", "条款", "值", "单位", "何时起算", "方向", "起", "止", "来源", "核对", "说明"]
        if zh
        else ["code", "clause", "value", "unit", "starts with", "bound", "from", "to", "source", "checked", "note"]
    )
    rows = [
        (
            r.code,
            say(r.clause),
            bands(r.value),
            UNITS[r.unit] if zh else r.unit,
            say(EVENTS[r.starts]) if r.starts else "—",
            BOUNDS[r.bound][zh] if r.starts else "—",
            "—" if r.valid_from == ALWAYS else r.valid_from,
            r.valid_to or "—",
            say(r.source),
            checked(r, zh),
            (" " if not zh else "").join(say(words) for words in (r.note, r.stands) if words),
        )
        for r in RULES
    ]
    return ("# 带日期的规则\n\n" if zh else "# Dated rules\n\n") + table(head, rows) + "\n"


def main() -> None:
    """Write every page in both languages."""
    for language in ("zh", "en"):
        folder = DOCS / language / "reference"
        folder.mkdir(parents=True, exist_ok=True)
        for name, page in (("indicators", indicators), ("flows", flows), ("rules", rules)):
            (folder / f"{name}.md").write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
