"""The public copy of an audit document from which cells are held back: the page without the data, and it says so."""

from __future__ import annotations

import re

from qualipolis.lake.audit.document import CLOSE, OPEN, read_audit
from qualipolis.lake.audit.markup import paragraph, say
from qualipolis.methods.problems import msg

PUBLIC = '<meta name="qualipolis-audit" content="public copy">'
HELD_BACK = msg(
    "This is the public copy: %(count)s cells are held back because they could give single cases away, and with them the "
    "data. The numbers can be computed again from the complete audit document, by the auditor only; the hashes here are "
    "those of the complete files."
)
WITH_AUDITOR = msg("The complete audit document is with the office that made the release, and its auditor.")
NO_CELLS = msg("Warnings name single cells and are not public.")


def is_audit(name: str) -> bool:
    """Return whether a file of a release is its audit document, by its name.

    >>> is_audit("audit-2021-R1.html"), is_audit("inputs/audit.html"), is_audit("report.pdf")
    (True, False, False)
    """
    return bool(re.fullmatch(r"audit(-[\w-]+)?\.html", name))


def public_copy(content: bytes, held_back: int) -> bytes:
    """Return the page of an audit document without anything that a machine reads, and without the warnings.

    Parameters
    ----------
    content : the complete document
    held_back : number of cells that are held back

    The page shows ranks and scores of the top, the method and the framework: nothing of a single cell.
    Raises InputError when ``content`` is no audit document.
    """
    page = read_audit(content).page.decode("utf-8").replace((OPEN + CLOSE).decode(), "")
    note = f'<div class="note">{paragraph(say(HELD_BACK, count=held_back))}</div>'
    page = page.replace("<meta name=", f"{PUBLIC}\n<meta name=", 1).replace("</ol>", f"</ol>\n{note}", 1)
    for name, text in (("again", WITH_AUDITOR), ("warnings", NO_CELLS)):
        page = emptied(page, name, paragraph(say(text)))
    return page.encode()


def emptied(page: str, name: str, said: str) -> str:
    """Return a page with the body of a part replaced; its heading stays."""
    part = re.compile(rf'(<section id="{name}">\n<h2>.*?</h2>\n).*?(\n</section>)', re.DOTALL)
    return part.sub(lambda found: found[1] + said + found[2], page, count=1)
