"""The words of the replay: the browser's module takes them from the page, so that translation stays here."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    """Return every sentence that the replay may say; ``{name}`` are places that it fills."""
    return {**_verdicts(), **_checks(), **_faults(), **_reasons(), **_places(), **_lookup()}


def _verdicts() -> dict[str, str]:
    return {
        "running": _("Your browser is drawing again"),
        "running_why": _("Everything is computed on this device; no answer comes from the server."),
        "progress": _("{done} of {total} tickets computed"),
        "same": _("Recomputed: all {n} units are the same"),
        "same_why": _("Your browser has just drawn {n} of {units} units again in {seconds} s, without asking for any answer."),
        "different": _("This draw does not hold"),
        "partly": _("The hashes hold, the draw itself was not repeated here"),
        "partly_why": _("The method {method} is not replayed by the browser; qualipolis verify draw does it."),
        "broken": _("The check did not run to its end"),
        "broken_why": _("Load the page again, or use the command below."),
        "no_crypto": _("This connection does not let the browser compute hashes"),
        "no_crypto_why": _("Browsers allow it only over https. Open the page over https, or use the command below."),
        "values": _("Both values"), "theirs": _("Published:"), "ours": _("Computed here:"), "nothing": _("nothing"),
        "first_fault": _("The first that does not hold: {check} ({where})"),
        "state_holds": pgettext("draw", "holds"), "state_fails": pgettext("draw", "does not hold"), "state_open": _("not compared"),
        "state_elsewhere": _("checked by the command"), "state_note": _("take note"),
    }  # fmt: skip


def _checks() -> dict[str, str]:
    return {
        "check_present": _("All seven files are there"),
        "check_canonical": _("The documents are in their canonical form"),
        "check_commitment": _("The commitment is the one that was published before"),
        "check_frame": _("The list is the one that was frozen"),
        "check_plan": _("The rule is the one that was committed"),
        "check_working": _("The working probabilities are those committed"),
        "check_order": _("The list is in order, no unit twice"),
        "check_numbers": _("The numbers of each stratum follow from rule and list (sample + reserve)"),
        "check_probabilities": _("The working probabilities lead to the probabilities asked for (largest miss)"),
        "check_probabilities_off": _("The working probabilities miss the probabilities asked for (largest miss)"),
        "check_seal": _("The seal of the record is unbroken"),
        "check_belongs": _("The record belongs to this commitment"),
        "check_format": _("The documents speak of the same format"),
        "check_round": _("The round is the one the rule had named"),
        "check_signature": _("The signature of the round is that of drand"),
        "check_secret": _("The secret is the one committed to"),
        "check_seed": _("The seed follows from what was revealed"),
        "check_draw": _("The draw, repeated"),
        "check_sample": _("The draw, repeated, gives the same sample"),
        "check_sample_record": _("The sample is the one in the record"),
        "check_reserve": _("The draw, repeated, gives the same reserve"),
        "check_reserve_record": _("The reserve is the one in the record"),
        "check_copies": _("Your copy and the published one"),
    }


def _faults() -> dict[str, str]:
    return {
        "check_bad_key": _("A key is empty or holds characters that may not stand there"),
        "check_key_twice": _("A unit stands in the list twice"),
        "check_bad_stratum": _("The name of a stratum holds characters that may not stand there"),
        "check_bad_size": _("A size is no plain number"),
        "check_out_of_order": _("The list is not in its order"),
        "check_no_rows": _("The list is empty"),
        "check_no_id": _("The list has no column id"),
        "check_ragged": _("A row of the list has another number of cells"),
        "check_open_quote": _("A quotation mark is not closed"),
        "check_not_utf8": _("The file is not UTF-8 text"),
        "check_not_json": _("The file is not JSON"),
        "check_unreadable": _("A document of the draw cannot be read"),
        "check_bad_seed": _("The seed is empty or holds a line break"),
        "check_does_not_fit": _("The number to draw does not fit the strata"),
    }


def _reasons() -> dict[str, str]:
    return {
        "why_commitment": _("Enter the fingerprint you noted when the draw was announced, and it is compared."),
        "why_draw": _("The method {method} is not replayed by the browser; qualipolis verify draw does it."),
        "why_probabilities_off": _(
            "The draw follows the rule, but in {stratum} the stated inclusion probabilities are off by up to {value}."
        ),
        "short_commitment": _(" The commitment was not compared with a note of your own."),
        "short_draw": "",
        "short_probabilities_off": _(" In one stratum the stated probabilities miss; see below."),
    }


def _places() -> dict[str, str]:
    return {
        "place_column": _("{file}, line {line}, character {column}"),
        "place_line": _("{file}, line {line}"),
        "place_stratum": "{file} · {stratum}",
        "place_file": "{file}",
        "whole_frame": _("whole list"), "total": _("In all"), "comma": _(", "),
        "skipped": _("… places {from} to {to}, all drawn"),
        "taken": _("{n} of 7 files from your disk: {names}"),
    }  # fmt: skip


def _lookup() -> dict[str, str]:
    return {
        "how_drawn": pgettext("draw", "drawn"), "how_certain": _("certain"), "how_reserve": pgettext("draw", "on the reserve list"),
        "find_drawn": _("Drawn: place {order} of {drawn} in {stratum}, of {units} units"),
        "find_certain": _("Drawn with certainty in {stratum}, for its size"),
        "find_reserve": _("On the reserve list of {stratum}, place {order}"),
        "find_not": _("Not drawn: {drawn} of {units} units in {stratum} were"),
        "find_absent": _("This key is not in the list, or the draw has not been replayed yet."),
        "find_rank": _("Its ticket stands in place {rank}."),
        "ticket": _("Ticket"),
    }  # fmt: skip
