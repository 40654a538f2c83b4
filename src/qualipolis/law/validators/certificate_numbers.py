"""Numbers of certificates and approvals. Where no official text fixes the form, a deviation only warns."""

from __future__ import annotations

import re

from qualipolis.law.validators.checked import Checked, half_width
from qualipolis.methods.problems import Problem, msg

_REGISTER = msg("Look it up in the official register.")
_CMA = re.compile(r"[0-9]{12}[A-Z]?")
_CNCA = re.compile(r"CNCA-(?P<class>RF|R)-(?P<year>[0-9]{4})-(?P<seq>[0-9]{2,4})")
_SYSTEM = re.compile(
    r"(?P<body>[0-9]{3})(?P<yy>[0-9]{2})(?P<sys>[A-Z]{1,3})(?P<seq>[0-9]{5})R(?P<cycle>[0-9]{1,2})(?P<size>[SML])"
    r"(?:[/-](?P<site>[0-9A-Z]+))?"
)
_CNAS = re.compile(r"CNAS ?(?P<class>[LCI]B?)(?P<seq>[0-9]{4,5})")
_CCC = re.compile(r"(?P<year>20[0-9]{2})[0-9]{12}")
_COMPLAINT = re.compile(r".{1,6}市监.{1,6}〔[0-9]{4}〕第?[0-9]+号")


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", half_width(text)).upper()


def _warning(code: str, what: str, value: str, remedy: str = _REGISTER) -> Problem:
    return Problem(code, what, remedy, {"number": value[:60]}, severity="warning")


def cma_certificate(text: str) -> Checked:
    """Return a CMA certificate number (资质认定证书) with both readings; it is never rejected.

    Two descriptions are in use: a two-digit year, authority, field, ministry and serial, or a four-digit year with the
    authority after it. The register decides.

    >>> cma_certificate("202119123456").parts["year4"], cma_certificate("161912050123").parts["year2"]
    ('2021', '16')
    """
    value = _plain(text)
    if not _CMA.fullmatch(value):
        what = msg("%(number)s has not the usual form of a CMA number (12 digits).")
        return Checked(value, (_warning("cma_form", what, value),))
    parts: dict[str, str] = {}
    if "00" <= value[2:4] <= "31":
        parts |= {"year2": value[:2], "authority2": value[2:4], "field2": value[4:6], "serial2": value[8:12]}
    if "2006" <= value[:4] <= "2099" and "00" <= value[4:6] <= "31":
        parts |= {"year4": value[:4], "authority4": value[4:6]}
    if "year2" in parts and "year4" in parts:
        what = msg("%(number)s can be read with a two-digit or a four-digit year.")
        return Checked(value, (_warning("cma_two_readings", what, value),), parts)
    if not parts:
        what = msg("No known reading fits the CMA number %(number)s.")
        return Checked(value, (_warning("cma_no_reading", what, value),))
    return Checked(value, (), parts)


def cnca_approval(text: str) -> Checked:
    """Return the approval number of a certification body; another form is rejected.

    >>> cnca_approval("cnca-r-2002-001").value, cnca_approval("CNCA-X-2002-001").ok
    ('CNCA-R-2002-001', False)
    """
    value = _plain(text)
    found = _CNCA.fullmatch(value)
    if found:
        return Checked(value, (), found.groupdict())
    what, remedy = msg("%(number)s is not the number of an approval."), msg("Write it like CNCA-R-2002-001.")
    return Checked(value, (Problem("cnca_form", what, remedy, {"number": value[:60]}),))


def management_certificate(text: str) -> Checked:
    """Return a management-system certificate number; bodies number differently, so another form only warns.

    >>> management_certificate("00114Q26950R7L/3502").parts["sys"]
    'Q'
    """
    value = _plain(text)
    found = _SYSTEM.fullmatch(value)
    if found:
        return Checked(value, (), {k: v for k, v in found.groupdict().items() if v})
    what = msg("%(number)s has not the usual form of a management-system certificate.")
    return Checked(value, (_warning("management_form", what, value),))


def cnas_number(text: str) -> Checked:
    """Return a CNAS accreditation number, one space before the class; another form warns.

    >>> cnas_number("CNASL0123").value
    'CNAS L0123'
    """
    value = _plain(text)
    found = _CNAS.fullmatch(value)
    if found:
        return Checked(f"CNAS {found['class']}{found['seq']}", (), found.groupdict())
    what = msg("%(number)s has not the usual form of a CNAS number (CNAS L0123).")
    return Checked(value, (_warning("cnas_form", what, value),))


def ccc_certificate(text: str) -> Checked:
    """Return a CCC certificate number (16 digits, the year first); another form warns.

    >>> ccc_certificate("2021010101234567").parts["year"]
    '2021'
    """
    value = _plain(text)
    found = _CCC.fullmatch(value)
    if found:
        return Checked(value, (), found.groupdict())
    what = msg("%(number)s has not the usual form of a CCC certificate (16 digits, the year first).")
    return Checked(value, (_warning("ccc_form", what, value),))


def complaint_document(text: str) -> Checked:
    """Return the number of a complaint document such as 东市监投〔2026〕第12号; another form is rejected.

    >>> complaint_document("东市监投[2026]第12号").value
    '东市监投〔2026〕第12号'
    """
    value = re.sub(r"[\[(【]([0-9]{4})[\])】]", r"〔\1〕", _plain(text))
    if _COMPLAINT.fullmatch(value):
        return Checked(value)
    what, remedy = msg("%(number)s is not the number of a document."), msg("Write it like 东市监投〔2026〕第12号.")
    return Checked(value, (Problem("document_form", what, remedy, {"number": value[:60]}),))
