"""The seal over who sent a letter: keys, masks and the words that are taken out before others read a text.

Nothing here reads or writes a table. The keys come from the secret of the installation, one for each purpose, so that
the tables without that secret tell nobody's name or telephone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FIELDS = ("name", "phone", "address", "id_kind", "id_number")
PROOFS = ("id_number",)
_SEAL, _TRACK, _SENDER = b"qualipolis sealed identity", b"qualipolis tracking", b"qualipolis sender"
PHONE = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?86[\s.-]?)?(1[3-9](?:[\s.-]?\d){9}|0\d{2,3}[\s.-]?\d{3,4}[\s.-]?\d{4})(?![0-9A-Za-z])"
)
ID_CARD = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}[\s-]?(?:18|19|20)\d{6}[\s-]?\d{3}[0-9Xx](?![0-9A-Za-z])|(?<!\d)[1-9]\d{14}(?!\d)"
)
_WIDE = {0x3000: 0x20} | {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # typed wide, one for one
_GAP = r"[\s.,·・_/\u00ad\u200b-\u200f\u2060\ufeff-]{0,2}"
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
LEAST_TAIL = 4
RECEIPT_SECONDS = 1800


class SealBroken(RuntimeError):
    """What is sealed was made with another secret, or was changed."""


@lru_cache(maxsize=32)
def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _box() -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, _SEAL))) for key in _secrets()])


def seal(identity: Mapping[str, str]) -> bytes:
    """Return what somebody said of themselves under seal; empty answers are left out."""
    said = {name: str(identity.get(name, "")).strip() for name in FIELDS}
    kept = {name: value for name, value in said.items() if value}
    padded = json.dumps(kept, ensure_ascii=False).encode()
    return _box().encrypt(padded + b" " * (-len(padded) % 256))  # the length of the seal tells no length of a name


def unseal(sealed: bytes | memoryview) -> dict[str, str]:
    """Return what is under a seal. Only the verb that records who looked, and rules that show masks, call this."""
    try:
        plain = _box().decrypt(bytes(sealed))
    except InvalidToken:
        raise SealBroken("the seal was made with another secret") from None
    found = json.loads(plain)
    return {name: str(found.get(name, "")) for name in FIELDS}


def digits(phone: str) -> str:
    """Return the digits of a telephone number, without the code of the country.

    >>> digits("+86 138-0013 8000"), digits("0769 2200 0000")
    ('13800138000', '076922000000')
    """
    found = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", phone))
    return found[2:] if len(found) == 13 and found.startswith("86") else found


def _keyed(text: str, purpose: bytes) -> list[str]:
    return [hmac.new(_derived(key, purpose), text.encode(), hashlib.sha256).hexdigest() for key in _secrets()]


def sender_keys(phone: str) -> list[str]:
    """Return the keys of a sender, that of today's secret first; nobody without a telephone has one."""
    found = digits(phone)
    return _keyed(found, _SENDER) if found else []


def sender_key(phone: str) -> str:
    """Return the key under which letters of one telephone are counted, empty for who gave none."""
    return next(iter(sender_keys(phone)), "")


def tracking_key(number: str, tail: str) -> str:
    """Return the key that opens the tracking of a letter: its number with the last four digits."""
    return _keyed(f"{number}|{digits(tail)[-LEAST_TAIL:]}", _TRACK)[0]


def tracks(number: str, tail: str, kept: str) -> bool:
    """Whether number and last four digits are those of the letter whose key is ``kept``; takes as long when not."""
    found = digits(tail)
    same = [hmac.compare_digest(key, kept) for key in _keyed(f"{number}|{found[-LEAST_TAIL:]}", _TRACK)]
    return any(same) and len(found) == LEAST_TAIL and bool(kept)


def token(number: str, code: str) -> str:
    """Return an address part that shows a receipt for half an hour; who reads it in a log learns nothing."""
    return _box().encrypt(f"{number}|{code}".encode()).decode().rstrip("=")


def token_said(text: str) -> tuple[str, str] | None:
    """Return number and code of a receipt, None when the token is none or too old."""
    try:
        said = _box().decrypt((text + "=" * (-len(text) % 4)).encode(), ttl=RECEIPT_SECONDS).decode()
    except (InvalidToken, ValueError):
        return None
    number, _bar, code = said.partition("|")
    return (number, code) if code else None


def masked_name(name: str) -> str:
    """Return a name as a list may show it: the first character.

    >>> masked_name("张小明"), masked_name("Ann Lee"), masked_name("")
    ('张**', 'A**', '')
    """
    return f"{name[0]}**" if name else ""


def masked_phone(phone: str) -> str:
    """Return a telephone number as a list may show it.

    >>> masked_phone("138 0013 5678"), masked_phone("12345")
    ('138****5678', '****')
    """
    found = digits(phone)
    return f"{found[:3]}****{found[-4:]}" if len(found) >= 10 else "****" if found else ""


def tells(identity: Mapping[str, str]) -> list[str]:
    """Return what of an identity must not stand in a text that others read."""
    said = [str(identity.get(name, "")) for name in ("name", "address", "id_number")]
    return [*said, digits(str(identity.get("phone", "")))]


def redact(text: str, names: Iterable[str] = ()) -> str:
    """Return a text with telephone numbers, identity numbers, mail addresses and ``names`` taken out.

    However they were typed: with wide digits, blanks, dots, or signs that nobody sees between them.

    >>> redact("我叫张小明，电话13800135678。", ["张小明"]), redact("张 小明１３８．００１３５６７８", ["张小明"])
    ('我叫**，电话***。', '*****')
    """
    for pattern in (ID_CARD, PHONE, MAIL):
        text = _taken_out(text, pattern, "***")
    for name in sorted({"".join(one.split()) for one in names}, key=len, reverse=True):
        if len(name) > 1:
            text = _taken_out(text, _typed_anyhow(name), "**")
    return text


def _typed_anyhow(name: str) -> re.Pattern[str]:
    return re.compile(_GAP.join(re.escape(one) for one in name.translate(_WIDE)), re.IGNORECASE)


def _taken_out(text: str, pattern: re.Pattern[str], mask: str) -> str:
    """Return a text with what matches replaced, wide characters read as the narrow ones; the rest stays as it is."""
    kept, at = [], 0
    for found in pattern.finditer(text.translate(_WIDE)):
        kept += [text[at : found.start()], mask]
        at = found.end()
    return "".join([*kept, text[at:]])


def proved(identity: Mapping[str, Any]) -> bool:
    """Whether what was said holds a proof of identity."""
    return all(str(identity.get(name, "")).strip() for name in PROOFS)
