"""HTTP to one store: credentials, bounded retries, and errors that a person can act on."""

from __future__ import annotations

import html
import os
import re
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field

import httpx

from kg.errors import PushError

RETRIED = frozenset({408, 429, 500, 502, 503, 504})
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds before each new try
LONGEST_PAUSE = 60.0  # whatever a Retry-After says


@dataclass(frozen=True, slots=True)
class Credentials:
    """What to show when asked. `auth` is auto (as the store asks), digest, basic or bearer."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    auth: str = "auto"

    def at_once(self) -> httpx.Auth | None:
        """The credentials to send unasked; None under auto with a user, until the store asks."""
        if self.auth == "bearer" or (self.auth == "auto" and self.token and not self.user):
            return Bearer(self.token)
        return self.of_scheme(self.auth) if self.auth in ("digest", "basic") else None

    def of_scheme(self, scheme: str) -> httpx.Auth | None:
        """The credentials for a scheme that a store asks for; None where there are none."""
        if not self.user:
            return None
        kinds: dict[str, type[httpx.DigestAuth] | type[httpx.BasicAuth]] = {
            "digest": httpx.DigestAuth,
            "basic": httpx.BasicAuth,
        }
        return kinds[scheme](self.user, self.password) if scheme in kinds else None


def credentials(user: str, auth: str) -> Credentials:
    """Credentials whose secrets come from FANGZHI_PASSWORD and FANGZHI_TOKEN, never from the command line.

    Raises PushError where one that `auth` needs is missing.
    """
    found = Credentials(user, os.environ.get("FANGZHI_PASSWORD", ""), os.environ.get("FANGZHI_TOKEN", ""), auth)
    if auth not in ("auto", "digest", "basic", "bearer"):
        raise PushError(f"--auth {auth}: not known; it is auto, digest, basic or bearer")
    if auth == "bearer" and not found.token:
        raise PushError("--auth bearer needs a token in the environment variable FANGZHI_TOKEN")
    if auth in ("digest", "basic") and not user:
        raise PushError(f"--auth {auth} needs --user")
    if user and auth != "bearer" and not found.password:
        raise PushError("--user needs its password in the environment variable FANGZHI_PASSWORD")
    return found


def check_address(url: str) -> None:
    """Raises PushError for what is no HTTP address, or one that carries a password or a query."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise PushError(f"{url}: is no address ({error})") from error
    if parts.userinfo:
        raise PushError("the address holds a password: give --user, and the password in FANGZHI_PASSWORD")
    if parts.scheme not in ("http", "https") or not parts.host or parts.query:
        raise PushError(f"{url}: give a whole address such as http://127.0.0.1:8890/sparql-auth, without ?…")


class Bearer(httpx.Auth):
    """`Authorization: Bearer …` (RFC 6750)."""

    def __init__(self, token: str) -> None:
        self.token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self.token}"
        yield request


class Connection:
    """Requests to one store. `sleep` waits between tries; redirects are refused: they would take the password along."""

    def __init__(
        self,
        credentials: Credentials,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._credentials = credentials
        self._sleep = sleep
        timeout = httpx.Timeout(300.0, connect=20.0)
        self._client = httpx.Client(transport=transport, timeout=timeout, auth=credentials.at_once())

    def close(self) -> None:
        self._client.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        also: tuple[int, ...] = (),
    ) -> httpx.Response:
        """The response, once it is a success or one of `also`. Raises PushError after the last try."""
        request = self._client.build_request(method, url, params=params, headers=headers, content=content)
        for pause in (*PAUSES, None):
            outcome = self._try(request)
            if isinstance(outcome, httpx.Response):
                if outcome.is_success or outcome.status_code in also:
                    return outcome
                if outcome.status_code not in RETRIED:
                    break
            if pause is not None:
                self._sleep(_pause(outcome, pause))
        raise PushError(_refusal(outcome, method, url))

    def _try(self, request: httpx.Request) -> httpx.Response | httpx.TransportError:
        """One try; where the store asks for credentials of a scheme that it names, a second with them."""
        try:
            response = self._client.send(request)
            if response.status_code == 401 and self._client.auth is None:
                asked = response.headers.get("WWW-Authenticate", "").partition(" ")[0].lower()
                self._client.auth = self._credentials.of_scheme(asked) or httpx.Auth()
                response = self._client.send(request, auth=self._client.auth)
        except httpx.TransportError as error:
            return error
        return response


def _pause(outcome: httpx.Response | httpx.TransportError, pause: float) -> float:
    asked = outcome.headers.get("Retry-After", "") if isinstance(outcome, httpx.Response) else ""
    return min(max(float(asked), pause), LONGEST_PAUSE) if asked.isdecimal() else pause


REASONS = {
    401: "the store wants credentials, or refuses these: give --user, and the password in FANGZHI_PASSWORD "
    "(or a token in FANGZHI_TOKEN)",
    403: "the store forbids writing with these credentials",
    404: "there is no such address at the store; is the endpoint right? --graph-store names another",
    405: "the store does not allow writing here; --graph-store names another address",
    413: "the store finds the chunks too large: make them smaller with --chunk",
    415: "the store does not read N-Triples here; is the address right?",
}


def _refusal(outcome: httpx.Response | httpx.TransportError, method: str, url: str) -> str:
    if isinstance(outcome, httpx.TransportError):
        return (
            f"{url}: cannot be reached ({_line(str(outcome)) or type(outcome).__name__}); run the same command to go on"
        )
    if outcome.is_redirect:
        return f"{url}: the store has moved to {_line(outcome.headers.get('Location', '?'))}; give that address instead"
    reason = REASONS.get(outcome.status_code, "the store refuses")
    said = _line(outcome.text)
    return f"{url}: {method} gave {outcome.status_code}: {reason}" + (f". The store says: {said}" if said else "")


def _line(text: str) -> str:
    """What a store says, on one line: no markup, no control characters, not endless."""
    words = html.unescape(re.sub(r"<(/?\w[^>]*|![^>]*)>", " ", text))
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", words).split())[:300]
