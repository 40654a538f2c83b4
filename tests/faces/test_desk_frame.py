"""The frame of the desk: the loop, the person's choices, the calm pages, the components."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone, translation

from qualipolis.city.core.models import City, Grant, Person
from qualipolis.faces.desk import loop, parts
from qualipolis.faces.desk.deadlines import deadline_words
from qualipolis.faces.desk.templatetags.desk import pagination, rank_word, span

DESK = Path(loop.__file__).parent
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def chen(db: None, client):  # type: ignore[no-untyped-def]
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    person = Person.objects.create(username="chen", display_name="陈")
    Grant.objects.create(person=person, role="planner")
    client.force_login(person)
    return client


def page(client, address: str) -> str:  # type: ignore[no-untyped-def]
    return client.get(address, headers={"host": "localhost"}).content.decode()


def draw(source: str, **context: object) -> str:
    return Template("{% load desk %}" + source).render(Context(context))


def test_it_draws_eight_stops_and_lights_the_stage(chen) -> None:  # type: ignore[no-untyped-def]
    body = page(chen, reverse("desk:stage", args=["assess"]))
    nav = body[body.index('<nav class="loop"') : body.index("</nav>", body.index('<nav class="loop"'))]
    assert nav.count("<li>") == 8
    assert nav.count('aria-current="true"') == 1
    assert re.search(r'aria-current="true"><span class="seg" aria-hidden="true"></span><span>考评', nav)


def test_it_says_on_every_page_that_the_data_is_synthetic(chen) -> None:  # type: ignore[no-untyped-def]
    address = reverse("desk:stage", args=["listen"])
    assert "演示数据（合成）" in page(chen, address)
    City.objects.update(synthetic=False)
    assert "演示数据" not in page(chen, address)


def test_it_writes_no_inline_style_or_script(chen) -> None:  # type: ignore[no-untyped-def]
    body = page(chen, reverse("desk:components"))
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", body)


def test_it_stays_within_the_budget_of_a_first_page(chen) -> None:  # type: ignore[no-untyped-def]
    import gzip

    dist = DESK.parent / "static/dist"
    if not (dist / "main.css").exists():
        pytest.skip("the assets are not built here")
    parts_of_page = [page(chen, reverse("desk:stage", args=["assess"])).encode()]
    parts_of_page += [(dist / name).read_bytes() for name in ("main.css", "main.js", "icons.svg")]
    assert sum(len(gzip.compress(part)) for part in parts_of_page) < 90_000


def test_it_shows_a_calm_page_for_a_stage_that_is_not_open(chen) -> None:  # type: ignore[no-untyped-def]
    body = page(chen, reverse("desk:stage", args=["honour"]))
    assert "这一站还没开放" in body and "激励措施" in body


def test_it_lists_the_pages_that_a_stage_has_now(chen, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setitem(loop._PLACES, "honour", [])
    loop.announce("honour", "desk:components", "Promises")
    loop.announce("honour", "desk:not_built", "Later")
    body = page(chen, reverse("desk:stage", args=["honour"]))
    assert "Promises" in body and "Later" not in body


def test_it_leads_a_stop_to_the_home_of_its_room(chen, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setitem(loop._PLACES, "honour", [loop.Place("desk:components", "x", True)])
    assert loop.stop_address("honour", Person.objects.get()) == reverse("desk:components")


def test_it_leads_nobody_to_a_page_that_would_refuse_them(chen, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setitem(loop._PLACES, "honour", [loop.Place("desk:components", "x", True)])
    stranger = Person.objects.create(username="wang")
    assert loop.stop_address("honour", stranger) == reverse("desk:stage", args=["honour"])
    assert loop.places("honour", stranger) == []


def test_it_counts_what_waits_and_shows_no_zero(chen, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for stage, number in (("listen", 3), ("assess", 0)):
        monkeypatch.setitem(loop._COUNTS, stage, lambda user, n=number: n)
    body = page(chen, reverse("desk:stage", args=["honour"]))
    assert "3件等您办" in body and "0件等您办" not in body


def test_it_does_not_know_a_ninth_stage(chen) -> None:  # type: ignore[no-untyped-def]
    answer = chen.get(reverse("desk:stage", args=["nothing"]), headers={"host": "localhost"})
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


def test_it_remembers_theme_and_type(chen) -> None:  # type: ignore[no-untyped-def]
    choices = {"theme": "dark", "type": "large", "next": "/"}
    chen.post(reverse("desk:appearance"), choices, headers={"host": "localhost"})
    body = page(chen, reverse("desk:stage", args=["assess"]))
    assert 'data-theme="dark"' in body and 'data-type="large"' in body
    chen.post(reverse("desk:appearance"), {"theme": "auto"}, headers={"host": "localhost"})
    assert "data-theme" not in page(chen, reverse("desk:stage", args=["assess"]))


def test_it_leads_nobody_to_another_site(chen) -> None:  # type: ignore[no-untyped-def]
    form = {"theme": "dark", "next": "https://evil.example/"}
    answer = chen.post(reverse("desk:appearance"), form, headers={"host": "localhost"})
    assert answer.headers["Location"] == "/"


def test_it_ignores_a_cookie_that_nobody_offered(chen) -> None:  # type: ignore[no-untyped-def]
    chen.cookies["qp-theme"] = '"><script>'
    assert "data-theme" not in page(chen, reverse("desk:stage", args=["assess"]))


def test_it_turns_the_same_page_into_english(chen) -> None:  # type: ignore[no-untyped-def]
    address = reverse("desk:stage", args=["assess"])
    answer = chen.post(reverse("desk:language"), {"language": "en", "next": address}, headers={"host": "localhost"})
    assert answer.headers["Location"] == address
    body = page(chen, address)
    assert '<html lang="en"' in body and "Diagnose" in body
    assert not re.search("[\u4e00-\u9fff]", re.sub(r">中文<|value=\"[^\"]*\"|陈", "", body))


def test_it_keeps_the_gallery_for_staff(db: None, client) -> None:  # type: ignore[no-untyped-def]
    answer = client.get(reverse("desk:components"), headers={"host": "localhost"})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("days", "kind", "words"),
    [(5, "idle", "还剩5个工作日"), (3, "warn", "还剩3个工作日"), (0, "warn", "今天"), (-2, "bad", "逾期2个工作日")],
)
def test_it_says_how_many_days_are_left(days: int, kind: str, words: str) -> None:
    with translation.override("zh-hans"):
        found = deadline_words(parts.Deadline(days))
    assert found[0] == kind and found[2] == words


def test_it_says_the_day_and_the_hour_in_both_languages() -> None:
    until = timezone.make_aware(datetime(2021, 11, 25, 17, 30))
    with translation.override("zh-hans"):
        assert deadline_words(parts.Deadline(2, until))[2] == "还剩2个工作日，11月25日17:30前"
    with translation.override("en"):
        assert deadline_words(parts.Deadline(2, until))[2] == "2 working days left, until 25 Nov, 17:30"


def test_it_says_why_a_clock_stands() -> None:
    with translation.override("zh-hans"):
        assert deadline_words(parts.Deadline(-2, paused="等检测"))[::2] == ("wait", "暂停计时，等检测")


def test_it_writes_a_missing_value_as_a_dash_and_labels_every_cell() -> None:
    columns = [parts.Column("name", "单位", title=True), parts.Column("score", "得分", numeric=True, unit="分")]
    table = parts.Table("表", columns, [{"name": "甲", "score": None}, {"name": "乙", "score": 0}])
    body = draw("{% data_table table %}", table=table)
    assert 'data-label="得分 (分)">—</td>' in body and 'data-label="得分 (分)">0</td>' in body


def test_it_says_why_a_table_is_empty() -> None:
    with translation.override("zh-hans"):
        assert "这个条件下没有内容" in draw(
            "{% data_table table %}", table=parts.Table("表", [parts.Column("a", "A")], [])
        )


def test_it_has_one_primary_button_in_the_next_step_box() -> None:
    box = parts.NextStep(
        "判定疗效", "提交", "/x/", choices=[("a", "治愈", ""), ("b", "好转", "")], law=parts.Law("规程", local=True)
    )
    with translation.override("zh-hans"):
        body = draw("{% next_step box %}", box=box, csrf_token="t")
    assert body.count("btn-primary") == 1 and "不是法律条文" in body


def test_it_marks_the_current_step_and_says_the_others() -> None:
    steps = [parts.Step("挂号", "done"), parts.Step("复查", "begun"), parts.Step("随访", "todo")]
    with translation.override("zh-hans"):
        body = draw("{% flow_steps steps %}", steps=steps)
    assert body.count('aria-current="step"') == 1
    assert all(word in body for word in ("已完成", "进行中", "未开始"))


def test_it_links_each_error_to_its_field() -> None:
    from qualipolis.faces.desk.gallery import SampleForm

    with translation.override("zh-hans"):
        body = draw("{% form_fields form %}", form=SampleForm({"spare": "99"}))
    targets = re.findall(r'<li><a href="#(\w+)"', body)
    assert "有5处要改" in body and len(targets) == 5
    assert all(f'id="{target}"' in body for target in targets)


def test_it_draws_any_form_with_our_fields() -> None:
    from qualipolis.faces.desk.gallery import SampleForm

    with translation.override("zh-hans"):
        body = str(SampleForm())
    assert 'class="field"' in body and "选填" in body


def test_it_shows_no_pages_for_a_single_page() -> None:
    from django.core.paginator import Paginator

    shown = pagination({"request": None}, Paginator([1], 10).get_page(1))
    assert not shown["page"].has_other_pages()


def test_it_speaks_ties_and_ranges_in_the_language_of_the_page() -> None:
    with translation.override("zh-hans"):
        assert (rank_word("7="), rank_word("8"), span(4, 11)) == ("并列7", "8", "4—11")
    with translation.override("en"):
        assert (rank_word("7="), span(4, 11)) == ("tied 7", "4–11")


def test_it_counts_the_minutes_left_to_undo() -> None:
    until = timezone.now() + timedelta(minutes=6)
    with translation.override("zh-hans"):
        assert "撤回，剩6分钟" in draw("{% undo '/undo/1/' until %}", until=until, csrf_token="t")


def test_it_carries_every_icon_that_a_template_or_module_names() -> None:
    known = set((REPOSITORY / "frontend/src/icons.txt").read_text("utf-8").split())
    used: set[str] = set()
    for path in (REPOSITORY / "src/qualipolis").rglob("*.html"):
        used |= set(re.findall(r'{% icon "([\w-]+)"', path.read_text("utf-8")))
    assert used and used <= known
