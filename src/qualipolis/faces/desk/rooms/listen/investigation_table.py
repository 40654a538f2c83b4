"""Products as people paste or upload them, read into rows; what cannot be read is named, nothing is guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qualipolis.lake.encodings import Limits
from qualipolis.lake.tables import read_table
from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.text.normalise import normalise

MOST, MOST_TEXT = 200, 100_000
LIMITS = Limits(bytes=2 * 1024 * 1024)
ORDER = ("name", "brand", "model", "barcode", "batch", "units_affected", "customs_code", "product_class", "origin")
HEADS: dict[str, tuple[str, ...]] = {
    "name": ("产品名称", "产品", "品名", "名称", "商品名称", "product", "product name", "name"),
    "brand": ("品牌", "商标", "brand", "trademark"),
    "model": ("型号", "规格型号", "型号规格", "规格", "model", "model number"),
    "barcode": ("条码", "条形码", "商品条码", "barcode", "gtin", "ean"),
    "batch": ("批次", "批号", "生产批号", "批次号", "batch", "lot", "batch number"),
    "units_affected": ("数量", "影响数量", "涉及数量", "件数", "units", "pieces", "quantity", "units affected", "pieces affected"),
    "customs_code": ("海关编号", "报关单号", "商品编码", "hs编码", "customs number", "customs code", "hs code"),
    "product_class": ("产品类别", "类别", "分类", "class", "category", "class of product"),
    "origin": ("原产国", "原产地", "产地", "origin", "country of origin"),
}  # fmt: skip
KNOWN = {head: field for field, heads in HEADS.items() for head in heads}


def field_of(head: str) -> str:
    """Return the field that a column head means; empty for one that is not known.

    >>> field_of(" 规格型号 "), field_of("Barcode"), field_of("价格")
    ('model', 'barcode', '')
    """
    return KNOWN.get(normalise(head).strip().casefold(), "")


def rows_of_text(text: str) -> list[dict[str, str]]:
    """Read pasted lines: cells parted by tabs or commas; a first line of known heads names the columns.

    >>> rows_of_text("电暖器\\t暖示\\tNQ-200\\n插座")
    [{'name': '电暖器', 'brand': '暖示', 'model': 'NQ-200'}, {'name': '插座'}]
    >>> rows_of_text("品牌,产品名称\\n暖示,电暖器")
    [{'brand': '暖示', 'name': '电暖器'}]
    """
    lines = [line for line in text[:MOST_TEXT].splitlines() if line.strip()]
    tab = "\t" if any("\t" in line for line in lines) else ","
    plain = [line if tab == "\t" else line.replace("，", ",") for line in lines]
    cells = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO("\n".join(plain)), delimiter=tab)]
    if not cells:
        return []
    fields = [field_of(head) for head in cells[0]]
    headed = "name" in fields
    return _rows(fields if headed else ORDER, cells[1:] if headed else cells)


def rows_of_file(name: str, content: bytes) -> list[dict[str, str]]:
    """Read an xlsx or csv whose first row names the columns; a table without the names of products is refused."""
    table = read_table(content, name=name, limits=LIMITS)
    fields = [field_of(head) for head in table.columns]
    if "name" not in fields:
        what = msg("No column of this table holds the names of the products.")
        refuse([Problem("no_names", what, msg("Name a column 产品名称 or “product”."), place="file")])
    rows: Iterable[Sequence[Any]] = table.frame.iter_rows()
    return _rows(fields, ([str(cell or "").strip() for cell in row] for row in rows))


def _rows(fields: Sequence[str], cells: Iterable[Sequence[str]]) -> list[dict[str, str]]:
    found = []
    for row in cells:
        said = {field: cell for field, cell in zip(fields, row, strict=False) if field and cell}
        if said:
            found.append(said)
    if len(found) > MOST:
        refuse([Problem("many_rows", msg("At most %(most)s products are added at once."), "", {"most": MOST})])
    return found


def kept(given: Any) -> list[dict[str, str]]:
    """Return rows as they travelled with the preview, whatever came back; only known fields, cut to a length."""
    if not isinstance(given, list):
        return []
    rows = [one for one in given[:MOST] if isinstance(one, Mapping)]
    found = [{field: str(one[field])[:200] for field in ORDER if one.get(field)} for one in rows]
    return [one for one in found if one]
