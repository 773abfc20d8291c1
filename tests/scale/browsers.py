"""Browsers: people at their pages over HTTP, on this machine only, with one connection each."""

import http.client
import re
import time
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Timed:
    """How long answers took, in seconds, by what was asked, and how many were not as they should be."""

    lasted: dict[str, list[float]] = field(default_factory=dict)
    failed: dict[str, list[int]] = field(default_factory=dict)

    def note(self, what: str, seconds: float, failed: int | None) -> None:
        self.lasted.setdefault(what, []).append(seconds)
        if failed is not None:
            self.failed.setdefault(what, []).append(failed)

    def add(self, other: "Timed") -> None:
        for what, lasted in other.lasted.items():
            self.lasted.setdefault(what, []).extend(lasted)
        for what, failed in other.failed.items():
            self.failed.setdefault(what, []).extend(failed)

    def table(self, seconds: float) -> list[str]:
        """Return a line for each thing asked: how often a second, and in what time 50, 95 and 99 of 100 came."""
        return [
            f"  {what:<24}{len(lasted) / seconds:>8.1f} /s  p50 {quantile(lasted, 0.5) * 1000:>6.0f} ms  "
            f"p95 {quantile(lasted, 0.95) * 1000:>6.0f} ms  p99 {quantile(lasted, 0.99) * 1000:>6.0f} ms  "
            f"failed {len(self.failed.get(what, ()))} {sorted(set(self.failed.get(what, ())))}"
            for what, lasted in sorted(self.lasted.items())
        ]


def quantile(values: list[float], part: float) -> float:
    """Return what this part of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


class Browser:
    """One person who has signed in."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self.login, self.password = login, password
        self.timed = Timed()
        self.cookie, self.csrf = "", ""
        self._open = http.client.HTTPConnection(HOST, port, timeout=60)

    def sign_in(self) -> None:
        """Sign in; raises RuntimeError when that is refused."""
        _, headers, text = self._ask("GET", "/login")
        self._keep(headers)
        form = {"csrf": self._token(text), "login": self.login, "password": self.password}
        status, headers, _ = self._ask("POST", "/login", form)
        if status not in (302, 303):
            raise RuntimeError(f"{self.login} was not let in: {status}")
        self._keep(headers)
        self.csrf = self._token(self._ask("GET", "/password/")[2])

    def get(self, what: str, path: str) -> str:
        """Open a page and return its text."""
        return self._timed(what, "GET", path, None, (200,))[1]

    def post(self, what: str, path: str, form: dict[str, Any]) -> int:
        """Send a form and return the status of the answer."""
        return self._timed(what, "POST", path, {**form, "csrf": self.csrf}, (200, 201, 303))[0]

    def _timed(self, what: str, method: str, path: str, form: Any, good: tuple[int, ...]) -> tuple[int, str]:
        begun = time.perf_counter()
        status, _, text = self._ask(method, path, form)
        self.timed.note(what, time.perf_counter() - begun, None if status in good else status)
        return status, text

    def _ask(self, method: str, path: str, form: dict[str, Any] | None = None) -> tuple[int, Any, str]:
        headers = {"Cookie": self.cookie}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for _ in range(2):  # a connection that idled may be closed by then; what is sent twice counts once
            try:
                self._open.request(method, path, body, headers)
                answer = self._open.getresponse()
                return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
            except (OSError, http.client.HTTPException):
                self._open.close()
        return 0, http.client.HTTPMessage(), ""

    def _keep(self, headers: Any) -> None:
        pairs = [text.split(";")[0] for text in headers.get_all("Set-Cookie", [])]
        self.cookie = "; ".join(pair for pair in pairs if not pair.endswith("=")) or self.cookie

    def _token(self, page: str) -> str:
        found = _CSRF.search(page)
        return found[1] if found else ""
