"""The preview serves this machine and nobody else."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from convoylog.cli.serving import Server


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    made.show({"report.html": b"<p>one", "a/photo.jpg": b"jpg"}, "report.html")
    yield made
    made.close()


def ask(server: Server, path: str, host: str = "") -> tuple[int, bytes, dict[str, str]]:
    request = urllib.request.Request(server.address + path.lstrip("/"))  # noqa: S310 - loopback
    if host:
        request.add_header("Host", host)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, b"", dict(error.headers)


def test_it_listens_on_loopback_alone(server: Server) -> None:
    assert server.address.startswith("http://127.0.0.1:")


def test_pages_are_served_with_their_kind(server: Server) -> None:
    status, content, headers = ask(server, "/report.html")
    assert (200, b"<p>one", "text/html; charset=utf-8") == (
        status,
        content,
        headers["Content-Type"],
    )
    assert ask(server, "/a/photo.jpg")[2]["Content-Type"] == "image/jpeg"
    assert ask(server, "/a/../report.html")[0] == 404
    assert ask(server, "/../../etc/passwd")[0] == 404


def test_the_page_around_allows_its_own_script_alone(server: Server) -> None:
    _, content, headers = ask(server, "/")
    nonce = headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
    assert f'<script nonce="{nonce}">'.encode() in content
    assert b'src="/report.html"' in content
    # another time, another nonce
    assert nonce not in ask(server, "/")[2]["Content-Security-Policy"]


def test_a_newer_page_and_a_fault_are_told(server: Server) -> None:
    assert {"stamp": 1, "error": ""} == json.loads(ask(server, "/stamp")[1])
    server.tell("no such car")
    assert {"stamp": 1, "error": "no such car"} == json.loads(ask(server, "/stamp")[1])
    server.show({"report.html": b"<p>two"}, "report.html")
    assert {"stamp": 2, "error": ""} == json.loads(ask(server, "/stamp")[1])
    assert ask(server, "/report.html")[1] == b"<p>two"


def test_a_name_that_was_made_to_point_here_gets_nothing(server: Server) -> None:
    assert ask(server, "/report.html", host=f"evil.example:{server.port}")[0] == 403
    assert ask(server, "/report.html", host=f"localhost:{server.port}")[0] == 200


def test_a_taken_port_is_no_traceback(server: Server) -> None:
    with pytest.raises(OSError, match=r"in use|permitted"):
        Server(server.port)
