"""What a reader must know before believing a list of signals."""

from __future__ import annotations

import numpy as np

from qualipolis.lake.release.wording import Sentence
from qualipolis.lake.signals.listening import Heard
from qualipolis.methods.problems import msg

NAMES = {
    "series": msg("this week"),
    "share": msg("recent share"),
    "pairs": msg("product with hazard"),
    "space": msg("place"),
}
SILENT = 4
VOICES = {
    "series": msg("this week: its reports against those of the weeks before"),
    "share": msg("recent share: its share of all reports, recent weeks against all before"),
    "pairs": msg("product with hazard: named together more often than by chance, recent weeks"),
    "space": msg("place: places in which the reports gather"),
}


def notes_on(heard: Heard) -> list[Sentence]:
    """Return the notes, the most important first."""
    latest, config = heard.latest, heard.config
    share = {"share": f"{100 * latest.alpha:g}", "tests": f"{latest.tests:,}"}
    controlled = msg("%(tests)s products, hazards and places were judged; of those called signals at most %(share)s %% "
                     "are false on average.")  # fmt: skip
    found = [Sentence(controlled, share)]
    if config.signals.across == "by" and config.signals.within == "bonferroni":
        found.append(Sentence(msg("This holds however the methods, products and places depend on each other.")))
    else:
        found.append(Sentence(msg("This holds only as far as the chosen way of joining allows; see the run record.")))
    text = msg("It holds as far as each method's picture of chance does: reports that come in bundles swing more.")
    found.append(Sentence(text))
    found.append(Sentence(msg("A signal says that something is unusual, not why; a person looks and decides.")))
    found.append(Sentence(msg("More reports can mean more reporting: new forms, campaigns and news raise counts too.")))
    if heard.days < 7:
        text = msg("Only %(days)s days of the latest week have gone by; its counts are still low.")
        found.append(Sentence(text, {"days": heard.days}))
    if (empty := silent_weeks(heard)) >= SILENT:
        text = msg(
            "In the %(weeks)s weeks before the latest nobody reported anything: is the last day (%(day)s) right?"
        )
        found.append(Sentence(text, {"weeks": empty, "day": str(heard.reports.day.max())}))
    if heard.reports.later:
        text = msg("%(rows)s rows after %(day)s were not used.")
        found.append(Sentence(text, {"rows": heard.reports.later, "day": str(heard.reports.until)}))
    return found + _on_places(heard)


def silent_weeks(heard: Heard) -> int:
    """Return for how many weeks just before the latest there is no report at all: a slip in a year looks like that."""
    reported = np.flatnonzero(heard.counts[:, :-1].sum(axis=0) > 0)
    return heard.counts.shape[1] - 1 - (int(reported[-1]) + 1 if len(reported) else 0)


def _on_places(heard: Heard) -> list[Sentence]:
    found = []
    clusters, config = heard.clusters, heard.config
    if "space" in config.signals.voices and not clusters.scanned:
        found.append(Sentence(msg("Places were not scanned: no table of places, or too few reports in any of them.")))
    if clusters.left:
        text = msg("%(left)s products and hazards with fewer reports were not scanned; raise space.scans to scan them.")
        found.append(Sentence(text, {"left": clusters.left}))
    if clusters.unknown:
        text = msg("%(count)s places of the reports are not in the table of places: %(names)s.")
        names = ", ".join(clusters.unknown[:8]) + (" …" if len(clusters.unknown) > 8 else "")
        found.append(Sentence(text, {"count": len(clusters.unknown), "names": names}))
    if clusters.scanned and config.space.tail == "gumbel":
        text = msg("Where at most ten of %(maps)s simulated maps are as strong, p continues on an extreme-value curve.")
        found.append(Sentence(text, {"maps": config.space.simulations}))
    return found
