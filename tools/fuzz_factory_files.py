"""Fuzz the readers of factory files: whatever comes in is read or refused in words, soon, and never crashes.

Run: python tools/fuzz_factory_files.py TARGET [seconds]   (needs atheris, which wants Linux: pip install atheris)
Targets: table, aqdef, pair, qif, dcc, book. The corpus under tests/lake/factory/corpus is read first; what is found new
goes to a folder of its own under the folder for temporary files, and ``keep`` copies the smallest of it back:
python tools/fuzz_factory_files.py keep TARGET
"""

from __future__ import annotations

import hashlib
import io
import shutil
import sys
import tempfile
import zipfile
from functools import partial
from pathlib import Path

CORPUS = Path(__file__).parent.parent / "tests" / "lake" / "factory" / "corpus"
KEPT, LARGEST = 60, 4096
SHEET = "xl/worksheets/sheet1.xml"
PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" '
    'r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns='
    '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}


def book(sheet: bytes) -> bytes:
    """Return a workbook whose only sheet is ``sheet`` as it stands."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        archive.writestr(SHEET, sheet)
    return held.getvalue()


def read(target: str, data: bytes) -> bool:
    """Read ``data`` as ``target``; return whether it was read, False when it was refused in words."""
    from qualipolis.lake.factory import Bounds, read_measurements
    from qualipolis.methods.problems import InputError

    names = {"table": "a.csv", "aqdef": "a.dfq", "pair": "a.dfx", "qif": "a.qif", "dcc": "a.xml", "book": "a.xlsx"}
    companion = None
    if target == "pair":
        description, _, data = data.partition(b"\n--\n")
        companion = description
    try:
        given = book(data) if target == "book" else data
        read_measurements(given, name=names[target], companion=companion, bounds=Bounds())
    except InputError as refused:
        if not all(problem.what for problem in refused.problems):
            raise AssertionError("a problem without words") from refused
        return False
    return True


def fuzz(target: str, seconds: int) -> None:
    """Let the fuzzer run for ``seconds``; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["qualipolis.lake"]):
        import qualipolis.lake.factory  # noqa: F401
    found = new(target)
    found.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=2048", "-max_len=20000"]
    atheris.Setup([sys.argv[0], str(found), str(CORPUS / target), *options], partial(read, target))
    atheris.Fuzz()


def new(target: str) -> Path:
    """Return the folder of what the fuzzer found new."""
    return Path(tempfile.gettempdir()) / "qualipolis-fuzz" / target


def keep(target: str) -> int:
    """Copy the smallest findings into the corpus; return how many it holds."""
    into = CORPUS / target
    into.mkdir(parents=True, exist_ok=True)
    small = sorted((p for p in new(target).glob("*") if p.stat().st_size <= LARGEST), key=lambda p: p.stat().st_size)
    step = max(1, len(small) // KEPT)
    for path in small[::step][: KEPT - len(list(into.iterdir()))]:
        shutil.copy(path, into / hashlib.sha256(path.read_bytes()).hexdigest()[:16])
    return len(list(into.iterdir()))


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "keep":
        print(keep(sys.argv[2]))
    elif len(sys.argv) > 1:
        fuzz(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3600)
    else:
        sys.exit(__doc__)
