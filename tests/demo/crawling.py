"""Somebody of a demonstration who follows the links of every kind of page, and looks where each button leads."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from xunfang.actions.deployment import Deployment
from xunfang.actions.signing_in import sign_in
from xunfang.store import Account, connection
from xunfang.web.access import access_of

_LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
_FORM = re.compile(r"<form([^>]*)>")
_ACTION = re.compile(r'(?:formaction|action)="(/[^"]*)"')
_REFUSED = (403, 404, 405, 500)


class Crawl:
    """One person's walk: one page of each kind is opened; `wrong` is what leads nowhere, with where it stands."""

    def __init__(self, app: Flask, deployment: Deployment, login: str, password: str, at: Any) -> None:
        self.login, self.wrong, self.seen = login, list[str](), set[str]()
        self.addresses = app.url_map.bind("localhost")
        with connection(deployment.database) as reader:
            account = reader.first(Account, login=login)
        assert account is not None
        self.acts = frozenset(deployment.actor(account).acts)
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Cookie": f"xunfang={sign_in(deployment, login, password, at)}"}

    def walk(self) -> None:
        """Follow what the first page leads to, and what that leads to."""
        waiting = ["/"]
        while waiting:
            page = waiting.pop(0)
            answer = self.client.get(page, headers=self.headers)
            there = answer.headers.get("Location", "")
            if answer.status_code in _REFUSED or there.startswith("/password"):
                self.wrong.append(f"{self.login}: {page} answers {answer.status_code}")
            elif there:
                waiting += [there] if self._new(there) else []
            elif answer.mimetype == "text/html":
                waiting += [link for link in self._links(page, answer.text) if self._new(link)]

    def _links(self, page: str, text: str) -> Iterator[str]:
        for form in _FORM.findall(text):
            method = "POST" if 'method="post"' in form else "GET"
            for path in _ACTION.findall(form):
                self._allowed(page, unescape(path), method)
        for path in map(unescape, _LINK.findall(text)):
            if self._allowed(page, path, "GET"):
                yield path

    def _allowed(self, page: str, path: str, method: str) -> bool:
        """Note a link or button whose address the person may not open at all."""
        endpoint = self._endpoint(path, method)
        access = access_of(endpoint) if endpoint else None
        if access is None or not (access.public or not access.acts or access.acts & self.acts):
            self.wrong.append(f"{self.login}: {page} leads to {method} {path}, which is not for them")
            return False
        return not access.public

    def _new(self, path: str) -> bool:
        endpoint = self._endpoint(path, "GET")
        known, _ = endpoint in self.seen, self.seen.add(endpoint)
        return not known

    def _endpoint(self, path: str, method: str) -> str:
        try:
            return str(self.addresses.match(urlsplit(path).path, method=method)[0])
        except RequestRedirect:
            return ""
        except HTTPException:
            return ""
