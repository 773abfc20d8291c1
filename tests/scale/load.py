"""Load 负荷: people of all counties of a province at their pages, over HTTP, until the time is over."""

import os
import random
import re
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from scale.browsers import Browser, Timed
from xunfang import clock
from xunfang.identity import make_id

PASSWORD = "Xunfang#2021"
"""Everybody's."""
_CASE = re.compile(r'href="/cases/([0-9a-f]{32})')


class Load:
    """People of all counties at work until the time is over."""

    def __init__(self, counties: Sequence[str], ports: list[int], people: int, pause: float) -> None:
        self.counties, self.ports, self.people, self.pause = counties, ports, people, pause
        self.acknowledged: list[str] = []
        self.chance = random.Random(int.from_bytes(os.urandom(8)))
        self.timed, self.over = Timed(), threading.Event()
        self._lock, self._born, self._refused = threading.Lock(), 0, 0

    def run(self, seconds: float) -> float:
        """Let them work and return for how many seconds they did."""
        counties = list(range(len(self.counties)))
        places = [(self.chance.choice(counties), kind) for kind, _ in zip(_kinds(), range(self.people), strict=False)]
        browsers = [
            (Browser(self.ports[n % 2], f"{login}-{county}", PASSWORD), county, login)
            for n, (county, login) in enumerate(places)
        ]
        for browser, _, _ in browsers:
            browser.sign_in()
        threads = [threading.Thread(target=self._work, args=(*each, self.chance.random())) for each in browsers]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        self.over.wait(seconds)
        self.over.set()
        for thread in threads:
            thread.join()
        for browser, _, _ in browsers:
            self.timed.add(browser.timed)
        return time.perf_counter() - begun

    def _work(self, browser: Browser, county: int, login: str, seed: float) -> None:
        chance, seen = random.Random(seed), [""]
        while not self.over.is_set():
            if login in ("anshang", "beiyucheng") and chance.random() < 0.5:
                self._report(browser, county, chance)
            else:
                self._look(browser, chance, seen)
            self.over.wait(chance.uniform(0, 2 * self.pause))

    def _look(self, browser: Browser, chance: random.Random, seen: list[str]) -> None:
        what, path = chance.choice(
            (
                ("queue", "/"),
                ("queue", "/"),
                ("cases", "/cases/"),
                ("papers", "/papers/"),
                ("inbox", "/inbox/"),
                ("case", ""),
            )
        )
        if what == "case" and seen[0]:
            browser.get("case", f"/cases/{seen[0]}")
        elif what != "case":
            found = _CASE.findall(browser.get(what, path))
            seen[0] = chance.choice(found) if found else seen[0]

    def _report(self, browser: Browser, county: int, chance: random.Random) -> None:
        with self._lock:
            self._born += 1
            serial = self._born
        code = self.counties[county][:6]
        village = "001200" if browser.login.startswith("anshang") else "102200"
        key = uuid.UUID(int=chance.getrandbits(128)).hex
        number = make_id(code, date(1941, 1, 1) + timedelta(days=serial // 450), 2 * (serial % 450) + 1)
        form = {
            "found_at": f"{clock.local(clock.now()) - timedelta(minutes=5):%Y-%m-%dT%H:%M}", "name": "测试甲",
            "finder_role": "village-cadre", "id_number": number, "phone": "13805331234", "illness": "脑梗死",
            "residence": f"{code}{village}", "difficulty": "因脑梗住院，自付较多。", "needs": ["medical"],
            "willing": "true", "consent": "true", "urgency": "ordinary", "submission_id": key,
        }  # fmt: skip
        if browser.post("report", "/forms/clue-report", form) == 303:
            with self._lock:
                self.acknowledged.append(f"{key} {number}")


def _kinds() -> Iterator[str]:
    while True:
        yield from ("anshang", "beiyucheng", "zhuren", "paidan", "yibao", "chengdong", "duban", "jiaoti")
