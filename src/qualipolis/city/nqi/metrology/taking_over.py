"""A firm takes its list of instruments over: in whole or not at all, each line traced to its source."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.nqi.licences.list_reading import Column, Row, at, read_rows, stop, twice
from qualipolis.city.nqi.licences.models import ImportedList
from qualipolis.city.nqi.metrology.ledger_of_instruments import FIRM, cleaned, derived, faults
from qualipolis.city.nqi.metrology.models import Instrument
from qualipolis.city.nqi.metrology.visibility import firm_of
from qualipolis.city.registry.models import Enterprise
from qualipolis.methods.problems import Problem, msg

KINDS = (
    ("price_scale", "电子计价秤"), ("price_scale", "计价秤"), ("truck_scale", "电子汽车衡"), ("truck_scale", "固定式电子衡器"),
    ("truck_scale", "地磅"), ("fuel_dispenser", "燃油加油机"), ("fuel_dispenser", "加油机"), ("taximeter", "出租汽车计价器"),
    ("water_meter", "水表"), ("gas_meter", "燃气表"), ("charging_pile", "电动汽车充电桩"), ("charging_pile", "充电桩"),
    ("pressure_gauge", "压力表"), ("pressure_gauge", "弹性元件式一般压力表"), ("gas_alarm", "可燃气体报警器"),
    ("gas_alarm", "可燃气体检测报警器"), ("breath_alcohol", "呼出气体酒精含量检测仪"), ("blood_pressure", "血压计"),
    ("thermometer", "体温计"), ("thermometer", "电子体温计"), ("ecg", "心电图机"), ("sound_level", "声级计"),
    ("flue_gas", "烟气分析仪"), ("other", "其他"), ("other", "other"),
)  # fmt: skip
COLUMNS = (
    Column("serial_no", ("出厂编号", "器具编号", "编号", "Serial number", "serial_no"), required=True),
    Column("kind", ("器具类别", "计量器具类别", "类别", "Kind of instrument", "kind"), "choice", True, KINDS),
    Column("name", ("器具名称", "计量器具名称", "名称", "Name", "name"), required=True),
    Column("model", ("型号规格", "型号", "规格型号", "Model", "model")),
    Column("maker", ("制造厂", "生产厂家", "制造商", "Manufacturer", "maker")),
    Column("accuracy", ("测量范围及准确度", "准确度等级", "测量范围", "Range and accuracy", "accuracy")),
    Column("place", ("使用地点", "安装地点", "Where it is used", "place")),
    Column("last_on", ("上次检定日期", "检定日期", "Last verified on", "last_on"), "date"),
    Column("months", ("检定周期", "检定周期(月)", "Months between verifications", "months"), "months"),
)


@verb("nqi.take_instruments", roles=FIRM, scope=firm_of)
def take_instruments(actor: Any, thing: Enterprise, data: bytes, name: str) -> ImportedList:
    """Take a list over; an instrument that is registered already keeps the whole list out."""
    rows = read_rows(data, name, COLUMNS)
    known = set(Instrument.objects.filter(enterprise=thing).values_list("kind", "serial_no"))
    first: dict[Any, int] = {}
    problems = []
    for row in rows:
        key = (row.values["kind"], row.values["serial_no"])
        problems += at(row, faults(_values(row))) + twice(row, first, key)
        first.setdefault(key, row.line)
        what = msg("This instrument is registered already.")
        problems += at(row, [Problem("there_already", what, msg("Take the row out.")) if key in known else None])
    stop(problems)
    source = ImportedList.objects.create(
        kind=ImportedList.Kind.INSTRUMENTS, file=name[:200], sha256=hashlib.sha256(data).hexdigest(), rows=len(rows),
        taken_by=person_of(actor),
    )  # fmt: skip
    year = timezone.localdate().year
    made = [
        Instrument(
            number=next_number("QJ", year), enterprise=thing, unit=thing.unit, source=source, source_line=row.line,
            **derived(_values(row)),
        )
        for row in rows
    ]  # fmt: skip
    Instrument.objects.bulk_create(made, batch_size=500)
    record(
        actor, "nqi.take_instruments", source, {"rows": len(rows), "sha256": source.sha256, "firm": thing.credit_code}
    )
    return source


def _values(row: Row) -> dict[str, Any]:
    return cleaned(row.values) | {name: row.values[name] for name in ("kind", "months", "last_on")}
