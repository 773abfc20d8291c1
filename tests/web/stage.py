"""A county's invented month, stopped at one moment and served to a browser: what pictures are taken of.

The moment never changes and keys are handed out in order, so that the same pages give the same pictures.
"""

import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any
from unittest.mock import patch

from browsing import chromium, serving
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from xunfang import clock
from xunfang.actions.deployment import Deployment
from xunfang.actions.signing_in import sign_in
from xunfang.app import PRODUCT, open_deployment, press_of, rule_files
from xunfang.clock import parse
from xunfang.demo.month import load_demo
from xunfang.demo.played import PlayedWorker
from xunfang.desk import Readings
from xunfang.doctor import examine
from xunfang.settings import Settings, read_settings
from xunfang.store import Account, connection, transaction
from xunfang.store.life import beat
from xunfang.web import DemoLogin, Site, create_web
from xunfang.web.access import access_of

ROOT = Path(__file__).parents[2]
COUNTY = "370304-boshan"
MOMENT = parse("2026-09-29T10:30:00+08:00")
PHONE, DESK, SHEET = 360, 1440, 673
"""Widths: a phone, a desk, and what A4 leaves between margins of 16 mm."""


@dataclass
class Stage:
    """The served demonstration, its people, and a browser."""

    deployment: Deployment
    people: dict[str, DemoLogin]
    address: str
    browser: Browser
    _contexts: dict[tuple[str, int], BrowserContext] = field(default_factory=dict)

    def page(self, login: str, width: int) -> Page:
        """Return a new page of somebody ("" for nobody) at a width."""
        if (login, width) not in self._contexts:
            self._contexts[login, width] = self._context(login, width)
        page = self._contexts[login, width].new_page()
        page.clock.set_fixed_time(MOMENT)
        return page

    def allowed(self, endpoint: str) -> str:
        """Return the first login whose acts open an endpoint."""
        return next(login for login in self.people if self._acts(login) & access_of(endpoint).acts)

    def may(self, login: str, act: str) -> bool:
        """Return whether one of somebody's roles includes an act."""
        return act in self._acts(login)

    def rows(self, row: type[Any], **wanted: Any) -> list[Any]:
        """Return what the database holds of a kind."""
        with connection(self.deployment.database) as reader:
            return list(reader.select(row, **wanted))

    def _acts(self, login: str) -> frozenset[str]:
        (account,) = self.rows(Account, login=login)
        return frozenset(self.deployment.actor(account).acts)

    def _context(self, login: str, width: int) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": width, "height": 800 if width > PHONE else 740},
            is_mobile=width == PHONE,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        if login:
            token = sign_in(self.deployment, login, self.people[login].password, MOMENT)
            context.add_cookies([{"name": "xunfang", "value": token, "url": self.address}])
        return context


@contextmanager
def staged(*, whole: bool = False, counties: tuple[str, ...] = (COUNTY,), alive: bool = False) -> Iterator[Stage]:
    """Play the month, or a `whole` year, in a temporary folder, serve it on a free port, and start a browser.

    `alive`: from that moment on time goes by, and what the background has to do is done.
    """
    with tempfile.TemporaryDirectory() as name, in_order():
        folder = Path(name)
        settings = settings_in(folder, counties)
        deployment = open_deployment(settings)
        try:
            press = partial(press_of, settings)
            files = rule_files(settings.root)
            logins = [
                each for county in counties for each in load_demo(deployment, files, county, MOMENT, press, whole=whole)
            ]
            with shown(folder, settings, deployment, logins, alive=alive) as stage:
                yield stage
        finally:
            deployment.database.close()


def in_order() -> Any:
    """Return what hands out keys in order, so that what is played twice is the same."""
    return patch.object(clock, "milliseconds", count(int(MOMENT.timestamp() * 1000)).__next__)


@contextmanager
def shown(
    folder: Path, settings: Settings, deployment: Deployment, logins: list[DemoLogin], *, alive: bool
) -> Iterator[Stage]:
    """Serve what was played, and start a browser."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    deployment = replace(deployment, uptime=None)  # a clock that nobody sets knows nothing of the moment that is played
    _breathe(deployment)
    now = going_on() if alive else lambda: MOMENT
    worker = PlayedWorker(deployment, partial(press_of, settings), MOMENT)
    background = working(worker, now) if alive else nullcontext()
    app = _app(settings, deployment, logins, now)
    with background, serving(app) as address, chromium(folder) as browser:
        yield Stage(deployment, {each.login: each for each in logins}, address, browser)


def going_on() -> Callable[[], datetime]:
    """Return a clock that goes on from the moment at which everything stopped."""
    began = monotonic()
    return lambda: MOMENT + timedelta(seconds=int(monotonic() - began))  # whole ones, as the clock tells them


@contextmanager
def working(worker: PlayedWorker, now: Callable[[], datetime]) -> Iterator[None]:
    """Let a worker do whatever is due, over and over."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.2):
            worker.work_until(now())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def settings_in(folder: Path, counties: tuple[str, ...]) -> Settings:
    """Return the settings of a deployment of some counties whose data lie in a folder."""
    return replace(
        read_settings(ROOT / "config.toml"),
        serves=counties,
        database=f"sqlite:///{folder / 'xunfang.db'}",
        queue=f"sqlite:///{folder / 'bell.db'}",
        files=folder / "files",
        keys=f"file:{folder / 'keys' / 'data.key'}",
    )


def _breathe(deployment: Deployment) -> None:
    """Let the machinery look alive: no worker runs beside a month that stands still."""
    with transaction(deployment.database, "") as tx:
        for name in ("worker", "reconciler"):
            beat(tx, name, MOMENT)


def _app(settings: Settings, deployment: Deployment, logins: list[DemoLogin], now: Callable[[], datetime]) -> Flask:
    site = Site(
        deployment=deployment,
        readings=Readings(deployment),
        now=now,
        brand=PRODUCT,
        hotline=deployment.rulebooks.of(COUNTY).info.hotline,
        demo=tuple(logins),
        ailments=partial(examine, settings, deployment),
    )
    return create_web(site)
