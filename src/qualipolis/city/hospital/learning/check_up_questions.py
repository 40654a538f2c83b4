"""The questions of the check-up (体检): plain, for the owner of a workshop; with each what to do first, and who helps.

They are the city's own and stand here as data; another edition is another tuple with another name.
"""

from __future__ import annotations

from dataclasses import dataclass

from qualipolis.methods.problems import msg

EDITION = "2026.1"
AREAS: dict[str, str] = {
    "duty": msg("Who is responsible"),
    "standard": msg("Standards and labels"),
    "supply": msg("What you buy"),
    "process": msg("How you make it"),
    "measuring": msg("How you measure"),
    "release": msg("What you let go"),
    "learning": msg("What you learn from"),
}
ANSWERS: dict[str, str] = {
    "3": msg("Yes, always, and we can show records"),
    "2": msg("Mostly"),
    "1": msg("Sometimes"),
    "0": msg("No"),
    "na": msg("Does not apply to us"),
}
BEST = 3


@dataclass(frozen=True)
class Question:
    """A question, how much hangs on it (1 to 3: 3 where people may be hurt or law asks), the first step, who helps."""

    code: str
    area: str
    words: str
    weight: int
    step: str
    help: str


QUESTIONS: tuple[Question, ...] = (
    Question("officer", "duty", msg("Is one person by name responsible for quality, and may this person stop a delivery?"), 3,
             msg("Name one person in writing who may stop a delivery, and file a quality officer."), "officers"),
    Question("hazards", "duty", msg("Have you written down in which ways your product could hurt somebody?"), 3,
             msg("Write down with three colleagues how the product could hurt somebody, and what prevents it."), "wizard"),
    Question("trained", "duty", msg("Do new people learn from a written sheet what they must watch at their place?"), 1,
             msg("Write one page for each workplace: what is good, what is bad, whom to call."), "register"),
    Question("which_standard", "standard", msg("Do you know the number and year of the standard each product must meet?"), 3,
             msg("List your products with the number and year of their standard; look whether each is still in force."),
             "standards"),
    Question("label", "standard", msg("Does somebody check the label and the instructions against the standard before printing?"), 2,
             msg("Compare one label with the standard line by line before the next printing."), "standards"),
    Question("new_edition", "standard", msg("Do you notice when a standard changes?"), 1,
             msg("Look up your standards twice a year, on fixed days."), "standards"),
    Question("suppliers", "supply", msg("Do you have a written agreement on what your suppliers must meet?"), 2,
             msg("Agree in writing on the three properties of your main material that decide your product."), "register"),
    Question("incoming", "supply", msg("Do you check what comes in before you use it?"), 2,
             msg("Check a sample of each delivery of your main material, and write down what you found."), "institutions"),
    Question("change_supplier", "supply", msg("Do you test before you change a material or a supplier?"), 3,
             msg("Make a trial batch and have it tested before a new material goes into production."), "institutions"),
    Question("settings", "process", msg("Are the settings of each machine written down and checked at the start of a shift?"), 2,
             msg("Write down the settings that matter, and tick them off at the start of each shift."), "register"),
    Question("first_piece", "process", msg("Is the first piece checked before the series runs?"), 2,
             msg("Measure the first piece after every set-up, and keep it until the series is done."), "wizard"),
    Question("chart", "process", msg("Do you keep measured values in the order of time, and look at them?"), 1,
             msg("Write one value each hour on a chart for your most important dimension."), "wizard"),
    Question("calibrated", "measuring", msg("Are your measuring devices calibrated, with a date on each?"), 3,
             msg("Number your devices and have those calibrated that decide on good and bad."), "institutions"),
    Question("agree", "measuring", msg("Do two people who measure the same piece find the same?"), 2,
             msg("Let three people measure ten pieces twice; the wizard computes how much of the spread is measuring."),
             "wizard"),
    Question("final", "release", msg("Is every batch checked against its standard before it leaves?"), 3,
             msg("Fix in writing which tests a batch must pass before it leaves, and who signs."), "institutions"),
    Question("hold", "release", msg("Do bad pieces go to a marked place from which nobody takes any by mistake?"), 2,
             msg("Mark a place with red tape for what is bad or doubtful; only one person takes from it."), "register"),
    Question("trace", "release", msg("Can you say within a day to whom a batch went and what it was made from?"), 3,
             msg("Print a batch number on every piece and note it on the delivery."), "register"),
    Question("recall", "release", msg("Do you know what to do, and whom to call, when a product is dangerous?"), 3,
             msg("Write one page: who decides, who calls the customers, whom you report to within two working days."),
             "register"),
    Question("complaints", "learning", msg("Are complaints written down and counted by kind?"), 2,
             msg("Write every complaint into one list, and count the kinds once a month."), "knowledge"),
    Question("cause", "learning", msg("Do you look for the cause of a repeated fault, not only mend it?"), 2,
             msg("Take your most frequent fault to the product hospital; read first what helped others."), "knowledge"),
    Question("effect", "learning", msg("Do you measure whether a measure has helped?"), 2,
             msg("Take the same values before and after the next measure; the hospital judges the difference."), "register"),
)  # fmt: skip
BY_CODE = {one.code: one for one in QUESTIONS}
