"""Which rows are the same firm, brand or product: all at once with splink, or one new row against the rest."""

from qualipolis.lake.entities.checking import Index, candidates, index, stored_keys
from qualipolis.lake.entities.links import BAND_WORDS, REVIEW, SAME, Links, Pair
from qualipolis.lake.entities.names import FirmName, firm_name
from qualipolis.lake.entities.resolving import resolve
from qualipolis.lake.entities.weights import Reason, Weights, fitted, shipped
from qualipolis.lake.entities.words import FIELD_WORDS, LEVEL_WORDS, Entity, gazetteer

__all__ = [
    "BAND_WORDS",
    "FIELD_WORDS",
    "LEVEL_WORDS",
    "REVIEW",
    "SAME",
    "Entity",
    "FirmName",
    "Index",
    "Links",
    "Pair",
    "Reason",
    "Weights",
    "candidates",
    "firm_name",
    "fitted",
    "gazetteer",
    "index",
    "resolve",
    "shipped",
    "stored_keys",
]
