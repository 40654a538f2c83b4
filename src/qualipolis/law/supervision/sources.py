"""Where each rule of supervision sampling stands, and whether anybody here has read that place.

``READ`` are clauses whose text was compared; ``UNREAD`` are known from memory and say so in their own words; article
numbers of Order 18 may be off by one; ``OWN`` are decisions of the city or of this platform, which no law makes.
"""

from __future__ import annotations

from qualipolis.law.flow import CITY_TERM
from qualipolis.methods.problems import msg

PRODUCT_LAW = msg("Product Quality Law (2018)")
FOOD_LAW = msg("Food Safety Law (2021)")
ORDER_45 = msg("Provisions on publishing penalties in market regulation (Order 45)")
ORDER_18 = msg("Interim measures for product quality supervision sampling (Order 18)")
ORDER_15 = msg("Measures for food safety sampling inspection (Order 15)")
CITY = msg("Set by the city")
PLATFORM = msg("a working rule of this platform, not law")

LAW_15 = msg("Product Quality Law, article 15")
LAW_16 = msg("Product Quality Law, article 16")
LAW_17 = msg("Product Quality Law, article 17")
LAW_24 = msg("Product Quality Law, article 24")
FOOD_88 = msg("Food Safety Law, article 88")
PENALTY_2 = msg("Order 45, article 2")
PENALTY_9 = msg("Order 45, article 9")
PENALTY_10 = msg("Order 45, article 10")
PENALTY_11 = msg("Order 45, article 11")
PENALTY_12 = msg("Order 45, article 12")
PENALTY_13 = msg("Order 45, article 13")
O18_4 = msg("Order 18, article 4 (from memory; the text was not seen)")
O18_5 = msg("Order 18, article 5 (from memory; the text was not seen)")
O18_8 = msg("Order 18, article 8 (from memory; the text was not seen)")
O18_9 = msg("Order 18, article 9 (from memory; the text was not seen)")
O18_10 = msg("Order 18, article 10 (from memory; the text was not seen)")
O18_11 = msg("Order 18, article 11 (from memory; the text was not seen)")
O18_12 = msg("Order 18, article 12 (from memory; the text was not seen)")
O18_13 = msg("Order 18, article 13 (from memory; the text was not seen)")
O18_14 = msg("Order 18, article 14 (from memory; the text was not seen)")
O18_15 = msg("Order 18, article 15 (from memory; the text was not seen)")
O18_16 = msg("Order 18, article 16 (from memory; the text was not seen)")
O18_17 = msg("Order 18, article 17 (from memory; the text was not seen)")
O18_18 = msg("Order 18, article 18 (from memory; the text was not seen)")
O18_19 = msg("Order 18, article 19 (from memory; the text was not seen)")
O18_20 = msg("Order 18, article 20 (from memory; the text was not seen)")
O18_21 = msg("Order 18, article 21 (from memory; the text was not seen)")
O18_22 = msg("Order 18, article 22 (from memory; the text was not seen)")
O18_23 = msg("Order 18, article 23 (from memory; the text was not seen)")
O18_24 = msg("Order 18, article 24 (from memory; the text was not seen)")
O18_29 = msg("Order 18, article 29 (from memory; the text was not seen)")
O18_30 = msg("Order 18, article 30 (from memory; the text was not seen)")
O18_31 = msg("Order 18, article 31 (from memory; the text was not seen)")
O18_34 = msg("Order 18, article 34 (from memory; the text was not seen)")
O18_35 = msg("Order 18, article 35 (from memory; the text was not seen)")
O18_36 = msg("Order 18, article 36 (from memory; the text was not seen)")
O18_37 = msg("Order 18, article 37 (from memory; the text was not seen)")
O18_38 = msg("Order 18, article 38 (from memory; the text was not seen)")
O18_39 = msg("Order 18, article 39 (from memory; the text was not seen)")
O18_40 = msg("Order 18, article 40 (from memory; the text was not seen)")
O18_42 = msg("Order 18, article 42 (from memory; the text was not seen)")
O18_43 = msg("Order 18, article 43 (from memory; the text was not seen)")
O18_44 = msg("Order 18, article 44 (from memory; the text was not seen)")
O18_45 = msg("Order 18, article 45 (from memory; the text was not seen)")
O18_46 = msg("Order 18, article 46 (from memory; the text was not seen)")
O18_47 = msg("Order 18, article 47 (from memory; the text was not seen)")
O18_48 = msg("Order 18, article 48 (from memory; the text was not seen)")
O18_49 = msg("Order 18, article 49 (from memory; the text was not seen)")
O18_50 = msg("Order 18, article 50 (from memory; the text was not seen)")
O18_51 = msg("Order 18, article 51 (from memory; the text was not seen)")
O18_54 = msg("Order 18, article 54 (from memory; the text was not seen)")
ORDER_15_UNREAD = msg("Order 15 on food sampling (from memory; the text was not seen)")

READ = frozenset(
    {LAW_15, LAW_16, LAW_17, LAW_24, FOOD_88, PENALTY_2, PENALTY_9, PENALTY_10, PENALTY_11, PENALTY_12, PENALTY_13}
)
UNREAD = frozenset(
    {
        O18_4,
        O18_5,
        O18_8,
        O18_9,
        O18_10,
        O18_11,
        O18_12,
        O18_13,
        O18_14,
        O18_15,
        O18_16,
        O18_17,
        O18_18,
        O18_19,
        O18_20,
        O18_21,
        O18_22,
        O18_23,
        O18_24,
        O18_29,
        O18_30,
        O18_31,
        O18_34,
        O18_35,
        O18_36,
        O18_37,
        O18_38,
        O18_39,
        O18_40,
        O18_42,
        O18_43,
        O18_44,
        O18_45,
        O18_46,
        O18_47,
        O18_48,
        O18_49,
        O18_50,
        O18_51,
        O18_54,
        ORDER_15_UNREAD,
    }
)
OWN = frozenset({CITY_TERM, PLATFORM})


def is_read(law: str) -> bool:
    """Return whether the text of a clause was compared; what the city or the platform decides has none.

    >>> is_read(LAW_15), is_read(O18_38), is_read(PLATFORM)
    (True, False, False)
    """
    return law in READ
