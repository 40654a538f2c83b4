"""What a validator answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from qualipolis.methods.problems import Problem

_HALF = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0x00A0: 0x20, 0x200B: None, 0xFEFF: None}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")


@dataclass(frozen=True)
class Checked:
    """A normalised value with what was found; ``parts`` names what could be read out of it."""

    value: str
    problems: tuple[Problem, ...] = ()
    parts: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def ok(self) -> bool:
        """Whether nothing rejects the value; warnings do not."""
        return all(p.severity != "error" for p in self.problems)


def half_width(text: str) -> str:
    """Return ``text`` trimmed, with full-width signs made half-width and every dash a hyphen.

    >>> half_width("　ＧＢ／Ｔ　１９５８０—２０１２ ")
    'GB/T 19580-2012'
    """
    return text.translate(_HALF).translate(_DASHES).strip()
