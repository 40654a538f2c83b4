"""The page of an audit document: what a person reads, in both languages, set from facts that a machine can check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qualipolis.lake.audit.markup import bullets, cell, pairs, paragraph, plain, row, say, table, told
from qualipolis.lake.audit.results import all_rankings, framework_table
from qualipolis.lake.audit.robust import comparison, robustness
from qualipolis.lake.audit.style import STYLE
from qualipolis.lake.release.compute import Assessment
from qualipolis.lake.release.wording import Section, describe_pipeline
from qualipolis.methods.problems import Problem, msg

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
ARCS = "M12 2a10 10 0 0 1 7 3M19.9 5.9a10 10 0 0 1 2 6M22 13a10 10 0 0 1-3 6.2M18 20a10 10 0 0 1-6 2"
ARCS += "M11 22a10 10 0 0 1-6.5-3M4 18a10 10 0 0 1-2-6M2 11a10 10 0 0 1 3-6.2M6 4a10 10 0 0 1 5-2"
MARK = (
    f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{ARCS}" fill="none" stroke="currentColor" stroke-width="2.2"/>'
    '<rect x="8.5" y="8.5" width="7" height="7" fill="currentColor"/></svg>'
)
DRAWN = ("replicates", "seed", "failed")
Part = Callable[["Sheet"], str]


@dataclass(frozen=True, eq=False)
class Sheet:
    """All that the page says: the facts of the document and the assessment itself."""

    document: Mapping[str, Any]
    assessment: Assessment


def whole_page(sheet: Sheet) -> tuple[str, str]:
    """Return the page in two pieces; what the machine reads stands between them."""
    document = sheet.document
    chinese = document["language"] != "en"
    top = [
        "<!DOCTYPE html>",
        f'<html lang="{"zh-Hans" if chinese else "en"}">',
        '<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{plain(document['title'])} {plain(document['number'])}</title>",
        f"<style>\n{STYLE}\n</style>\n</head>\n<body>",
        switch(chinese),
        "<main>",
        header(sheet),
        *parts(sheet),
        footer(document),
        "</main>",
    ]
    return "\n".join(top) + "\n", "</body>\n</html>\n"


def switch(chinese: bool) -> str:
    """Return the choice of the language: two radio buttons and a rule of style, no script."""
    checked = (" checked", "") if chinese else ("", " checked")
    boxes = [
        f'<input class="in in-{lang}" type="radio" name="language" id="in-{lang}"{mark}>'
        for lang, mark in zip(("zh", "en"), checked, strict=True)
    ]
    labels = '<label class="to-zh" for="in-zh">中文</label><label class="to-en" for="in-en">English</label>'
    return "\n".join([*boxes, f'<div class="choice">{labels}</div>'])


def header(sheet: Sheet) -> str:
    """Return title and the facts in short."""
    document, counts = sheet.document, sheet.document["counts"]
    demo = f' <span class="demo">{say(msg("Synthetic data"))}</span>' if document["synthetic"] else ""
    drawn = document["uncertainty"]
    facts = {
        say(msg("Release")): plain(document["number"] or "—"),
        say(msg("Made")): plain(document["created_at"].replace("T", " ").replace("Z", " UTC")),
        say(msg("Units assessed")): say(
            msg("%(scored)s scored of %(units)s"), scored=counts["units_scored"], units=counts["units"]
        ),
        say(msg("Indicators")): str(counts["indicators"]),
        say(msg("Values")): say(
            msg("%(cells)s, %(missing)s missing"), cells=counts["cells"], missing=counts["cells_missing"]
        ),
        say(msg("Replicates")): str(drawn["replicates"]) if drawn else "—",
        say(msg("Failed replicates")): str(drawn["failed"]) if drawn else "—",
        say(msg("Content hash")): f'<span class="hash">{plain(str(document["content_hash"])[:16])}…</span>',
    }
    shown = "\n".join(f"<div><dt>{head}</dt><dd>{value}</dd></div>" for head, value in facts.items())
    kicker = f'<p class="kicker">{MARK}{say(msg("Audit document: read it, or run it again"))}{demo}</p>'
    return f'<header>\n{kicker}\n<h1>{plain(document["title"])}</h1>\n<dl class="facts">\n{shown}\n</dl>\n</header>'


def parts(sheet: Sheet) -> Iterator[str]:
    """Yield the numbered parts, their list first."""
    made = {name: make(sheet) for name, (_, make) in PARTS.items()}
    listed = [(name, head, made[name]) for name, (head, _) in PARTS.items() if made[name]]
    links = [f'<li><a href="#{name}">{say(head)}</a></li>' for name, head, _ in listed]
    yield "\n".join(['<ol class="toc">', *links, "</ol>"])
    for number, (name, head, inside) in enumerate(listed, start=1):
        yield f'<section id="{name}">\n<h2><span class="n">{number}</span>{say(head)}</h2>\n{inside}\n</section>'


def results(sheet: Sheet) -> str:
    """Return the rankings."""
    return all_rankings(sheet.assessment)


def indicators(sheet: Sheet) -> str:
    """Return the framework."""
    lead = say(msg("The share of the total is the weight multiplied up to the top, as if nothing were missing."))
    return f"{paragraph(lead, 'lead')}\n{framework_table(sheet.assessment)}"


def method(sheet: Sheet) -> str:
    """Return the pipeline in words, step by step."""
    assessment = sheet.assessment
    drawn = sheet.document["uncertainty"] or {"replicates": 0, "seed": None, "failed": None}
    pipeline, framework = assessment.result.pipeline, assessment.result.framework
    sections = describe_pipeline(pipeline, framework, assessment.factors, *(drawn[key] for key in DRAWN))
    shown = [f"<li>{of_section(number, section)}</li>" for number, section in enumerate(sections, start=1)]
    return "\n".join(['<ol class="steps">', *shown, "</ol>"])


def of_section(number: int, section: Section) -> str:
    """Return one step: what it does, its formula, where it comes from."""
    lines = [f'<h3><span class="n">{number}</span>{say(section.heading)}</h3>', paragraph(told(section.paragraph))]
    if section.formula:
        formula = "".join(f"<span>{plain(line)}</span>" for line in section.formula)
        lines.append(f'<div class="formula">{formula}</div>')
    if section.source:
        lines.append(paragraph(say(msg("Source: %(source)s"), source=section.source), "source"))
    return "\n".join(lines)


def warnings(sheet: Sheet) -> str:
    """Return what the calculation found questionable."""
    found = sheet.assessment.problems
    if not found:
        return paragraph(say(msg("The calculation raised no warnings.")), "lead")
    return bullets(told(lambda translate, one=one: spoken(one, translate)) for one in found)  # type: ignore[misc]


def spoken(problem: Problem, translate: Callable[[str], str]) -> str:
    """Return a problem as one line, the words in its places translated too."""
    params = {
        key: translate(value) if key in ("kind", "why") and isinstance(value, str) else value
        for key, value in problem.params.items()
    }
    said = " ".join(translate(part) % params for part in (problem.what, problem.remedy) if part)
    place = getattr(problem.place, "text", lambda _: problem.place)(translate)
    return f"{place}{translate(msg(': '))}{said}" if place else said


def again(sheet: Sheet) -> str:
    """Return how anyone computes all of it again."""
    name = file_name(str(sheet.document["number"]))
    steps = (
        msg("This one file holds the tables, the method, the seed and the results. Save it, and run:"),
        msg(
            "Exit code 0: every number comes out as it stands here. 1: something differs; the first differing cell is named, "
            "and what is of another version on this machine. 2: this is no audit document."
        ),
        msg(
            "Nothing in this file is a program: it holds no script, loads nothing, and the command reads it as plain data, "
            "hashes first. Without the software, open the file in an editor: the tables stand in it as text."
        ),
    )
    return "\n".join(
        [
            paragraph(say(steps[0])),
            f'<code class="run">qualipolis rerun {plain(name)} --out again</code>',
            paragraph(say(steps[1])),
            paragraph(say(steps[2])),
        ]
    )


def provenance(sheet: Sheet) -> str:
    """Return the files with their hashes, and the versions that may change a digit."""
    document = sheet.document
    heads = [(say(msg("File")), ""), (say(msg("Handed over as")), ""), (say(msg("Bytes")), "num"), ("SHA-256", "")]
    named = {entry["file"]: entry for _, entry in sorted(document["inputs"].items())}
    rows = []
    for name, entry in sorted(document["files"].items()):
        source = named.get(name, {})
        came = " · ".join(str(part) for part in (source.get("name"), source.get("sheet")) if part)
        hashed = cell(f'<span class="hash">{plain(entry["sha256"])}</span>')
        rows.append(row([cell(plain(name), "name"), cell(plain(came)), cell(str(entry["bytes"]), "num"), hashed]))
    versions = {"qualipolis": document["code_version"], **dict(sorted(document["libraries"].items()))}
    shown = {plain(name): f'<span class="code">{plain(value)}</span>' for name, value in versions.items()}
    shown[say(msg("Method version"))] = f'<span class="hash">{plain(document["method"]["version"])}</span>'
    shown[say(msg("Content hash, printed in the report"))] = (
        f'<span class="hash">{plain(document["content_hash"])}</span>'
    )
    lead = say(msg("Another version of these may change the last digits; a re-run says which one differs."))
    return "\n".join([table(heads, rows), paragraph(lead, "lead"), pairs(shown)])


def footer(document: Mapping[str, Any]) -> str:
    """Return what stands at the foot."""
    text = msg("Made by Qualipolis %(version)s. The page and the data in it are sealed by one hash.")
    return f"<footer>{say(text, version=document['code_version'])}</footer>"


def file_name(number: str) -> str:
    """Return the name of the audit document of a release.

    >>> file_name("2021-R1"), file_name("../x y"), file_name("")
    ('audit-2021-R1.html', 'audit-x-y.html', 'audit.html')
    """
    kept = "".join(sign if sign.isalnum() or sign in "-_" else " " for sign in number)
    return "-".join(["audit", *kept.split()])[:100] + ".html"


PARTS: dict[str, tuple[str, Part]] = {
    "results": (msg("Results"), results),
    "robust": (msg("How robust the ranks are"), lambda sheet: robustness(sheet.assessment)),
    "compared": (msg("Other pipelines"), lambda sheet: comparison(sheet.assessment)),
    "method": (msg("How it was computed"), method),
    "indicators": (msg("Indicators and weights"), indicators),
    "warnings": (msg("Warnings"), warnings),
    "again": (msg("Run it again yourself"), again),
    "provenance": (msg("Files, hashes and versions"), provenance),
}
