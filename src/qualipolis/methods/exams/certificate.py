"""Certificates that anyone can check without us: one line of text, signed with Ed25519, and a signed register.

The whole definition, so that anyone can write the check again::

    text of a certificate = "QPC1." + base64url(payload) + "." + base64url(signature)          no padding
    payload   = JSON with sorted keys and no spaces, UTF-8
    signature = Ed25519( "qualipolis certificate 1" LF payload )

    register  = JSON { "register": {...}, "public_key": hex, "signature": hex }
    signature = Ed25519( "qualipolis register 1" LF the inner JSON with sorted keys and no spaces )
    an entry  = [ number, first 32 hex digits of SHA-256(payload), state, day of the state ]

The register holds no names: it says which numbers were issued, what each said (by its hash) and which stand no longer.
With it a changed certificate is told from one that was never issued. Without it only the signature speaks, and nobody
can know whether a certificate was revoked: the verdict says so.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from qualipolis.methods.problems import InputError, Problem, msg

PREFIX = "QPC1"
CERTIFICATE, REGISTER = b"qualipolis certificate 1\n", b"qualipolis register 1\n"
LONGEST, LONGEST_REGISTER = 8_192, 64 * 1024 * 1024
GOOD, EXPIRED, NOT_YET, REVOKED, REPLACED = "good", "expired", "not_yet", "revoked", "replaced"
ALTERED, FORGED, UNREGISTERED, UNREADABLE = "altered", "forged", "unregistered", "unreadable"
ISSUED = "issued"
VERDICTS = {
    GOOD: msg("The certificate is genuine and valid."),
    EXPIRED: msg("The certificate is genuine but has run out."),
    NOT_YET: msg("The certificate is genuine but not yet valid on this day."),
    REVOKED: msg("The certificate is genuine but was revoked."),
    REPLACED: msg("The certificate is genuine but was replaced by a corrected one."),
    ALTERED: msg("The certificate was changed: its content is not what was signed."),
    FORGED: msg("The certificate is forged: the issuer did not sign it."),
    UNREGISTERED: msg("The signature holds, but the register does not know this certificate: ask the issuer."),
    UNREADABLE: msg("This is no certificate of ours: the text cannot be read."),
}
NO_REGISTER = msg("Without the register nobody can know whether the certificate was revoked.")
OLD_REGISTER = msg("The register is older than it should be; a later revocation is not in it.")
YOUNGER = msg("The certificate is younger than the register.")
UNKNOWN_ORIGIN = msg("Without the register a changed certificate cannot be told from one that was made up.")
FIELDS = ("no", "holder", "course_zh", "issued_on", "valid_to", "key")


@dataclass(frozen=True)
class Entry:
    """What the register says of one number."""

    number: str
    digest: str
    state: str
    on: dt.date


@dataclass(frozen=True)
class Register:
    """The signed list of what was issued and what stands no longer, as of ``made_on``; the next one comes by ``next_on``."""

    made_on: dt.date
    next_on: dt.date
    entries: Mapping[str, Entry] = field(hash=False)

    def __str__(self) -> str:
        return f"register of {self.made_on}: {len(self.entries)} certificates"


@dataclass(frozen=True)
class Verdict:
    """What a check found: the kind (a key of ``VERDICTS``), what the text says, the register's entry, and notes."""

    kind: str
    said: Mapping[str, Any] = field(default_factory=dict, hash=False)
    entry: Entry | None = None
    notes: tuple[str, ...] = ()

    @property
    def genuine(self) -> bool:
        """Whether the issuer signed exactly this text."""
        return self.kind in (GOOD, EXPIRED, NOT_YET, REVOKED, REPLACED)

    @property
    def words(self) -> str:
        """The verdict as a message id."""
        return VERDICTS[self.kind]

    def __str__(self) -> str:
        return " ".join([str(self.said.get("no", "")), self.words, *self.notes]).strip()


def canonical(value: Any) -> str:
    """Return JSON with sorted keys and no spaces.

    >>> canonical({"b": 1, "a": "证"})
    '{"a":"证","b":1}'
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(payload: str) -> str:
    """Return what the register keeps of a payload."""
    return sha256(payload.encode()).hexdigest()[:32]


def key_id(public_key: str) -> str:
    """Return the short name of a public key (hex) that a certificate carries."""
    return sha256(bytes.fromhex(public_key)).hexdigest()[:16]


def sign(payload: str, private_key: bytes) -> str:
    """Return the signature (hex) of a payload under a raw private key of 32 bytes."""
    return _sign(CERTIFICATE + payload.encode(), private_key)


def _sign(told: bytes, private_key: bytes) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private_key).sign(told).hex()


def public_of(private_key: bytes) -> str:
    """Return the public key (hex) of a raw private key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw().hex()


def _holds(told: bytes, signature: bytes, public_key: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, told)
    except (InvalidSignature, ValueError):
        return False
    return True


def text_of(payload: str, signature: str) -> str:
    """Return the line that stands in the QR code.

    >>> text_of('{"no":"1"}', "00ff")
    'QPC1.eyJubyI6IjEifQ.AP8'
    """
    return ".".join((PREFIX, _wrapped(payload.encode()), _wrapped(bytes.fromhex(signature))))


def _wrapped(told: bytes) -> str:
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def _unwrapped(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def read(text: str) -> tuple[str, bytes, dict[str, Any]] | None:
    """Return payload, signature and content of a text, None when it is none; blanks and line breaks do not matter.

    >>> read("QPC1.eyJubyI6IjEifQ.AP8"), read("hello")
    (None, None)
    """
    if len(text) > LONGEST:
        return None
    parts = "".join(text.split()).split(".")
    if len(parts) != 3 or parts[0] != PREFIX:
        return None
    try:
        payload, signature = _unwrapped(parts[1]).decode(), _unwrapped(parts[2])
        said = json.loads(payload)
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(said, dict) or any(not isinstance(said.get(name), str) for name in FIELDS):
        return None
    return (payload, signature, said) if _days(said) else None


def _days(said: Mapping[str, Any]) -> tuple[dt.date, dt.date] | None:
    try:
        return dt.date.fromisoformat(said["issued_on"]), dt.date.fromisoformat(said["valid_to"])
    except ValueError:
        return None


def check(text: str, keys: Collection[str], on: dt.date, register: Register | None = None) -> Verdict:
    """Tell a good certificate from one that is forged, altered, revoked, replaced, expired or not yet valid.

    Parameters
    ----------
    text : line of the QR code, or the file that holds it
    keys : public keys of the issuer (hex), those of today and earlier ones
    on : day on which it should hold
    register : the issuer's register read with :func:`read_register`; without it revocations cannot be known

    Examples
    --------
    >>> from qualipolis.methods.exams.certificate import check, text_of, sign, public_of, key_id, canonical
    >>> secret = bytes(range(32)); key = public_of(secret)
    >>> said = {"no": "C-1", "holder": "示例", "course_zh": "课", "issued_on": "2026-05-06", "valid_to": "2028-05-06",
    ...         "key": key_id(key)}
    >>> good = text_of(canonical(said), sign(canonical(said), secret))
    >>> [check(good, {key}, dt.date.fromisoformat(day)).kind for day in ("2026-05-05", "2028-05-06", "2028-05-07")]
    ['not_yet', 'good', 'expired']
    >>> changed = text_of(canonical(said | {"holder": "他人"}), sign(canonical(said), secret))
    >>> check(changed, {key}, dt.date(2026, 6, 1)).kind
    'altered'
    """
    found = read(text)
    if found is None:
        return Verdict(UNREADABLE)
    payload, signature, said = found
    entry = register.entries.get(said["no"]) if register else None
    if not any(_holds(CERTIFICATE + payload.encode(), signature, key) for key in keys):
        return _not_genuine(said, entry, keys, register)
    notes = _notes(said, entry, on, register)
    if register and YOUNGER not in notes and (entry is None or entry.digest != digest_of(payload)):
        return Verdict(UNREGISTERED, said, entry, notes)
    return Verdict(_standing(said, entry, on), said, entry, notes)


def _not_genuine(
    said: Mapping[str, Any], entry: Entry | None, keys: Collection[str], register: Register | None
) -> Verdict:
    if register:
        return Verdict(ALTERED if entry else FORGED, said, entry)
    ours = said["key"] in {key_id(key) for key in keys}
    return Verdict(ALTERED, said, None, (UNKNOWN_ORIGIN,)) if ours else Verdict(FORGED, said)


def _standing(said: Mapping[str, Any], entry: Entry | None, on: dt.date) -> str:
    days = _days(said)
    assert days is not None
    if entry and entry.state in (REVOKED, REPLACED) and entry.on <= on:
        return entry.state
    return NOT_YET if on < days[0] else EXPIRED if on > days[1] else GOOD


def _notes(said: Mapping[str, Any], entry: Entry | None, on: dt.date, register: Register | None) -> tuple[str, ...]:
    if register is None:
        return (NO_REGISTER,)
    days, found = _days(said), []
    if entry is None and days and days[0] >= register.made_on:
        found.append(YOUNGER)
    if on > register.next_on:
        found.append(OLD_REGISTER)
    return tuple(found)


def write_register(
    entries: Sequence[Entry], made_on: dt.date, next_on: dt.date, private_key: bytes, issuer: str = ""
) -> str:
    """Return the register as a signed file.

    >>> secret = bytes(range(32))
    >>> told = write_register([Entry("C-1", "ab", "issued", dt.date(2026, 5, 6))], dt.date(2026, 6, 1),
    ...                       dt.date(2026, 7, 1), secret)
    >>> print(read_register(told, {public_of(secret)}))
    register of 2026-06-01: 1 certificates
    """
    rows = sorted([one.number, one.digest, one.state, one.on.isoformat()] for one in entries)
    inner = {"v": 1, "issuer": issuer, "made_on": made_on.isoformat(), "next_on": next_on.isoformat(), "entries": rows}
    signature = _sign(REGISTER + canonical(inner).encode(), private_key)
    return canonical({"register": inner, "public_key": public_of(private_key), "signature": signature})


def read_register(text: str, keys: Collection[str]) -> Register:
    """Return a register whose signature holds under one of ``keys``.

    Raises
    ------
    InputError
        it cannot be read, or the signature is not one of the issuer's: then it says nothing at all
    """
    try:
        told = json.loads(text) if len(text) <= LONGEST_REGISTER else {}
        inner, signature = told["register"], bytes.fromhex(told["signature"])
        entries = {row[0]: Entry(row[0], row[1], row[2], dt.date.fromisoformat(row[3])) for row in inner["entries"]}
        made_on, next_on = (dt.date.fromisoformat(inner[name]) for name in ("made_on", "next_on"))
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise InputError([Problem("bad_register", msg("The register cannot be read."), place="register")]) from None
    if not any(_holds(REGISTER + canonical(inner).encode(), signature, key) for key in keys):
        what = msg("The register is not signed with a key of the issuer.")
        raise InputError([Problem("register_not_signed", what, place="register")])
    return Register(made_on, next_on, entries)


def keys_in(text: str) -> set[str]:
    """Return the public keys in a file: one in hex on each line, or PEM.

    >>> keys_in("ab" * 32 + "\\n") == {"ab" * 32}, keys_in("no key")
    (True, set())
    """
    if "BEGIN PUBLIC KEY" in text:
        return _pem(text)
    words = (word.strip().lower() for word in text.split())
    return {word for word in words if len(word) == 64 and all(char in "0123456789abcdef" for char in word)}


def _pem(text: str) -> set[str]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(text.encode())
    except ValueError:
        return set()
    return {key.public_bytes_raw().hex()} if isinstance(key, Ed25519PublicKey) else set()
