"""The seam for a language model, against a server of our own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qualipolis.lake.assistant import LARGEST_ANSWER, Settings, ask, settings
from qualipolis.methods.problems import InputError

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Fake(BaseHTTPRequestHandler):
    """Answers what the server holds; notes what was asked."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers.get("Authorization"), json.loads(body)))
        code, headers, answer = self.server.answer
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Fake)
    made.asked, made.answer = [], (200, {}, said("请尽快处理。"))
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def said(text: object) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


def at(server: ThreadingHTTPServer, **more: object) -> Settings:
    return Settings(f"http://127.0.0.1:{server.server_port}/v1", "m", "secret", **more)


def code(caught: pytest.ExceptionInfo[InputError]) -> str:
    return caught.value.problems[0].code


def test_it_is_off_by_default(monkeypatch):
    monkeypatch.delenv("QUALIPOLIS_ASSISTANT_URL", raising=False)
    assert settings() is None
    with pytest.raises(InputError) as caught:
        ask("你好")
    assert code(caught) == "assistant_off"


def test_it_marks_what_a_machine_wrote(server):
    found = ask("写一句答复", "你是助手", given=at(server), now=lambda: NOON)
    assert (found.text, found.model, found.at, found.decides) == ("请尽快处理。", "m", NOON, False)
    assert "%(model)s" in found.mark
    path, key, body = server.asked[0]
    assert (path, key) == ("/v1/chat/completions", "Bearer secret")
    assert [one["role"] for one in body["messages"]] == ["system", "user"]


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>", b"[]", b'{"choices":[]}', said(""), said(7), b"x" * (LARGEST_ANSWER + 2), b"[" * 100_000],
    ids=["empty", "html", "list", "none", "blank", "number", "large", "deep"],
)
def test_it_refuses_an_answer_of_another_form(server, answer):
    server.answer = (200, {}, answer)
    with pytest.raises(InputError) as caught:
        ask("你好", given=at(server))
    assert code(caught) == "assistant_answer"


def test_it_gives_up_on_errors_and_follows_no_redirection(server):
    for status, headers in ((500, {}), (302, {"Location": f"http://127.0.0.1:{server.server_port}/other"})):
        server.answer = (status, headers, b"")
        with pytest.raises(InputError) as caught:
            ask("你好", given=at(server))
        assert code(caught) == "assistant_silent"
    assert len(server.asked) == 2


def test_it_gives_up_when_nobody_is_there(server):
    gone = Settings("http://127.0.0.1:1/v1", seconds=0.5)
    with pytest.raises(InputError) as caught:
        ask("你好", given=gone)
    assert code(caught) == "assistant_silent"


@pytest.mark.parametrize(
    "url", ["http://example.org/v1", "file:///etc/passwd", "ftp://127.0.0.1", "https://a@b.example"]
)
def test_it_sends_nothing_to_an_unsafe_address(url):
    with pytest.raises(InputError) as caught:
        ask("你好", given=Settings(url))
    assert code(caught) == "assistant_address"


def test_it_sends_no_endless_text(server):
    with pytest.raises(InputError) as caught:
        ask("长" * 20_001, given=at(server))
    assert code(caught) == "assistant_long"
    assert server.asked == []
