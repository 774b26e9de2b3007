"""Credentials, retries and what a person is told, without a network."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import PushError
from kg.push.connection import PAUSES, Connection, Credentials, check_address, credentials

Answer = Callable[[httpx.Request], httpx.Response]
URL = "http://store/graphs"


class Served:
    """A connection to a made-up store, and what happened on it."""

    def __init__(self, answer: Answer, **given: str) -> None:
        self.requests: list[httpx.Request] = []
        self.authorizations: list[str] = []  # the schemes, as they were at each request
        self.pauses: list[float] = []
        self.answer = answer
        self.connection = Connection(Credentials(**given), httpx.MockTransport(self._handle), self.pauses.append)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.authorizations.append(request.headers.get("Authorization", "").partition(" ")[0])
        return self.answer(request)

    def send(self) -> httpx.Response:
        return self.connection.send("PUT", URL, content=b"x")


def guarded(challenge: str) -> Answer:
    scheme = challenge.partition(" ")[0]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers.get("Authorization", "").startswith(f"{scheme} "):
            return httpx.Response(204)
        return httpx.Response(401, headers={"WWW-Authenticate": challenge})

    return answer


DIGEST = 'Digest realm="SPARQL", nonce="8fa4", opaque="5ebe", qop="auth", algorithm="MD5"'
SCHEMES = {
    "auto finds digest": (DIGEST, {"user": "u", "password": "p"}, ["", "", "Digest", "Digest"]),
    "auto finds basic": ('Basic realm="x"', {"user": "u", "password": "p"}, ["", "Basic", "Basic"]),
    "basic at once": ('Basic realm="x"', {"user": "u", "password": "p", "auth": "basic"}, ["Basic", "Basic"]),
    "digest": (DIGEST, {"user": "u", "password": "p", "auth": "digest"}, ["", "Digest", "Digest"]),
    "a token": ("Bearer", {"token": "t"}, ["Bearer", "Bearer"]),
    "bearer": ("Bearer", {"token": "t", "auth": "bearer"}, ["Bearer", "Bearer"]),
}


@pytest.mark.parametrize("case", SCHEMES)
def test_credentials_are_shown_as_the_store_asks(case: str) -> None:
    challenge, given, expected = SCHEMES[case]
    served = Served(guarded(challenge), **given)
    assert served.send().status_code == served.send().status_code == 204
    assert served.authorizations == expected


REFUSED = {
    "none": {},
    "a user where a token is wanted": {"user": "u", "password": "p"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_missing_credentials_are_told_once(case: str) -> None:
    served = Served(guarded("Bearer"), **REFUSED[case])
    with pytest.raises(PushError, match="FANGZHI_PASSWORD"):
        served.send()
    assert served.pauses == []


def test_wrong_credentials() -> None:
    served = Served(lambda _: httpx.Response(401, headers={"WWW-Authenticate": DIGEST}), user="u", password="secret")
    with pytest.raises(PushError, match="refuses these") as caught:
        served.send()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408])
def test_a_store_that_stays_ill_is_given_up(status: int) -> None:
    served = Served(lambda _: httpx.Response(status, text="<html><p>ill\x1b[31m</p>\n<!DOCTYPE x></html>"))
    with pytest.raises(PushError, match=f"{status}.*The store says: ill") as caught:
        served.send()
    assert served.pauses == list(PAUSES)
    assert "\x1b" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx.ReadTimeout(""), httpx.RemoteProtocolError("cut")]
)
def test_no_answer_is_retried_then_told(error: Exception) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    served = Served(answer)
    with pytest.raises(PushError, match=f"cannot be reached .{error or type(error).__name__}"):
        served.send()
    assert len(served.requests) == len(PAUSES) + 1


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("999999", 60.0), ("0", 0.5), ("soon", 0.5)])
def test_retry_after_is_kept_within_reason(asked: str, waited: float) -> None:
    answers = iter([httpx.Response(503, headers={"Retry-After": asked}), httpx.Response(204)])
    served = Served(lambda _: next(answers))
    served.send()
    assert served.pauses == [waited]


REFUSALS = {
    400: "refuses",
    403: "forbids",
    404: "--graph-store",
    405: "--graph-store",
    413: "--chunk",
    415: "N-Triples",
}


@pytest.mark.parametrize(("status", "words"), REFUSALS.items())
def test_a_refusal_is_not_retried_and_says_what_to_do(status: int, words: str) -> None:
    served = Served(lambda _: httpx.Response(status))
    with pytest.raises(PushError, match=f"{status}: .*{words}"):
        served.send()
    assert len(served.requests) == 1


def test_a_redirect_does_not_get_the_password() -> None:
    served = Served(
        lambda _: httpx.Response(307, headers={"Location": "http://evil/"}), user="u", password="p", auth="basic"
    )
    with pytest.raises(PushError, match="has moved to http://evil/"):
        served.send()
    assert [str(request.url) for request in served.requests] == [URL]


@pytest.mark.parametrize("url", ["store", "ftp://h/", "http://", "http://h/?x=1", "http://u:secret@h/", "http://h:x/"])
def test_bad_addresses(url: str) -> None:
    with pytest.raises(PushError) as caught:
        check_address(url)
    assert "secret" not in str(caught.value)


SECRETS = {
    "unknown scheme": ({}, "", "magic", "not known"),
    "bearer without token": ({}, "", "bearer", "FANGZHI_TOKEN"),
    "basic without user": ({"FANGZHI_PASSWORD": "p"}, "", "basic", "--user"),
    "user without password": ({}, "u", "auto", "FANGZHI_PASSWORD"),
}


@pytest.mark.parametrize("case", SECRETS)
def test_incomplete_credentials(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment, user, auth, words = SECRETS[case]
    for name in ("FANGZHI_PASSWORD", "FANGZHI_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(PushError, match=words):
        credentials(user, auth)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FANGZHI_PASSWORD", "secret")
    monkeypatch.setenv("FANGZHI_TOKEN", "secret")
    assert "secret" not in repr(credentials("u", "auto"))


def test_the_command_refuses_a_password_in_the_address() -> None:
    done = CliRunner().invoke(app(), ["push", ".", "--endpoint", "http://u:secret@127.0.0.1/"])
    assert isinstance(done.exception, PushError)
    assert "secret" not in str(done.exception)
