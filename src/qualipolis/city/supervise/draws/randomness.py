"""Where the randomness of a draw comes from: named before it exists, proved when it is there."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qualipolis.city.supervise.models import DrawRun
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws import plans, records
from qualipolis.methods.sampling.draws.drand import QUICKNET, Beacon

Source = DrawRun.Source
BY_NUMBERS = (Source.DICE, Source.LOTTERY, Source.COMMIT_REVEAL)
LONGEST = timedelta(days=366)
LEAST_SECRET = 12
BEACON_LIMIT = 4_000


@dataclass(frozen=True)
class Promised:
    """A source as the plan names it: its entries, words, moment, and the hash of a secret."""

    table: dict[str, Any]
    words: str
    at: datetime
    secret_hash: str = ""


@dataclass(frozen=True)
class Said:
    """What is handed in when the randomness is there."""

    numbers: str = ""
    beacon: str = ""
    secret: str = ""
    random_at: datetime | None = None


@dataclass(frozen=True)
class Proved:
    """The randomness with its proof, and when it came to be."""

    randomness: records.Randomness
    at: datetime


def named(source: str, at: datetime, now: datetime, words: str = "", secret: str = "") -> Promised:
    """Return the source as the plan will name it; ``InputError`` when it could exist already or is not clear.

    A drand round is the first that appears at the moment chosen or after it.
    """
    problems = []
    said = " ".join(words.split())
    if source not in Source.values:
        problems.append(Problem("no_source", msg("Choose the source of the randomness."), place="source"))
    if not now < at <= now + LONGEST:
        what = msg("The randomness must come to be later than now, within a year.")
        problems.append(Problem("source_not_ahead", what, place="source_at"))
    if source in BY_NUMBERS and len(said) < 4:
        what = msg("Say in words which numbers count: where they are thrown or published, how many, in what order.")
        problems.append(Problem("no_words", what, place="words"))
    salt, _colon, hidden = secret.strip().partition(":")
    if source == Source.COMMIT_REVEAL and (len(salt) < LEAST_SECRET or len(hidden) < LEAST_SECRET):
        what = msg("A secret is written SALT:SECRET, each of at least %(n)s characters.")
        problems.append(Problem("weak_secret", what, "", {"n": LEAST_SECRET}, place="secret"))
    if problems:
        raise InputError(problems)
    if source == Source.DRAND:
        number = QUICKNET.round_at(at)
        moment = QUICKNET.time_of(number)
        table = {"source": said or "drand", "chain": QUICKNET.name, "round": number}
        return Promised(table | {"at": moment.isoformat()}, said, moment)
    table = {"source": said, "kind": str(source), "at": at.isoformat()}
    if source != Source.COMMIT_REVEAL:
        return Promised(table, said, at)
    digest = records.commitment(salt, hidden)
    return Promised(table | {"commitment": digest}, said, at, digest)


def proof_of(row: DrawRun, plan: plans.Plan, said: Said, now: datetime) -> Proved:
    """Return the seed with its proof, everything checked against what the plan has named.

    Raises
    ------
    InputError
        The wrong round or a forged one, another secret, no numbers, or numbers older than the moment announced.
    """
    if row.source == Source.DRAND:
        beacon = beacon_of(said.beacon)
        found = records.seed_of(plan, beacon=beacon)
        return Proved(found, QUICKNET.time_of(beacon.number))
    numbers = " ".join(said.numbers.split())
    at = said.random_at or now
    problems = []
    if not numbers or len(numbers) > 200 or not any(char.isdigit() for char in numbers):
        what = msg("Write the numbers in the order that was announced.")
        problems.append(Problem("no_numbers", what, place="numbers"))
    if at > now:
        problems.append(Problem("future_day", msg("This day has not come yet."), place="random_at"))
    if row.source_at is not None and at < row.source_at:
        what = msg("These numbers are from before the moment that was announced.")
        problems.append(Problem("too_early", what, place="random_at"))
    if problems:
        raise InputError(problems)
    salt, _colon, hidden = said.secret.strip().partition(":")
    try:
        found = records.seed_of(plan, numbers, None, salt, hidden)
    except InputError as error:
        raise InputError(
            [Problem(p.code, p.what, p.remedy, p.params, place="secret") for p in error.problems]
        ) from None
    return Proved(found, at)


def beacon_of(text: str) -> Beacon:
    """Return the drand round of pasted JSON; it is verified later."""
    try:
        if len(text) > BEACON_LIMIT:
            raise ValueError("long")
        found = json.loads(text)
        number = found["round"]
        parts = [found["signature"], found.get("randomness", ""), found.get("previous_signature", "")]
        if not isinstance(number, int) or not re.fullmatch(r"[0-9a-fA-F]+", "".join(parts)):
            raise ValueError("hex")
        return Beacon(number, *parts)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        what = msg("This is not a drand round.")
        remedy = msg("Paste the JSON with round, randomness and signature as the server prints it.")
        raise InputError([Problem("bad_round", what, remedy, place="beacon")]) from None
