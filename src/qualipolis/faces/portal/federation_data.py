"""The federation as open data: csv safe from formulas, json with definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import Http404, HttpRequest, HttpResponse

from qualipolis.city.govern.meetings import queries as meetings
from qualipolis.city.govern.members import queries as members
from qualipolis.city.govern.pacts import queries as pacts
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.columns import Column
from qualipolis.faces.portal.results_data import Row, answer

MEMBERS = (
    Column("number", "text", "会员编号", "number of the member"),
    Column("kind", "text", "类别：association行业协会、enterprise企业、consumer消费者代表", "kind: association, enterprise or consumer"),
    Column("name_zh", "text", "名称（中文）", "name, zh"),
    Column("name_en", "text", "名称（英文）", "name, en"),
    Column("state", "text", "状态代码：active在册、suspended暂停", "state: active or suspended"),
    Column("joined_on", "text", "入会日期", "member since"),
)  # fmt: skip
PACTS = (
    Column("number", "text", "公约编号", "number of the pact"),
    Column("title_zh", "text", "标题（中文）", "title, zh"),
    Column("title_en", "text", "标题（英文），空表示没有译文", "title, en; empty: not translated"),
    Column("state", "text", "状态代码：published、monitored、replaced、ended", "state: published, monitored, replaced or ended"),
    Column("text_zh", "text", "正文（中文）", "text, zh"),
    Column("text_en", "text", "正文（英文）", "text, en"),
    Column("checked_on", "text", "公平竞争审查通过日期", "fair-competition check passed on"),
    Column("published_on", "text", "公布日期", "published on"),
    Column("ended_on", "text", "终止日期", "ended on"),
    Column("replaces", "text", "所替代的公约编号", "number of the pact it replaces"),
    Column("signed", "integer", "现有签署会员数", "members whose signature stands"),
    Column("breaches_open", "integer", "正在处理的违约数", "breaches being dealt with"),
    Column("breaches_mended", "integer", "经辅导整改的违约数", "breaches mended with coaching"),
    Column("struck", "integer", "被移出公约的会员数", "members removed from the pact"),
)  # fmt: skip
RESOLUTIONS = (
    Column("number", "text", "决议编号", "number of the resolution"),
    Column("meeting", "text", "会议编号", "number of the meeting"),
    Column("meets_on", "text", "会议日期", "day of the meeting"),
    Column("title_zh", "text", "标题（中文）", "title, zh"),
    Column("title_en", "text", "标题（英文）", "title, en"),
    Column("majority", "text", "表决方式：ordinary过半数、special三分之二", "majority: ordinary or special (two thirds)"),
    Column("state", "text", "结果：carried通过、lost未通过、annulled撤销", "carried, lost or annulled"),
    Column("yes", "integer", "赞成票", "votes for"),
    Column("no", "integer", "反对票", "votes against"),
    Column("abstain", "integer", "弃权票", "abstentions"),
    Column("entitled", "integer", "有表决权票数（回避者除外）", "votes entitled, members concerned left out"),
    Column("present", "integer", "到会票数", "votes present"),
    Column("aside", "integer", "回避会员数", "members that stood aside"),
)  # fmt: skip
TASKS = (
    Column("number", "text", "任务编号", "number of the task"),
    Column("topic_zh", "text", "主题（中文）", "topic, zh"),
    Column("topic_en", "text", "主题（英文）", "topic, en"),
    Column("origin", "text", "提出方：secretariat、member、agency", "proposed by: secretariat, member or agency"),
    Column("lead", "text", "牵头会员", "led by"),
    Column("result_zh", "text", "结果（中文）", "result, zh"),
    Column("result_en", "text", "结果（英文）", "result, en"),
    Column("firms_reached", "integer", "覆盖企业数；空表示未统计，不是零", "firms reached; empty: not counted, not zero"),
    Column("products_checked", "integer", "检查产品数；空表示未统计，不是零", "products checked; empty: not counted, not zero"),
    Column("done_on", "text", "完成日期", "concluded on"),
)  # fmt: skip
PLEDGES = (
    Column("number", "text", "承诺编号", "number of the pledge"),
    Column("firm_zh", "text", "企业（中文）", "firm, zh"),
    Column("firm_en", "text", "企业（英文）", "firm, en"),
    Column("content_zh", "text", "承诺内容（中文）", "what is pledged, zh"),
    Column("content_en", "text", "承诺内容（英文）", "what is pledged, en"),
    Column("state", "text", "状态代码：published、doubted、broken、fulfilled、lapsed", "state: published, doubted, broken, fulfilled or lapsed"),
    Column("published_on", "text", "公布日期", "published on"),
    Column("valid_to", "text", "有效期至", "holds until"),
)  # fmt: skip


def _day(day: object) -> str:
    return str(day) if day else ""


def member_rows() -> Iterator[Row]:
    """Yield the members."""
    for row in members.public_members():
        body = row.organisation
        yield {"number": row.number, "kind": row.kind, "name_zh": body.name_zh, "name_en": body.name_en, "state": row.status,
               "joined_on": _day(row.joined_on)}  # fmt: skip


def pact_rows() -> Iterator[Row]:
    """Yield the pacts that were published."""
    for row in pacts.public_pacts().select_related("replaces"):
        found = pacts.figures_of(row)
        yield {
            "number": row.number, "title_zh": row.title, "title_en": row.title_en, "state": row.status, "text_zh": row.text,
            "text_en": row.text_en, "checked_on": _day(row.cleared_on), "published_on": _day(row.published_on),
            "ended_on": _day(row.ended_on), "replaces": row.replaces.number if row.replaces else "", "signed": found["signed"],
            "breaches_open": found["open"], "breaches_mended": found["mended"], "struck": found["struck"],
        }  # fmt: skip


def resolution_rows() -> Iterator[Row]:
    """Yield the resolutions of meetings whose notes are published."""
    for meeting in meetings.public_meetings():
        for row in meetings.public_resolutions(meeting):
            result = row.result or {}
            yield {
                "number": row.number, "meeting": meeting.number, "meets_on": _day(meeting.meets_on), "title_zh": row.title,
                "title_en": row.title_en, "majority": row.majority, "state": row.status,
                **{name: result.get("all", {}).get(name) for name in ("yes", "no", "abstain")},
                **{name: result.get(name) for name in ("entitled", "present", "aside")},
            }  # fmt: skip


def task_rows() -> Iterator[Row]:
    """Yield the joint tasks whose result is published."""
    for row in meetings.public_tasks():
        yield {
            "number": row.number, "topic_zh": row.topic, "topic_en": row.topic_en, "origin": row.origin,
            "lead": row.lead.organisation.name_zh if row.lead else "", "result_zh": row.report, "result_en": row.report_en,
            "firms_reached": row.firms_reached, "products_checked": row.products_checked, "done_on": _day(row.ended_on),
        }  # fmt: skip


def pledge_rows() -> Iterator[Row]:
    """Yield the pledges that were published."""
    for row in members.public_pledges():
        yield {
            "number": row.number, "firm_zh": row.enterprise.name_zh, "firm_en": row.enterprise.name_en, "content_zh": row.content,
            "content_en": row.content_en, "state": row.status, "published_on": _day(row.published_on), "valid_to": _day(row.valid_to),
        }  # fmt: skip


DATASETS: dict[str, tuple[tuple[Column, ...], Callable[[], Iterator[Row]]]] = {
    "members": (MEMBERS, member_rows),
    "pacts": (PACTS, pact_rows),
    "resolutions": (RESOLUTIONS, resolution_rows),
    "tasks": (TASKS, task_rows),
    "pledges": (PLEDGES, pledge_rows),
}


@frame.open_page
def dataset(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One of the data sets as csv or json."""
    if name not in DATASETS:
        raise Http404
    columns, rows = DATASETS[name]
    return answer(f"federation-{name}", form, columns, list(rows()), {})
