"""A certification body takes the list of its certificates over: in whole or not at all, each line traced to its source."""

from __future__ import annotations

import hashlib
from typing import Any

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.nqi.licences.certificates import TEXTS, faults, next_follow_up
from qualipolis.city.nqi.licences.list_reading import Column, Row, at, read_rows, stop, twice
from qualipolis.city.nqi.licences.models import ImportedList, IssuedCertificate
from qualipolis.city.nqi.licences.visibility import LABORATORY, body_of
from qualipolis.city.registry.models import Enterprise, Institution
from qualipolis.methods.problems import Problem, msg

Kind = IssuedCertificate.Kind
KINDS = (
    (Kind.PRODUCT, "产品认证"), (Kind.PRODUCT, "自愿性产品认证"), (Kind.PRODUCT, "product certificate"), (Kind.CCC, "强制性产品认证"),
    (Kind.CCC, "CCC"), (Kind.CCC, "3C"), (Kind.SYSTEM, "管理体系认证"), (Kind.SYSTEM, "体系认证"),
    (Kind.SYSTEM, "management system certificate"), (Kind.SERVICE, "服务认证"), (Kind.SERVICE, "service certificate"),
)  # fmt: skip
COLUMNS = (
    Column("number", ("证书编号", "证书号", "Certificate", "number"), required=True),
    Column("kind", ("证书类别", "认证类别", "类别", "Kind", "kind"), "choice", True, KINDS),
    Column("scheme", ("认证项目", "认证领域", "认证制度", "Scheme", "scheme"), required=True),
    Column("holder_name", ("获证组织", "获证组织名称", "持证人", "Holder", "holder"), required=True),
    Column("credit_code", ("统一社会信用代码", "信用代码", "Credit code", "credit_code")),
    Column("covers", ("认证范围", "产品范围", "覆盖范围", "Covers", "covers"), required=True),
    Column("standard", ("认证依据", "认证标准", "标准号", "Standard", "standard")),
    Column("issued_on", ("发证日期", "颁证日期", "Issued on", "issued_on"), "date", True),
    Column("valid_to", ("有效期至", "证书有效期", "截止日期", "Valid to", "valid_to"), "date", True),
)


@verb("nqi.take_certificates", roles=LABORATORY, scope=body_of)
def take_certificates(actor: Any, thing: Institution, data: bytes, name: str) -> ImportedList:
    """Take a list over; a number that is known already keeps the whole list out."""
    rows = read_rows(data, name, COLUMNS)
    firms = dict(Enterprise.objects.values_list("credit_code", "pk"))
    known = set(IssuedCertificate.objects.filter(certifier=thing).values_list("number", flat=True))
    first: dict[str, int] = {}
    problems = []
    for row in rows:
        problems += at(row, faults(thing, _bounded(row))) + twice(row, first, row.values["number"])
        first.setdefault(row.values["number"], row.line)
        problems += at(row, _unknown(row, firms, known))
    stop(problems)
    source = ImportedList.objects.create(
        kind=ImportedList.Kind.CERTIFICATES, file=name[:200], sha256=hashlib.sha256(data).hexdigest(), rows=len(rows),
        taken_by=person_of(actor),
    )  # fmt: skip
    made = [_made(thing, row, firms, source) for row in rows]
    IssuedCertificate.objects.bulk_create(made, batch_size=500)
    record(actor, "nqi.take_certificates", source, {"rows": len(rows), "sha256": source.sha256, "body": thing.code})
    return source


def _bounded(row: Row) -> dict[str, Any]:
    return row.values | {name: str(row.values[name] or "")[:most] for name, most in TEXTS.items()}


def _unknown(row: Row, firms: dict[str, int], known: set[str]) -> list[Any]:
    code = row.values["credit_code"]
    return [
        Problem("unknown_firm", msg("No firm of the register has the code %(code)s."), msg("Correct it or leave it empty."), {"code": code[:18]})
        if code and code not in firms else None,
        Problem("number_taken", msg("There is a certificate with this number already."), msg("Take the row out."))
        if row.values["number"] in known else None,
    ]  # fmt: skip


def _made(body: Institution, row: Row, firms: dict[str, int], source: ImportedList) -> IssuedCertificate:
    values = _bounded(row)
    code = values.pop("credit_code")
    return IssuedCertificate(
        certifier=body, holder_id=firms.get(code), source=source, source_line=row.line,
        follow_up_on=next_follow_up(values["issued_on"], values["valid_to"]), **values,
    )  # fmt: skip
