"""Terms and limits of approvals, certificates, measuring instruments and declared standards, with their clauses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qualipolis.law.rules import Rule, Value
from qualipolis.methods.problems import msg

ALWAYS = dt.date(1949, 10, 1)
ORDER_163_FROM, ORDER_39_FROM = dt.date(2015, 8, 1), dt.date(2021, 6, 1)
ORDER_163 = msg("Measures for the qualification of inspection and testing bodies (Order 163, amended in 2021)")
ORDER_39 = msg("Measures for the supervision of inspection and testing bodies (Order 39)")
CERTIFICATION = msg("Regulation on certification and accreditation")
STANDARDS_LAW = msg("Standardisation Law")
METROLOGY_LAW = msg("Metrology Law, list of instruments under compulsory control")
CITY = msg("Set by the city")
NOTE = msg("A working rule of the one-stop service, set by the city, not by law.")
_SUMMARY = msg(
    "Read in a summary of the order that was checked against its text of 2021; the text itself was not seen."
)
_PRACTICE = msg("Common practice of certification schemes, from memory; no official text was seen.")
_FROM_MEMORY = msg("From memory; the official text was not seen.")


def _order_163(code: str, clause: str, value: Value, unit: str) -> Rule:
    return Rule(f"licence.{code}", clause, value, unit, ORDER_163_FROM, None, ORDER_163, False, _SUMMARY)


def _order_39(code: str, clause: str, value: Value, unit: str) -> Rule:
    return Rule(f"licence.{code}", clause, value, unit, ORDER_39_FROM, None, ORDER_39, False, _SUMMARY)


def _city(code: str, clause: str, value: int, unit: str = "calendar days") -> Rule:
    return Rule(code, clause, value, unit, ALWAYS, None, CITY, False, NOTE)


LICENCE_RULES: tuple[Rule, ...] = (
    _order_163("validity", msg("Validity of a CMA certificate, article 13"), 6, "years"),
    _order_163("renewal", msg("Renewal is applied for this long before the end, article 13"), 3, "months"),
    _order_163("barred", msg("No new application after a revocation for cheating, article 32"), 3, "years"),
    _order_163("fine_capacity", msg("Fine for testing outside the scope, article 36"), 30_000, "CNY"),
    _order_163("fine_mark", msg("Highest fine for lending or forging a certificate or mark, article 37"), 30_000, "CNY"),
    _order_163("fine_filing", msg("Highest fine for a missing filing or mark after an order, article 35"), 10_000, "CNY"),
    _order_39("records", msg("Records and reports are kept, article 12"), 6, "years"),
    _city("licence.change_filing", msg("Term to file a change"), 30),
    _city("licence.change_ordered", msg("Term to file a change after an order to correct"), 30),
    _city("licence.change_answer", msg("Term to decide on a filed change"), 15, "working days"),
    _city("licence.change_return", msg("Term to mend a returned filing"), 10, "working days"),
    _city("licence.renewal_answer", msg("Term to decide on a renewal"), 20, "working days"),
    _city("licence.cancellation_answer", msg("Term to decide on a cancellation that was asked for"), 10, "working days"),
    _city("licence.reminder_1", msg("First reminder before the end of a certificate"), 180),
    _city("licence.reminder_2", msg("Second reminder before the end of a certificate"), 90),
    _city("licence.reminder_3", msg("Third reminder before the end of a certificate"), 30),
    Rule("certificate.suspension", msg("Longest suspension of a certificate"), 6, "months", ALWAYS, None, CERTIFICATION,
         False, _PRACTICE),
    Rule("certificate.follow_up", msg("Longest time between two surveillance audits, article 26"), 12, "months", ALWAYS,
         None, CERTIFICATION, False, _PRACTICE),
    _city("instrument.reminder_1", msg("First notice before an instrument is due"), 30),
    _city("instrument.reminder_2", msg("Second notice before an instrument is due"), 7),
    _city("instrument.return", msg("Longest stay of an instrument at the verifying body"), 20, "working days"),
    _city("standard.redeclare", msg("Term to declare anew when a declared standard was replaced"), 30),
)  # fmt: skip
REMINDERS = ("licence.reminder_1", "licence.reminder_2", "licence.reminder_3")
INSTRUMENT_REMINDERS = ("instrument.reminder_1", "instrument.reminder_2")


@dataclass(frozen=True)
class Duty:
    """One duty of a body: what is asked, where it stands, and what follows when it is not kept."""

    code: str
    words: str
    clause: str
    follows: str = ""


DUTIES: tuple[Duty, ...] = (
    Duty("scope", msg("Work only inside the scope of the certificate"), msg("Order 163, article 19"),
         msg("fine of 30,000 CNY (article 36)")),
    Duty("mark", msg("Put the CMA mark on the reports"), msg("Order 163, article 21"),
         msg("order to correct, then fine up to 10,000 CNY (article 35)")),
    Duty("no_lending", msg("Never lend, sell or forge a certificate, never use an expired mark"),
         msg("Order 163, article 20"), msg("fine up to 30,000 CNY (article 37)")),
    Duty("filing", msg("File the five kinds of changes in time"), msg("Order 163, article 14"),
         msg("order to correct, then fine up to 10,000 CNY (article 35)")),
    Duty("honesty", msg("Obtain the certificate without cheating"), msg("Order 163, article 32"),
         msg("revoked, no new application for 3 years")),
    Duty("one_lab", msg("Staff work in one body only; signatories sign in their field"),
         msg("Order 39, articles 7 and 11")),
    Duty("subcontract", msg("Subcontract only with the client's consent given before, and name it in the report"),
         msg("Order 39, article 10")),
    Duty("records", msg("Keep records and reports for at least 6 years"), msg("Order 39, article 12")),
    Duty("true_reports", msg("Issue no untrue and no false reports"), msg("Order 39, articles 13, 14 and 26"),
         msg("also the Product Quality Law, article 57: 50,000 to 100,000 CNY, the qualification withdrawn if serious")),
    Duty("yearly", msg("Report each year to the province bureau and declare in public"), msg("Order 39, article 16")),
    Duty("proficiency", msg("Take part in proficiency tests"), msg("Order 39, article 18")),
)  # fmt: skip
