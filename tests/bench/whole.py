"""Whole pages: from a request to the last byte of the answer, without a socket; each list as deep as it is asked."""

import html
import re
from collections.abc import Callable, Iterator

from flask import Flask
from werkzeug.test import Client

from scale.seeds import COUNTY, NOW, ROOT, Seed
from xunfang.actions.signing_in import sign_in
from xunfang.demo.month import demo_logins
from xunfang.desk import Readings
from xunfang.garbage import keep_for_good
from xunfang.rulebook.files import read_files
from xunfang.web import Site, create_web

LEDGER = "/ledgers/clue-ledger"
LISTS = {
    "待办": "/", "督办": "/supervision/", "督办，只看超期": "/supervision/?bucket=late", "拟办": "/dispatch/",
    "个案": "/cases/", "对象": "/people/", "文书": "/papers/", "定期任务": "/duties/", "收件箱": "/inbox/",
    "走访": "/visits/", "公示": "/publications/", "留痕": "/audit/", "台账": LEDGER,
}  # fmt: skip
_AFTER = re.compile(r'href="([^"]*[?&;]after=[^"]+)"')


def whole_pages(seed: Seed, timed: Callable[[Callable[[], object]], float], deep: int) -> dict[str, list[float]]:
    """Return how long pages of each list took, from the first on, each asked a second time, for all who may see it."""
    app, found = _app(seed), dict[str, list[float]]()
    keep_for_good()  # as every process does that serves, once it is put together
    for login in demo_logins(seed.deployment, read_files(ROOT)):
        client = app.test_client()
        client.set_cookie("xunfang", sign_in(seed.deployment, login.login, login.password, NOW))
        for name, path in LISTS.items():
            found.setdefault(name, []).extend(_lasted(client, path, timed, deep))
    return {name: lasted for name, lasted in found.items() if lasted}


def _lasted(client: Client, path: str, timed: Callable[[Callable[[], object]], float], deep: int) -> Iterator[float]:
    for _ in range(deep):
        answer = client.get(path)
        if answer.status_code != 200:
            return
        yield timed(lambda path=path: client.get(path).get_data())  # type: ignore[misc]
        on = _AFTER.search(answer.get_data(as_text=True))
        if on is None:
            return
        path = html.unescape(on[1])


def _app(seed: Seed) -> Flask:
    deployment = seed.deployment
    readings = Readings(deployment)
    return create_web(Site(deployment=deployment, readings=readings, now=lambda: NOW, brand=COUNTY))
