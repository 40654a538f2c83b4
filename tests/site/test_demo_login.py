"""The demo sign-in exists only when every one of its conditions holds."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from qualipolis.city.core.models import City, Grant, Person
from qualipolis.site.loopback import FORWARDED, host_name, is_loopback, refuse_demo_login_elsewhere

URL = "/account/demo/"
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}


@pytest.fixture
def demo(db, settings) -> Person:
    settings.DEMO_LOGIN = True
    settings.ALLOWED_HOSTS = ["*"]
    City.objects.create(code="999900", name_zh="云汀市", synthetic=True)
    auditor = Person.objects.create(username="auditor", demo_role="auditor")
    Grant.objects.create(person=auditor, role="auditor")
    return auditor


def test_choose_a_role_and_you_are_in(demo, client) -> None:
    assert "云汀市" in client.get(URL, **HERE).content.decode()
    answer = client.post(URL, {"role": "auditor", "next": "/ledger/"}, **HERE)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ledger/")
    assert client.get("/ledger/", **HERE).status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8123", "127.0.0.1:8000", "[::1]:8000"])
def test_it_is_there_on_this_machine(demo, client, address, host) -> None:
    assert client.get(URL, REMOTE_ADDR=address, HTTP_HOST=host).status_code == 200


@pytest.mark.parametrize(
    "address", ["10.0.0.5", "192.168.1.9", "203.0.113.7", "::ffff:10.0.0.1", "fe80::1", "", "nonsense"]
)
def test_it_is_not_there_for_another_machine(demo, client, address) -> None:
    assert client.get(URL, **{**HERE, "REMOTE_ADDR": address}).status_code == 404
    assert client.post(URL, {"role": "auditor"}, **{**HERE, "REMOTE_ADDR": address}).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("host", ["quality.example.cn", "localhost.example.cn", "127.0.0.1.nip.io", "10.0.0.5:8000"])
def test_it_is_not_there_under_another_name(demo, client, host) -> None:
    assert client.get(URL, **{**HERE, "HTTP_HOST": host}).status_code == 404


@pytest.mark.parametrize("header", FORWARDED)
def test_it_is_not_there_through_a_proxy(demo, client, header) -> None:
    assert client.get(URL, **{**HERE, header: "127.0.0.1"}).status_code == 404
    assert client.post(URL, {"role": "auditor"}, **{**HERE, header: ""}).status_code == 404


def test_it_is_not_there_for_a_real_city(demo, client) -> None:
    City.objects.update(synthetic=False)
    assert client.get(URL, **HERE).status_code == 404


def test_it_is_not_there_without_a_city(demo, client) -> None:
    City.objects.all().delete()
    assert client.get(URL, **HERE).status_code == 404


def test_it_is_not_there_when_the_server_was_not_started_by_the_demo(demo, client, settings) -> None:
    settings.DEMO_LOGIN = False
    assert client.get(URL, **HERE).status_code == 404
    assert URL.encode() not in client.get("/account/login/", **HERE).content


def test_it_is_not_there_over_https(demo, client, settings) -> None:
    settings.HTTPS = True
    assert client.get(URL, **HERE).status_code == 404


def test_only_people_of_the_demo_can_be_chosen(demo, client) -> None:
    Person.objects.create(username="zhao", is_superuser=True)
    gone = Person.objects.create(username="gone", demo_role="leader", is_active=False)
    for role in ("", "admin", gone.demo_role):
        assert client.post(URL, {"role": role}, **HERE).status_code == 404
    assert "_auth_user_id" not in client.session


def test_it_leads_to_no_other_site(demo, client) -> None:
    answer = client.post(URL, {"role": "auditor", "next": "https://evil.example/"}, **HERE)
    assert "evil" not in answer.headers["Location"]


def test_settings_refuse_it_beside_https_and_other_hosts() -> None:
    refuse_demo_login_elsewhere(True, False, ["localhost", "127.0.0.1"])
    refuse_demo_login_elsewhere(False, True, ["quality.example.cn"])
    for https, hosts in (
        (True, ["localhost"]),
        (False, ["quality.example.cn"]),
        (False, ["*"]),
        (False, ["localhost", "*"]),
    ):
        with pytest.raises(ImproperlyConfigured):
            refuse_demo_login_elsewhere(True, https, hosts)


def test_a_server_with_it_and_another_host_does_not_start(tmp_path) -> None:
    env = {
        **os.environ,
        "QUALIPOLIS_DEMO_LOGIN": "1",
        "QUALIPOLIS_HOSTS": "quality.example.cn",
        "QUALIPOLIS_HOME": str(tmp_path),
    }
    run = subprocess.run(
        [sys.executable, "-c", "import qualipolis.site.settings"], env=env, capture_output=True, text=True
    )
    assert run.returncode != 0
    assert "ImproperlyConfigured" in run.stderr


def test_serve_and_every_other_command_take_it_away(monkeypatch, tmp_path) -> None:
    import django

    from qualipolis.cli import homes

    monkeypatch.setattr(django, "setup", lambda: None)
    for name in ("QUALIPOLIS_HOME", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    monkeypatch.setenv("QUALIPOLIS_DEMO_LOGIN", "1")
    homes.open_home(tmp_path)
    assert "QUALIPOLIS_DEMO_LOGIN" not in os.environ


def test_the_demo_has_no_option_to_listen_elsewhere() -> None:
    import inspect

    from qualipolis.cli import demo as command

    assert command.HOST == "127.0.0.1"
    assert not {"host", "address", "bind"} & set(inspect.signature(command.demo).parameters)


def test_what_counts_as_this_machine() -> None:
    assert [is_loopback(a) for a in ("127.0.0.1", "::1", "0.0.0.0", "128.0.0.1")] == [True, True, False, False]
    assert [host_name(h) for h in ("localhost:80", "[::1]:80", "127.0.0.1")] == ["localhost", "[::1]", "127.0.0.1"]
