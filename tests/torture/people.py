"""People at their browsers: each says nothing is done until the server has said so, and tries again until it does."""

import http.client
import io
import json
import os
import random
import re
import signal
import sqlite3
import threading
import time
import traceback
import urllib.parse
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from house import PASSWORD, VILLAGE, TurnedClock
from PIL import Image

from xunfang.clock import local
from xunfang.identity import make_id

PAUSE = 0.2
"""Seconds between two acts of one person."""


class Acks:
    """The acts that were acknowledged, one to a line, written before the person goes on."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")
        self._lock = threading.Lock()

    def note(self, kind: str, key: str) -> None:
        with self._lock:
            self._file.write(f"{kind} {key}\n")
            self._file.flush()


class Person:
    """One browser: signs in again whenever it must, repeats what was not acknowledged."""

    def __init__(self, port: int, login: str) -> None:
        self.port, self.login = port, login
        self.cookie, self.csrf = "", ""

    def send(self, path: str, form: dict[str, Any], photo: bytes = b"") -> tuple[int, str]:
        """Post until the server has answered for itself, and return its answer."""
        while True:
            if not self.csrf and not self._sign_in():
                time.sleep(0.05)
                continue
            status, headers, text = self._ask("POST", path, {**form, "csrf": self.csrf}, photo)
            if status in (200, 201, 303, 404, 409, 422):
                return status, text or headers.get("Location", "")
            if status in (400, 401, 302):
                self.csrf = ""
            elif status >= 500 and status != 503:
                print(f"{status} at {path}", flush=True)
            time.sleep(0.05)

    def get(self, path: str) -> tuple[int, str]:
        status, _, text = self._ask("GET", path)
        return status, text

    def _sign_in(self) -> bool:
        self.cookie = ""
        status, headers, text = self._ask("GET", "/login")
        if status != 200:
            return False
        self._keep_cookies(headers)
        form = {"csrf": _csrf(text), "login": self.login, "password": PASSWORD}
        status, headers, text = self._ask("POST", "/login", form)
        if status not in (302, 303):
            return False
        self._keep_cookies(headers)
        status, _, text = self._ask("GET", "/password/")
        self.csrf = _csrf(text) if status == 200 else ""
        return bool(self.csrf)

    def _keep_cookies(self, headers: Any) -> None:
        pairs = [text.split(";")[0] for text in headers.get_all("Set-Cookie", [])]
        self.cookie = "; ".join(pair for pair in pairs if not pair.endswith("="))

    def _ask(
        self, method: str, path: str, form: dict[str, Any] | None = None, photo: bytes = b""
    ) -> tuple[int, Any, str]:
        headers = {"Cookie": self.cookie, "Accept": "application/json" if "login" not in path else "text/html"}
        body: bytes | None = None
        if form is not None:
            body, headers["Content-Type"] = _body(form, photo)
        try:
            asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                asked.request(method, path, body, headers)
                answer = asked.getresponse()
                return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
            finally:
                asked.close()
        except (OSError, http.client.HTTPException):
            return 0, {}, ""


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return found[1] if found else ""


def _body(form: dict[str, Any], photo: bytes) -> tuple[bytes, str]:
    if not photo:
        return urllib.parse.urlencode(form, doseq=True).encode(), "application/x-www-form-urlencoded"
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
             for name, text in form.items()]  # fmt: skip
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return b"".join((*parts, head, photo, b"\r\n--x--\r\n")), "multipart/form-data; boundary=x"


class Village:
    """Everybody who works at the house at once."""

    def __init__(self, address: str, port: int, clock: TurnedClock, acks: Path, seed: int) -> None:
        self.address, self.port, self.clock, self.seed = address, port, clock, seed
        self.acks = Acks(acks)
        self.ending = threading.Event()
        self.born = 0
        self._lock = threading.Lock()

    def live(self) -> None:
        """Let everybody work until SIGTERM comes; each ends what was begun."""
        signal.signal(signal.SIGTERM, lambda *_: self.ending.set())
        acts = [("worker", self.report)] * 3 + [
            ("worker", self.photograph), ("leader", self.confirm), ("leader", self.look), ("leader", self.sign),
            ("clerk", self.finish), ("clerk", self.finish), ("admin", self.retry),
        ]  # fmt: skip
        threads = [threading.Thread(target=self._live, args=(n, *act)) for n, act in enumerate(acts)]
        for thread in threads:
            thread.start()
        self.ending.wait()
        for thread in threads:
            thread.join(60)
        os._exit(1 if any(thread.is_alive() for thread in threads) else 0)

    def _live(self, n: int, login: str, act: Callable[[Person, random.Random], None]) -> None:
        person, chance = Person(self.port, login), random.Random(self.seed * 100 + n)
        try:
            while not self.ending.is_set():
                act(person, chance)
                self.ending.wait(chance.uniform(0, 2 * PAUSE))
        except BaseException:
            traceback.print_exc()
            os._exit(70)  # a village that lost one of its people proves less than it says

    def _some(self, query: str, chance: random.Random) -> Any:
        try:
            with closing(self._reader()) as reader:
                cursor = reader.cursor()
                cursor.execute(query)
                found = cursor.fetchall()
        except (sqlite3.Error, psycopg2.Error):
            return None
        return chance.choice(found) if found else None

    def _reader(self) -> Any:
        if self.address.startswith("postgresql:"):
            return psycopg2.connect(self.address)
        return sqlite3.connect(f"file:{self.address.removeprefix('sqlite:///')}?mode=ro", uri=True)

    def report(self, person: Person, chance: random.Random) -> None:
        """Report somebody: mostly somebody new, at times somebody known, at times an emergency."""
        with self._lock:
            self.born += 1
            serial = self.born if chance.random() < 0.75 else chance.randrange(1, self.born + 1)
        number = make_id("370304", date.fromordinal(date(1940, 1, 1).toordinal() + serial // 900), serial % 900)
        found = local(self.clock.now()) - timedelta(minutes=20)
        form = {
            "found_at": found.strftime("%Y-%m-%dT%H:%M"), "finder_role": "village-cadre", "name": "测试甲",
            "id_number": number, "phone": "13805331234", "residence": VILLAGE, "difficulty": "因脑梗住院，自付较多。",
            "needs": ["medical"], "illness": "脑梗死", "willing": "true", "consent": "true", "urgency": "ordinary",
            "submission_id": uuid.UUID(int=chance.getrandbits(128)).hex,
        }  # fmt: skip
        if chance.random() < 0.25:
            form |= {"urgency": "emergency", "danger": "当日吃住无着。"}
        self._acknowledge(person, "report", form["submission_id"], "/forms/clue-report", form)

    def photograph(self, person: Person, chance: random.Random) -> None:
        picture = io.BytesIO()
        Image.frombytes("RGB", (32, 32), chance.randbytes(32 * 32 * 3)).save(picture, "JPEG")
        status, text = person.send("/photos", {}, picture.getvalue())
        if status == 201:
            self.acks.note("photo", json.loads(text)["id"])
        self.ending.wait(1)

    def confirm(self, person: Person, chance: random.Random) -> None:
        waiting = "SELECT id, \"case\", version, proposed FROM dispatch WHERE status = 'proposed' LIMIT 20"
        found = self._some(waiting, chance)
        if found is None:
            return
        key, case, version, proposed = found
        form: dict[str, Any] = {"version": version}
        for n, row in enumerate(json.loads(proposed)):
            form |= {f"lead-{n}": row["lead"], f"assist-{n}": row["assist"]}
        status, _ = person.send(f"/dispatch/{case}", form)
        if status == 303:
            self.acks.note("confirmed", key)

    def sign(self, person: Person, chance: random.Random) -> None:
        found = self._some("SELECT id, version FROM notice WHERE status = 'draft' LIMIT 20", chance)
        if found and person.send("/signing/sign-off", {"paper": f"{found[0]}:{found[1]}"})[0] == 303:
            signed = self._some(f"SELECT id FROM notice WHERE id = '{found[0]}' AND signed_at IS NOT NULL", chance)
            if signed:  # one that a colleague was faster with is left, and the answer is the same
                self.acks.note("signed", found[0])

    def finish(self, person: Person, chance: random.Random) -> None:
        mine = (  # a third of them is left to fall overdue
            "SELECT id, version FROM task WHERE ended_at IS NULL AND state = 'handling' AND role = 'lead' "
            "AND unit = 'medical-insurance-bureau' AND substr(id, -1) < 'a' LIMIT 30"
        )
        found = self._some(mine, chance)
        if found is None:
            return
        key = uuid.UUID(int=chance.getrandbits(128)).hex
        today = local(self.clock.now()).date().isoformat()
        form = {
            "visited_on": today, "investigators": "钱明、吴洁", "findings": "入户核实，情况属实。", "willing": "true",
            "eligible": "true", "programme": "medical-aid", "outcome": "special-aid", "version": found[1],
            "submission_id": key,
        }  # fmt: skip
        self._acknowledge(person, "done", key, f"/tasks/{found[0]}/complete", form)

    def look(self, person: Person, chance: random.Random) -> None:
        if chance.random() < 0.5:
            paper = self._some("SELECT id FROM notice WHERE status = 'issued' ORDER BY id DESC LIMIT 50", chance)
            if paper and person.get(f"/papers/{paper[0]}.pdf")[0] == 200:
                self.acks.note("opened", paper[0])
            return
        case = self._some('SELECT id FROM "case" ORDER BY id DESC LIMIT 50', chance)
        if case:
            reason = f"核实身份{chance.getrandbits(64)}"
            status, text = person.send(f"/cases/{case[0]}/reveal", {"field": "phone", "reason": reason})
            if status == 200 and "13805331234" in text:
                self.acks.note("revealed", reason)

    def retry(self, person: Person, chance: random.Random) -> None:
        parked = self._some("SELECT id FROM job WHERE status = 'parked'", chance)
        if parked:
            person.send(f"/system/jobs/{parked[0]}/retry", {})

    def _acknowledge(self, person: Person, kind: str, key: str, path: str, form: dict[str, Any]) -> None:
        status, text = person.send(path, form)
        if status == 201:
            self.acks.note(kind, key)
        elif status == 422:
            print(f"refused: {path}: {text[:400]}", flush=True)
