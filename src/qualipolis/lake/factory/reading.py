"""One way in for every factory file: what it is, is found in its bytes, not in its name."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from qualipolis.lake.cells import Place
from qualipolis.lake.encodings import WRONG_KINDS, kind_of, load
from qualipolis.lake.factory.aqdef import read_aqdef
from qualipolis.lake.factory.bounds import Asked, Bounds, text_of
from qualipolis.lake.factory.dcc import read_dcc
from qualipolis.lake.factory.markup import looks_like_markup, parse
from qualipolis.lake.factory.measurements import Measurements, Note, Origin, assumed, read_note
from qualipolis.lake.factory.qif import read_qif
from qualipolis.lake.factory.sheets import sheet_of_book, sheet_of_text
from qualipolis.lake.factory.streaming import read_streamed
from qualipolis.lake.factory.table import read_measured
from qualipolis.lake.workbook import open_workbook
from qualipolis.methods.problems import InputError, Problem, msg

_BOUNDS = Bounds()
_KEYED = re.compile(r"\s*K\d{4}(?:/\d+)*[ \t]")
_SEPARATED = re.compile(rb"[\x0f\x14]")
_OTHER_HALF = {".dfd": ".dfx", ".dfx": ".dfd"}


def read_measurements(
    source: Path | bytes,
    *,
    name: str = "",
    companion: Path | bytes | None = None,
    encoding: str = "",
    decimal: str = "",
    sheet: str | None = None,
    layout: str = "auto",
    languages: tuple[str, ...] = (),
    bounds: Bounds = _BOUNDS,
) -> Measurements:
    """Read a table (csv, tsv, txt, xlsx), a Q-DAS file, a QIF document or a calibration certificate.

    Parameters
    ----------
    source : path or bytes; its kind is recognised by content
    name : name to show, where ``source`` has none
    companion : the other half of a Q-DAS pair (dfd for dfx, dfx for dfd); found beside a path by itself
    encoding, decimal, sheet : what the caller knows better than the file; otherwise recognised
    layout : ``"auto"``, ``"columns"`` (each column a characteristic) or ``"across"`` (all columns pieces of a subgroup)
    languages : preferred languages of names in a certificate, such as ``("zh", "en")``
    bounds : how much is read

    Returns
    -------
    Measurements
        ``understood`` says in words what was read, assumed and ignored

    Raises
    ------
    InputError
        every problem found, with place and remedy; nothing is returned in part

    >>> found = read_measurements("子组;X1;X2\\n1;25,003;24,997\\n2;<0,5;\\n".encode("gbk"), name="孔径.csv")
    >>> found.characteristics[0].name, found.characteristics[0].readings.value.tolist()
    ('孔径', [25.003, 24.997, 0.5, nan])
    """
    _check(decimal, layout, name)
    called = name or (source.name if isinstance(source, Path) else "table")
    asked = Asked(encoding, decimal, sheet, layout, languages)
    streamed = read_streamed(source, called, asked, bounds)
    if streamed is not None:
        return streamed
    return _recognised([load(source, called, bounds.table)], source, called, companion, asked, bounds)


def _recognised(
    held: list[bytes], source: Path | bytes, called: str, companion: Path | bytes | None, asked: Asked, bounds: Bounds
) -> Measurements:
    """Read the one file in ``held``, which is let go as soon as its cells are known: it may be large."""
    data = held.pop()
    kind = kind_of(data)
    if kind == "zip":
        return _book(data, called, asked, bounds)
    if kind == "html" or (kind not in ("text", "binary", "xml")):
        remedy = msg("Send a table (.csv, .xlsx), a Q-DAS file (.dfq), a QIF file or a calibration certificate.")
        params = {"ending": Path(called).suffix or "?"}
        raise InputError([Problem("wrong_type", WRONG_KINDS[kind], remedy, params, Place(called))])
    if looks_like_markup(data):
        return _markup(data, called, asked, bounds)
    held.append(data)
    del data
    return _text(source, held, called, companion, asked, bounds)


def _check(decimal: str, layout: str, name: str) -> None:
    if decimal not in ("", ".", ",") or layout not in ("auto", "columns", "across"):
        what, remedy = (
            msg("The decimal mark or the layout asked for is not known."),
            msg("Leave them to be recognised."),
        )
        raise InputError([Problem("option", what, remedy, place=name)])


def _origin(data: bytes, name: str, kind: str, encoding: str, version: str = "", sheet: str = "") -> Origin:
    return Origin(name, kind, len(data), encoding, hashlib.sha256(data).hexdigest(), version, sheet)


def _book(data: bytes, name: str, asked: Asked, bounds: Bounds) -> Measurements:
    cells, left = sheet_of_book(open_workbook(data, name, bounds.table), asked.sheet)
    return read_measured(cells, _origin(data, name, "table", "", sheet=cells.title), asked, bounds, left)


def _markup(data: bytes, name: str, asked: Asked, bounds: Bounds) -> Measurements:
    markup = parse(data, name, bounds, asked.encoding)
    if markup.root.tag == "QIFDocument":
        version = markup.root.get("versionQIF", "")[:20]
        return read_qif(markup, _origin(data, name, "qif", markup.encoding, version), bounds)
    if markup.root.tag == "digitalCalibrationCertificate":
        version = markup.root.get("schemaVersion", "")[:20]
        return read_dcc(markup, _origin(data, name, "dcc", markup.encoding, version), bounds, asked.languages)
    what = msg("The XML begins with %(root)s; only QIF documents and digital calibration certificates are read.")
    remedy = msg("Export the measurements as QIF, Q-DAS, .csv or .xlsx.")
    raise InputError([Problem("unknown_type", what, remedy, {"root": markup.root.tag[:60]}, Place(name))])


def _text(
    source: Path | bytes, held: list[bytes], name: str, companion: Path | bytes | None, asked: Asked, bounds: Bounds
) -> Measurements:
    data = held.pop()
    text, encoding, guessed = text_of(data, name, asked.encoding)
    text = text.removeprefix("\ufeff")
    if _KEYED.match(text) or _SEPARATED.search(data[: 1 << 20]):
        found = _qdas(source, data, text, name, encoding, companion, asked, bounds)
        return _with(found, _spoken(encoding, guessed))
    origin = _origin(data, name, "table", encoding)
    cells = sheet_of_text(text, name, bounds.table, data if encoding == "utf-8" else None)
    del text, data
    return _with(read_measured(cells, origin, asked, bounds, ()), _spoken(encoding, guessed))


def _spoken(encoding: str, guessed: bool) -> Note:
    if guessed:
        what = msg(
            "The file does not say its encoding; it was read as %(encoding)s. Choose another if names look wrong."
        )
        return assumed(what, encoding=encoding)
    return read_note(msg("The encoding of the text is %(encoding)s."), encoding=encoding)


def _with(found: Measurements, note: Note) -> Measurements:
    understood = (*found.understood[:1], note, *found.understood[1:])
    return Measurements(found.origin, found.characteristics, found.parts, understood, found.warnings, found.certificate)


def _qdas(
    source: Path | bytes,
    data: bytes,
    text: str,
    name: str,
    encoding: str,
    companion: Path | bytes | None,
    asked: Asked,
    bounds: Bounds,
) -> Measurements:
    """Read one file, or a description and its values in the right order."""
    other = companion if companion is not None else _beside(source)
    texts = [(name, text)]
    if other is not None:
        called = (
            other.name
            if isinstance(other, Path)
            else Path(name).stem + _OTHER_HALF.get(Path(name.lower()).suffix, ".dfx")
        )
        more = load(other, called, bounds.table)
        texts.append((called, text_of(more, called, asked.encoding)[0].removeprefix("\ufeff")))
        texts.sort(key=lambda pair: not ("K2001" in pair[1][:200_000] or "K2002" in pair[1][:200_000]))
        data = data + more
    return read_aqdef(texts, _origin(data, name, "aqdef", encoding), bounds)


def _beside(source: Path | bytes) -> Path | None:
    """Return the other half of a pair that lies beside the file, whatever the case of its ending."""
    if not isinstance(source, Path) or source.suffix.lower() not in _OTHER_HALF:
        return None
    wanted = _OTHER_HALF[source.suffix.lower()]
    for ending in (wanted, wanted.upper()):
        if source.with_suffix(ending).is_file():
            return source.with_suffix(ending)
    return None
