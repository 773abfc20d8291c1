"""Somebody who reports potholes over HTTP, and a deployment in which that one has an account."""

import http.client
import re
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

from argon2 import PasswordHasher

from cli.fresh import COUNTY, laid_out, settings_in
from xunfang import clock
from xunfang.app import open_deployment
from xunfang.store import Account, new_id, transaction

SECONDS = 120
"""Nothing here takes so long, except on a machine that stands still."""
PASSWORD = "Zh0ng-hua-Road"


def furnished(folder: Path) -> Path:
    """Make a deployment of the road menders with somebody who may report without end."""
    laid_out(folder)
    with (folder / "config.toml").open("a") as settings:
        settings.write("[access]\nreports_hourly = 0\n")
    deployment = open_deployment(settings_in(folder))
    cheap = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    with transaction(deployment.database, "") as tx:
        tx.insert(
            Account(
                id="account-watchman", login="watchman", name="测试甲", password_hash=cheap, jurisdiction=COUNTY,
                unit="crew:999901", roles=("watchman",), created_at=clock.now(), division="999901",
            )
        )  # fmt: skip
    deployment.database.close()
    return folder


@dataclass
class Sender:
    """A browser that reports one pothole after another, on a connection that it keeps, or on a new one each time."""

    port: int
    keeps: bool = False
    ending: threading.Event = field(default_factory=threading.Event)
    acknowledged: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    refused: int = 0
    cookie: str = ""
    token: str = ""
    line: http.client.HTTPConnection | None = None

    def live(self) -> None:
        """Sign in and report until the end."""
        try:
            self.sign_in()
            while not self.ending.is_set():
                self.report()
        finally:
            self.leave()

    def sign_in(self) -> None:
        page = self._ask("GET", "/login")
        self._ask("POST", "/login", {"csrf": _csrf(page), "login": "watchman", "password": PASSWORD})
        self.token = _csrf(self._ask("GET", "/password/"))

    def report(self) -> None:
        key = new_id()
        form = {
            "seen_at": clock.local(clock.now()).strftime("%Y-%m-%dT%H:%M"), "caller": "过路司机",
            "place": "999901001", "spot": f"桥头{key}", "damage": "pothole", "depth_cm": "4", "danger": "none",
            "submission_id": key, "csrf": self.token,
        }  # fmt: skip
        if self._ask("POST", "/forms/pothole-report", form, 201):
            self.acknowledged.append(key)

    def leave(self) -> None:
        if self.line is not None:
            self.line.close()

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None, wanted: int = 0) -> str:
        """Return what was answered. Only before anything was sent may the server be away."""
        line = self._connected()
        try:
            line.request(method, path, urllib.parse.urlencode(form) if form else None, self._headers(wanted))
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.wrong.append(f"{method} {path} was sent and not answered: {error!r}")
            line.close()
            return ""
        if wanted and answer.status != wanted:
            self.wrong.append(f"{method} {path}: {answer.status} {text[:200]}")
            text = ""
        if not self.keeps:
            line.close()
        cookies = [each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie", [])]
        self.cookie = "; ".join(each for each in cookies if not each.endswith("=")) or self.cookie
        return text

    def _headers(self, wanted: int) -> dict[str, str]:
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        return {**kind, "Accept": "application/json"} if wanted else kind

    def _connected(self) -> http.client.HTTPConnection:
        self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        while self.line.sock is None:
            try:
                self.line.connect()
            except ConnectionRefusedError:
                self.refused += 1
                time.sleep(0.05)
        return self.line


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return found[1] if found else ""
