"""A text as a QR code: one path of an SVG, drawn by the page itself."""

from __future__ import annotations

from dataclasses import dataclass

BORDER = 4


@dataclass(frozen=True)
class Code:
    """The size of the square with its quiet border, and the path of its dark fields."""

    size: int
    path: str


def svg_path(text: str) -> Code:
    """Return the QR code of a text, at the lowest correction: it is long and shown on paper and screens.

    >>> svg_path("QPC1").size
    29
    """
    import qrcode
    from qrcode.constants import ERROR_CORRECT_L

    made = qrcode.QRCode(error_correction=ERROR_CORRECT_L, border=BORDER)
    made.add_data(text)
    made.make(fit=True)
    rows = made.get_matrix()
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            start = x
            while x < len(row) and row[x]:
                x += 1
            runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
    return Code(len(rows), "".join(runs))
