"""The tables the registry reads and writes: one column, one definition, for import, export and the template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qualipolis.city.registry.models import (
    Cluster,
    Enterprise,
    Institution,
    Product,
    Qualification,
    QualityOfficer,
    ScopeItem,
    Standard,
    Unit,
)


@dataclass(frozen=True)
class Column:
    """A column of a table: the field it fills and the headers it is known by."""

    field: str
    zh: str
    en: str
    kind: str = "text"  # text, code, integer, number, date, yes_no, choice, or the kind of the row it points to
    required: bool = False
    width: int = 0

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that names this column."""
        return (self.field, self.zh, self.en)


@dataclass(frozen=True)
class TableSpec:
    """A kind of row: its model, the fields that identify a row, and its columns."""

    kind: str
    title: Any
    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: str = ""
    searched: tuple[str, ...] = ()
    ordering: str = "pk"
    filters: tuple[str, ...] = ()

    def column(self, field: str) -> Column:
        """Return the column that fills ``field``."""
        return next(column for column in self.columns if column.field == field)


def _names(width: int = 200) -> tuple[Column, Column]:
    return (
        Column("name_zh", "名称", "Name in Chinese", required=True, width=width),
        Column("name_en", "英文名称", "Name in English", width=width),
    )


UNITS = TableSpec(
    "units",
    _("Units"),
    Unit,
    ("code",),
    (
        Column("code", "代码", "Code", "code", True, 12),
        *_names(),
        Column("kind", "类型", "Kind", "choice", True),
        Column("parent", "上级代码", "Parent code", "units"),
        Column("assessed", "参加考核", "Assessed", "yes_no"),
        Column("peer_group", "同类组", "Peer group", width=40),
        Column("longitude", "经度", "Longitude", "number"),
        Column("latitude", "纬度", "Latitude", "number"),
        Column("grid_row", "图上行", "Row in the cartogram", "integer"),
        Column("grid_column", "图上列", "Column in the cartogram", "integer"),
    ),
    searched=("name_zh", "name_en", "code"),
    ordering="code",
    filters=("kind",),
)
CLUSTERS = TableSpec(
    "clusters",
    _("Clusters"),
    Cluster,
    ("code",),
    (
        Column("code", "代码", "Code", "code", True, 20),
        *_names(),
        Column("output_class", "产值级别", "Output class", width=20),
    ),
    searched=("name_zh", "name_en", "code"),
    ordering="code",
)
ENTERPRISES = TableSpec(
    "enterprises",
    _("Enterprises"),
    Enterprise,
    ("credit_code",),
    (
        Column("credit_code", "统一社会信用代码", "Credit code", "code", True, 18),
        *_names(),
        Column("unit", "登记镇街代码", "Unit code", "units", True),
        Column("production_unit", "生产镇街代码", "Unit code of production", "units"),
        Column("cluster", "产业集群代码", "Cluster code", "clusters"),
        Column("industry", "行业代码", "Industry code", width=6),
        Column("above_scale", "规上企业", "Above designated size", "yes_no"),
        Column("employees", "从业人数", "Employees", "integer"),
        Column("address", "地址", "Address", width=200),
        Column("closed_on", "注销日期", "Closed on", "date"),
    ),
    checks="enterprise",
    searched=("name_zh", "name_en", "initials", "credit_code"),
    ordering="credit_code",
    filters=("unit", "cluster", "above_scale"),
)
PRODUCTS = TableSpec(
    "products",
    _("Products"),
    Product,
    ("enterprise", "name_zh"),
    (
        Column("enterprise", "企业信用代码", "Credit code of the enterprise", "enterprises", True),
        *_names(),
        Column("category", "类别", "Category", required=True, width=60),
        Column("standard", "执行标准", "Standard", width=60),
    ),
    checks="standard_number",
    searched=("name_zh", "name_en", "category", "standard"),
    filters=("category",),
)
INSTITUTIONS = TableSpec(
    "institutions",
    _("Institutions"),
    Institution,
    ("code",),
    (
        Column("code", "代码", "Code", "code", True, 24),
        *_names(),
        Column("kind", "类型", "Kind", "choice", True),
        Column("unit", "镇街代码", "Unit code", "units", True),
    ),
    searched=("name_zh", "name_en", "initials", "code"),
    ordering="code",
    filters=("kind", "unit"),
)
QUALIFICATIONS = TableSpec(
    "qualifications",
    _("Qualifications"),
    Qualification,
    ("institution", "kind", "number"),
    (
        Column("institution", "机构代码", "Institution code", "institutions", True),
        Column("kind", "资质类型", "Kind", "choice", True),
        Column("number", "证书编号", "Certificate number", "code", True, 40),
        Column("valid_from", "有效期起", "Valid from", "date", True),
        Column("valid_to", "有效期止", "Valid to", "date"),
    ),
    checks="qualification",
    searched=("number", "institution__name_zh"),
    filters=("kind",),
)
SCOPE_ITEMS = TableSpec(
    "scope_items",
    _("Scope items"),
    ScopeItem,
    ("qualification", "product", "parameter", "standard"),
    (
        Column("qualification", "证书编号", "Certificate number", "qualifications", True),
        Column("product", "产品", "Product", required=True, width=120),
        Column("parameter", "参数", "Parameter", required=True, width=120),
        Column("standard", "标准编号", "Standard", required=True, width=60),
    ),
    checks="standard_number",
    searched=("product", "parameter", "standard"),
)
STANDARDS = TableSpec(
    "standards",
    _("Standards"),
    Standard,
    ("number",),
    (
        Column("number", "标准编号", "Standard number", "code", True, 60),
        *_names(),
        Column("status", "状态", "Status", "choice"),
        Column("replaced_by", "代替者", "Replaced by", width=60),
    ),
    checks="standard",
    searched=("number", "name_zh", "name_en"),
    ordering="number",
    filters=("status",),
)
QUALITY_OFFICERS = TableSpec(
    "quality_officers",
    _("Chief quality officers"),
    QualityOfficer,
    ("number",),
    (
        Column("number", "备案号", "Filing number", "code", True, 40),
        Column("enterprise", "企业信用代码", "Credit code of the enterprise", "enterprises", True),
        Column("appointed_on", "任命日期", "Appointed on", "date", True),
        Column("ended_on", "离任日期", "Ended on", "date"),
    ),
    searched=("number", "enterprise__name_zh"),
    ordering="number",
)

TABLES: dict[str, TableSpec] = {
    table.kind: table
    for table in (
        UNITS,
        CLUSTERS,
        ENTERPRISES,
        PRODUCTS,
        INSTITUTIONS,
        QUALIFICATIONS,
        SCOPE_ITEMS,
        STANDARDS,
        QUALITY_OFFICERS,
    )
}
REFERENCE_FIELD = {
    "units": "code",
    "clusters": "code",
    "enterprises": "credit_code",
    "institutions": "code",
    "qualifications": "number",
}
Translate = Callable[[str], str]
