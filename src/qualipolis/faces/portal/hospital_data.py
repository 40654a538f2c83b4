"""The hospital as open data: departments, fields of experts, typical cases, outcomes by department and year."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import Http404, HttpRequest, HttpResponse

from qualipolis.city.hospital.learning import outcomes, public
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.columns import Column
from qualipolis.faces.portal.results_data import Row, answer

DEPARTMENT = Column("department", "text", "科室代码", "code of the department")
DEPARTMENTS = (
    DEPARTMENT,
    Column("name_zh", "text", "科室（中文）", "department, zh"),
    Column("name_en", "text", "科室（英文）", "department, en"),
    Column("industries", "text", "行业，GB/T 4754前几位，分号分隔", "industries, first digits of GB/T 4754"),
    Column("experts", "integer", "在聘专家数", "experts in office"),
)
EXPERTS = (
    Column("field_zh", "text", "专长（中文）", "field, zh"),
    Column("field_en", "text", "专长（英文）", "field, en"),
    Column("organisation_zh", "text", "单位（中文）", "organisation, zh"),
    Column("organisation_en", "text", "单位（英文）", "organisation, en"),
    Column("departments", "text", "科室代码，分号分隔", "codes of departments"),
)
CASES = (
    Column("number", "text", "编号", "number"),
    DEPARTMENT,
    Column("product_class", "text", "产品类别", "product class"),
    Column("defects", "text", "缺陷代码，分号分隔", "codes of defects"),
    Column("root_cause", "text", "根本原因类别", "category of the root cause"),
    *(Column(f"{name}_{lang}", "text", f"{zh}（{'中文' if lang == 'zh' else '英文'}）", f"{en}, {lang}")
      for name, zh, en in (("title", "标题", "title"), ("symptom", "症状", "symptom"), ("cause", "病因", "cause"),
                           ("treatment", "治疗", "treatment"), ("effect", "疗效", "effect"))
      for lang in ("zh", "en")),
    Column("firm_zh", "text", "企业名称，仅限企业同意署名的", "firm, only where it agreed to be named"),
    Column("published_on", "text", "发布日期", "published on"),
)  # fmt: skip
OUTCOMES = (
    Column("year", "integer", "挂号年份", "year of registration"),
    DEPARTMENT,
    Column("cases", "integer", "病例数；空为不足三家企业或为防反推而隐去，不是零",
           "cases; empty: held back for small numbers, not zero"),
    Column("firms", "integer", "企业数", "firms"),
    Column("judged", "integer", "已有结论的病例数", "cases judged or given up"),
    Column("cured", "number", "治愈率", "share cured of the judged", "0-1"),
    Column("cured_low", "number", "95%区间下端（威尔逊）", "lower end of the 95 % interval (Wilson)", "0-1"),
    Column("cured_high", "number", "95%区间上端（威尔逊）", "upper end of the 95 % interval (Wilson)", "0-1"),
)  # fmt: skip


def departments() -> Iterator[Row]:
    """Yield the departments."""
    counted = public.by_department(public.fields())
    for one in public.departments():
        yield {"department": one.code, "name_zh": one.name_zh, "name_en": one.name_en,
               "industries": ";".join(map(str, one.industries or [])), "experts": counted.get(one.pk, 0)}  # fmt: skip


def experts() -> Iterator[Row]:
    """Yield the fields of the experts."""
    for one in public.fields():
        body = one.expert.organisation
        yield {"field_zh": one.expert.field_zh, "field_en": one.expert.field_en, "organisation_zh": body.name_zh,
               "organisation_en": body.name_en, "departments": ";".join(row.code for row in one.departments)}  # fmt: skip


def cases() -> Iterator[Row]:
    """Yield the published cases."""
    for row in public.typical():
        firm = public.firm_of(row)
        texts = {f"{name}_{lang}": getattr(row, f"{name}_{lang}")
                 for name in ("title", "symptom", "cause", "treatment", "effect") for lang in ("zh", "en")}  # fmt: skip
        yield texts | {
            "number": row.number, "department": row.department.code, "product_class": row.product_class,
            "defects": ";".join(row.defect_codes or []), "root_cause": row.root_cause,
            "firm_zh": firm.name_zh if firm else "", "published_on": row.published_on.isoformat() if row.published_on else "",
        }  # fmt: skip


def yearly() -> Iterator[Row]:
    """Yield cases and cure rates by year and department."""
    for year in outcomes.years():
        for one in outcomes.by_department(year):
            share = one.cure
            yield {"year": year, "department": one.key, "cases": one.cases, "firms": one.firms, "judged": one.judged,
                   "cured": share.estimate if share else None, "cured_low": share.low if share else None,
                   "cured_high": share.high if share else None}  # fmt: skip


DATASETS: dict[str, tuple[tuple[Column, ...], Callable[[], Iterator[Row]]]] = {
    "hospital-departments": (DEPARTMENTS, departments),
    "hospital-experts": (EXPERTS, experts),
    "hospital-cases": (CASES, cases),
    "hospital-outcomes": (OUTCOMES, yearly),
}


@frame.open_page
def dataset(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One table of the hospital as csv or json."""
    if name not in DATASETS:
        raise Http404
    columns, rows = DATASETS[name]
    return answer(name, form, columns, list(rows()), {})
