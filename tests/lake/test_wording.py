"""The method in words: every step, every way of doing it, and nothing of a parameter left unsaid."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from babel.messages.extract import extract_python

from qualipolis.lake import audit, release
from qualipolis.lake.catalogues import PACKAGE, translator
from qualipolis.lake.release.wording import describe_pipeline
from qualipolis.lake.release.wording.describe import WORDS, of_step
from qualipolis.lake.release.wording.early import IMPUTE, TRANSFORM
from qualipolis.lake.release.wording.late import AGGREGATE, NORMALISE, WEIGH
from qualipolis.lake.release.wording.yearly import SERIES
from qualipolis.methods.composite import (
    CITY_PIPELINE,
    DEFAULT_FACTORS,
    DEFAULT_PIPELINE,
    REGISTRY,
    Aggregate,
    Alternatives,
    Framework,
    Impute,
    Node,
    Normalise,
    Pipeline,
    Step,
    Treat,
    Weigh,
)
from qualipolis.methods.composite import impute as impute_step
from qualipolis.methods.composite.more_means import METHODS as MEANS
from qualipolis.methods.composite.normalise_checks import METHODS as SCALES
from qualipolis.methods.composite.panel.fill import METHODS as FILLS
from qualipolis.methods.composite.panel.steps import each_time
from qualipolis.methods.composite.transforms import TRANSFORMS
from qualipolis.methods.composite.weigh import METHODS as WEIGHINGS

TREE = Framework(
    (
        Node("a", parent="X", denominator="people"),
        Node("b", parent="X", direction=-1),
        Node("X", level=2, kind="aggregate"),
    )
)
BUILT_IN = [kind for kind, step in sorted(REGISTRY.items()) if step.__module__.startswith("qualipolis.")]


@pytest.mark.parametrize("kind", BUILT_IN)
def test_every_step_has_words_for_all_of_its_parameters(kind: str):
    fields = {field.name for field in dataclasses.fields(REGISTRY[kind])} - {"id"}
    words = WORDS.get(kind.removeprefix("each_time_"))
    assert words is not None
    assert fields <= words.covers


def test_every_way_of_doing_a_step_has_a_sentence():
    assert set(impute_step.METHODS) <= set(IMPUTE)
    assert {*TRANSFORMS, "winsorise", "none"} <= set(TRANSFORM)
    assert set(SCALES) <= set(NORMALISE)
    assert set(WEIGHINGS) <= set(WEIGH)
    assert set(MEANS) <= set(AGGREGATE)
    assert set(FILLS) <= set(SERIES)


def test_a_step_that_works_year_by_year_says_so():
    said = of_step(each_time(Normalise()), TREE)
    assert said.heading == "Bring to one scale"
    assert "each year by itself" in said.paragraph()


def marked() -> Iterator[str]:
    for package in (audit, release):
        for path in sorted(PACKAGE.joinpath(*package.__name__.split(".")[1:]).rglob("*.py")):
            with path.open("rb") as file:
                yield from (
                    text for _, _, text, _ in extract_python(file, {"msg": None}, [], {}) if isinstance(text, str)
                )


def test_all_words_are_chinese_in_the_catalogues_that_the_document_reads():
    chinese = translator("zh")
    assert [text for text in marked() if chinese(text) == text] == []


@pytest.mark.parametrize("pipeline", [DEFAULT_PIPELINE, CITY_PIPELINE])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_section_is_whole_sentences_in_either_language(pipeline: Pipeline, lang: str):
    translate = translator(lang)
    for section in describe_pipeline(pipeline, TREE, DEFAULT_FACTORS, 100, 1):
        said = section.paragraph(translate)
        assert said
        assert "%(" not in said
        assert translate(section.heading)
        assert section.source


def test_the_words_follow_the_pipeline_that_ran():
    changed = DEFAULT_PIPELINE.with_changes({"treat.winmax": 7, "aggregate.method": "geometric", "normalise.low": 1.0})
    said = " ".join(section.paragraph() for section in describe_pipeline(changed, TREE))
    assert "at most 7 values" in said
    assert "only in part" in said
    assert "gets 1 points, the best 100" in said
    assert "a ÷ people" in said


def test_methods_that_differ_inside_a_level_are_each_named():
    mixed = Pipeline((Normalise(low=1.0), Weigh(), Aggregate(nodes={"X": "harmonic"}, min_share=0.5)))
    said = describe_pipeline(mixed, TREE)[-1]
    assert "For X instead" in said.paragraph()
    assert "less than 50%" in said.paragraph()
    assert "H = Σw ÷ Σ(w ÷ z)" in said.formula


CITY = Framework((Node("a", parent="QDI"), Node("QDI", "Quality", "质量发展", level=2, kind="aggregate")))


@pytest.mark.parametrize(("lang", "name"), [("zh", "质量发展"), ("en", "Quality")])
def test_nodes_are_called_by_their_names(lang: str, name: str):
    pipeline = Pipeline((Normalise(), Weigh(weights={"QDI": 2.0}), Aggregate(nodes={"QDI": "median"})))
    said = " ".join(section.paragraph(translator(lang)) for section in describe_pipeline(pipeline, CITY))
    assert f"{name} = 2" in said
    assert said.count(name) == 3
    assert "QDI" not in said


VARIED = (
    Alternatives("normalise.method", ("goalposts", "minmax")),
    Alternatives("aggregate.nodes.QDI", ("median", "copeland")),
    Alternatives("impute", (Impute("mean"), Impute("group_mean", group="park"))),
    Alternatives("treat.force", (True, False)),
    Alternatives("weigh.use", ("", "experts")),
)


def test_what_was_varied_is_said_without_a_code():
    said = describe_pipeline(DEFAULT_PIPELINE, CITY, VARIED, 10, 1)[-1].paragraph(translator("zh"))
    assert "每次取其一：目标门限、极差。" in said
    assert "得分怎样汇总（质量发展）" in said
    assert "（做法 = 同组平均值、分组 = park）" in said
    assert [code for code in ("goalposts", "copeland", "group_mean", "True", "QDI", "treat.") if code in said] == []


def test_nothing_is_called_not_enough_where_nothing_was_done():
    treated = of_step(Treat(first="none"), TREE).paragraph()
    assert "If that is not enough" not in treated
    assert "No value is changed" in of_step(Treat(winmax=0, transform="none"), TREE).paragraph()


def test_a_scale_of_its_own_gives_its_own_points():
    said = of_step(Normalise("goalposts", posts=(0, 50, 10)), TREE).paragraph()
    assert "gives 0 points, the target 10" in said
    assert "0 and 50, the other way round where less is better" in said


def test_a_step_of_ones_own_shows_its_parameters():
    @dataclasses.dataclass(frozen=True)
    class Halve(Step):
        by: float = 2.0
        id: str = ""
        step = "halve"

    said = of_step(Halve(by=3.0), TREE)
    assert (said.heading, "by: 3" in said.paragraph()) == ("halve", True)


def test_a_parameter_that_no_sentence_says_is_shown_by_its_name(monkeypatch: pytest.MonkeyPatch):
    short = dataclasses.replace(WORDS["impute"], covers=frozenset({"method"}))
    monkeypatch.setitem(WORDS, "impute", short)
    pipeline = Pipeline((Impute("group_mean", group="park"), Normalise(), Weigh(), Aggregate()))
    assert "Parameter group: park." in describe_pipeline(pipeline, TREE)[1].paragraph()


def test_sections_are_plain_data():
    section = describe_pipeline(DEFAULT_PIPELINE, TREE)[1].to_dict()
    assert section["step"] == "denominate"
    (pair,) = section["sentences"][0]["params"]["pairs"]
    assert pair["params"] == {"what": "a", "size": "people"}


@pytest.mark.parametrize(
    ("failed", "words"), [(0, "None of these calculations failed."), (7, "7 of these"), (None, "")]
)
def test_failed_replicates_are_told(failed: int | None, words: str):
    said = describe_pipeline(DEFAULT_PIPELINE, TREE, DEFAULT_FACTORS, 100, 1, failed)[-1].paragraph()
    assert words in said
    assert ("calculations failed" in said) == bool(words) or failed
