"""The database itself refuses to change or delete a line of the ledger."""

from __future__ import annotations

from typing import Any

SQLITE = {
    "core_event_never_changed": "BEFORE UPDATE",
    "core_event_never_deleted": "BEFORE DELETE",
}
REFUSAL = "the ledger is append-only"


def statements(vendor: str) -> list[str]:
    """Return the SQL that sets the guard on a database of ``vendor``."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {name} {when} ON core_event BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for name, when in SQLITE.items()
        ]
    return [
        "CREATE OR REPLACE FUNCTION core_event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE OR REPLACE TRIGGER core_event_append_only BEFORE UPDATE OR DELETE ON core_event "
        "FOR EACH ROW EXECUTE FUNCTION core_event_append_only()",
    ]


def removals(vendor: str) -> list[str]:
    """Return the SQL that takes the guard away (migrating back, and tests that tamper)."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE]
    return ["DROP TRIGGER IF EXISTS core_event_append_only ON core_event"]


def install(connection: Any) -> None:
    """Set the guard."""
    _run(connection, statements(connection.vendor))


def remove(connection: Any) -> None:
    """Take the guard away."""
    _run(connection, removals(connection.vendor))


def _run(connection: Any, lines: list[str]) -> None:
    with connection.cursor() as cursor:
        for line in lines:
            cursor.execute(line)
