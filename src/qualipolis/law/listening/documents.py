"""The ten official documents of complaints and reports: when each is made, what it must say, whom it is served on."""

from __future__ import annotations

from dataclasses import dataclass

from qualipolis.methods.problems import msg

OTHER_WAYS = (
    msg("settle with the operator"),
    msg("ask a consumer association or another body that mediates by law"),
    msg("complain to the administrative department concerned"),
    msg("go to arbitration by the arbitration agreement with the operator"),
    msg("sue at the people's court"),
)
SERVICE = {
    "in_person": msg("in person"),
    "post": msg("by post"),
    "electronic": msg("by web page"),
    "message": msg("by text message"),
    "telephone": msg("by telephone"),
    "notice": msg("by public notice"),
}


@dataclass(frozen=True)
class Document:
    """One official form.

    Parameters
    ----------
    number : its number among the ten forms
    code : stable name
    title : its name, as a message id
    word : the character pair of its number, as in "示市监投受〔2026〕第3号"
    made_by : flow and step that need it, None where it registers the letter itself
    to : who receives it: "complainant", "respondent", "informant", "authority", "file"
    shows : what it must say, as message ids
    remedies : whether it must point to the other ways of the Consumer Law, article 39
    """

    number: int
    code: str
    title: str
    word: str
    made_by: tuple[str, str]
    to: tuple[str, ...]
    shows: tuple[str, ...]
    remedies: bool = False


DOCUMENTS: tuple[Document, ...] = (
    Document(1, "complaint_register", msg("Register of a complaint"), "投登", ("complaint", "receive"), ("file",),
             (msg("who complains and about whom"), msg("what happened and what is asked for"), msg("the day of receipt"))),
    Document(2, "report_register", msg("Register of a report"), "举登", ("report", "receive"), ("file",),
             (msg("about whom"), msg("the facts reported"), msg("the day of receipt"))),
    Document(3, "transfer", msg("Notice of transfer"), "移告", ("complaint", "transfer"), ("complainant", "informant", "authority"),
             (msg("why another authority is competent"), msg("which authority that is"))),
    Document(4, "identity", msg("Notice to give proof of identity"), "身告", ("complaint", "request_identity"), ("complainant",),
             (msg("what is missing"), msg("until when it may be given"), msg("what follows when it is not given"))),
    Document(5, "acceptance", msg("Decision to accept a complaint"), "投受", ("complaint", "accept"), ("complainant",),
             (msg("the day of acceptance"), msg("how long mediation may last"))),
    Document(6, "refusal", msg("Decision to refuse a complaint"), "投不受", ("complaint", "refuse"), ("complainant",),
             (msg("the ground of the refusal"), msg("the other ways that stay open")), remedies=True),
    Document(7, "mediation", msg("Notice of mediation"), "调通", ("complaint", "mediate"), ("complainant", "respondent"),
             (msg("when and how the parties meet"), msg("who mediates"), msg("the right to ask the mediator to step aside"))),
    Document(8, "ending", msg("Decision to end mediation"), "调终", ("complaint", "end"), ("complainant", "respondent"),
             (msg("the ground of the ending"), msg("the other ways that stay open")), remedies=True),
    Document(9, "agreement", msg("Mediation agreement"), "调书", ("complaint", "agree"), ("complainant", "respondent", "file"),
             (msg("what was agreed"), msg("by when it is performed"), msg("that it takes effect when both have signed"))),
    Document(10, "report_result", msg("Notice of the result of a report"), "举告", ("report", "inform"), ("informant",),
             (msg("whether a case was opened"), msg("the reason when it was not"))),
)  # fmt: skip
BY_CODE = {one.code: one for one in DOCUMENTS}


def number_of(code: str, authority: str, year: int, serial: int) -> str:
    """Return the number of a document in the official form.

    >>> number_of("acceptance", "示", 2026, 3)
    '示市监投受〔2026〕第3号'
    """
    return f"{authority}市监{BY_CODE[code].word}〔{year}〕第{serial}号"
