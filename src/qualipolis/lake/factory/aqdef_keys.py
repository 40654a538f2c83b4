"""The K-keys of AQDEF files that are understood, and where each goes."""

from __future__ import annotations

PART = {
    "K1001": "number",
    "K1002": "name",
    "K1004": "revision",
    "K1081": "machine",
    "K1082": "machine",
    "K1086": "operation",
    "K1301": "plant",
    "K1302": "plant",
    "K1303": "plant",
}
CHARACTERISTIC = {
    "K2001": "number",
    "K2002": "name",
    "K2004": "kind",
    "K2022": "decimals",
    "K2030": "group",
    "K2100": "target",
    "K2101": "nominal",
    "K2110": "lower",
    "K2111": "upper",
    "K2112": "lower_allowance",
    "K2113": "upper_allowance",
    "K2120": "lower_kind",
    "K2121": "upper_kind",
    "K2141": "unit_code",
    "K2142": "unit",
    "K2401": "gauge",
    "K2402": "gauge_name",
    "K2404": "resolution",
    "K8500": "subgroup_size",
}
DETAILS = {
    "K2003": "short_name",
    "K2005": "class",
    "K2009": "quantity",
    "K2011": "distribution",
    "K2031": "group_element",
    "K2114": "lower_scrap",
    "K2115": "upper_scrap",
    "K2130": "lower_plausible",
    "K2131": "upper_plausible",
    "K2202": "study_type",
    "K2205": "study_parts",
    "K2220": "study_operators",
    "K2221": "study_trials",
    "K2222": "study_reference_measurements",
    "K8501": "subgroup_kind",
}
NUMBERS = frozenset(
    {"target", "nominal", "lower", "upper", "lower_allowance", "upper_allowance", "resolution", "decimals"}
    | {"subgroup_size"}
)
VALUE = {
    "K0001": "value",
    "K0002": "attribute",
    "K0004": "time",
    "K0005": "event",
    "K0006": "batch",
    "K0007": "cavity",
    "K0008": "operator",
    "K0010": "machine",
    "K0011": "process",
    "K0012": "gauge",
    "K0020": "inspected",
    "K0021": "defective",
}
FURTHER = {"K0014": "part", "K0009": "text", "K0016": "serial", "K0017": "reason", "K0053": "order"}
LINE = ("K0001", "K0002", "K0004", "K0005", "K0006", "K0007", "K0008", "K0010", "K0011", "K0012")
ATTRIBUTE_LINE = ("K0020", "K0021", "", *LINE[1:])
FILE = frozenset({"K0100", "K0101"})
STRUCTURE = frozenset({"K5002", "K5102", "K5103", "K5111", "K5112", "K5113"})
KNOWN_UNUSED = frozenset({"K1000", "K1003", "K1010", "K2000", "K2006", "K2007", "K2008", "K2013", "K2015"})
PROPRIETARY = frozenset({"K2999", "K5080", "K5098"})
NOT_ASSIGNED = frozenset({"", "0", "#"})
CATALOGUED = frozenset({"K0007", "K0008", "K0010", "K0011", "K0012", "K0006"})
