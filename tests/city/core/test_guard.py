"""The ledger refuses to be changed, by Python and by the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from qualipolis.city.core import guards
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Event, LedgerRefused
from qualipolis.city.core.policy import System


@pytest.fixture
def event(db) -> Event:
    return record(System("test"), "test.step", payload={"n": 1})


def test_it_refuses_to_change_a_line_through_the_model(event) -> None:
    event.actor = "someone else"
    with pytest.raises(LedgerRefused):
        event.save()
    with pytest.raises(LedgerRefused):
        Event.objects.filter(pk=event.pk).update(actor="someone else")


def test_it_refuses_to_delete_a_line_through_the_model(event) -> None:
    with pytest.raises(LedgerRefused):
        event.delete()
    with pytest.raises(LedgerRefused):
        Event.objects.all().delete()


@pytest.mark.parametrize("sql", ["UPDATE core_event SET actor = 'x'", "DELETE FROM core_event"])
def test_the_database_itself_refuses(event, sql) -> None:
    guards.install(connection)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Event.objects.filter(actor="test").count() == 1
