"""Taking over a list of 1e5 scope lines from xlsx: seconds from the file to rows in the database, with progress.

Run: .venv/bin/python benchmarks/scope_import.py [lines]        (100,000 unless given)
Founds an empty database in a temporary home, writes the list as a laboratory sends it (title, heading, merged sections),
takes it over through the verb, then again with one line changed, then with a bad row.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
HEAD = ["序号", "检测对象", "检测项目/参数", "检测标准（方法）名称及编号（含年号）", "限制范围", "说明"]


def write(path: Path, lines: int, last: str) -> None:
    """Write a list with a title, a section every thousand rows, and a last line of our choice."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("附表")
    sheet.append(["检验检测机构资质认定证书附表"])
    sheet.append(HEAD)
    for at in range(lines - 1):
        if at % 1000 == 0:
            sheet.append([f"{at // 1000 + 1}、第{at // 1000 + 1}类"])
        sheet.append(
            [
                at + 1,
                f"产品{at // 50}",
                f"项目{at % 997}",
                f"第{at % 997}项的测定 GB/T {10000 + at % 8000}.{at % 40 + 1}-20{at % 20 + 10}",
            ]
        )
    sheet.append([lines, "产品甲", "项目乙", last])
    book.save(path)


def main() -> None:
    """Measure and print."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(QUALIPOLIS_HOME=home, DJANGO_SETTINGS_MODULE="qualipolis.site.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(Path(home), lines)


def measure(home: Path, lines: int) -> None:
    """Take three lists over and print what each took."""
    from qualipolis.city.core.policy import System
    from qualipolis.city.nqi import service
    from qualipolis.city.nqi.directory.scope_index import rebuild
    from qualipolis.city.registry.models import Institution, Qualification, ScopeItem, Unit
    from qualipolis.methods.problems import InputError

    unit = Unit.objects.create(code="1", kind="town", name_zh="镇")
    body = Institution.objects.create(code="L1", kind="laboratory", name_zh="所", unit=unit)
    held = Qualification.objects.create(institution=body, kind="cma", number="C1", valid_from=date(2020, 1, 1))
    for name, last, day in (
        ("first", "GB 1.1-2020", date(2021, 1, 1)),
        ("again", "GB 1.1-2021", date(2022, 1, 1)),
        ("bad", "见附件", date(2023, 1, 1)),
    ):
        path = home / f"{name}.xlsx"
        write(path, lines, last)
        told: list[int] = []
        began, busy = time.perf_counter(), time.process_time()
        try:
            made = service.import_scope(
                System(), held, path, path.name, day, progress=lambda done, total, told=told: told.append(done)
            )
            said = f"{made.added:,} new, {made.kept:,} stay, {made.ended:,} end"
        except InputError as error:
            said = f"refused: {error.problems[0]}"
        took, work = time.perf_counter() - began, time.process_time() - busy
        rows = ScopeItem.objects.filter(source__file=path.name).count()
        print(
            f"{name}: {took:.1f} s ({work:.1f} s of processor), {len(told):,} times told, {said}; {rows:,} rows of this file"
        )
    began = time.perf_counter()
    print(f"index of {rebuild():,} lines built in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
