"""A county's invented month, stopped at one moment and served to a browser: what pictures are taken of.

The moment never changes and keys are handed out in order, so that the same pages give the same pictures.
"""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
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
def staged(*, whole: bool = False) -> Iterator[Stage]:
    """Play the month, or a `whole` year, in a temporary folder, serve it on a free port, and start a browser."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    in_order = patch.object(clock, "milliseconds", count(int(MOMENT.timestamp() * 1000)).__next__)
    with in_order, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = _settings(folder)
        deployment = open_deployment(settings)
        try:
            press = partial(press_of, settings)
            logins = load_demo(deployment, rule_files(settings.root), COUNTY, MOMENT, press, whole=whole)
            _breathe(deployment)
            with serving(_app(settings, deployment, logins)) as address, chromium(folder) as browser:
                yield Stage(deployment, {each.login: each for each in logins}, address, browser)
        finally:
            deployment.database.close()


def _settings(folder: Path) -> Settings:
    return replace(
        read_settings(ROOT / "config.toml"),
        serves=(COUNTY,),
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


def _app(settings: Settings, deployment: Deployment, logins: list[DemoLogin]) -> Flask:
    site = Site(
        deployment=deployment,
        readings=Readings(deployment),
        now=lambda: MOMENT,
        brand=PRODUCT,
        hotline=deployment.rulebooks.of(COUNTY).info.hotline,
        demo=tuple(logins),
        ailments=partial(examine, settings, deployment),
    )
    return create_web(site)
