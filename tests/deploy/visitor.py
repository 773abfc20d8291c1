"""Somebody at a browser who is new: signs in, sets a password, makes accounts, reports, signs papers."""

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from xunfang.identity import make_id

COUNTY, VILLAGE = "370304-boshan", "370304102201"
FIRST, PASSWORD = "First#Word-2026", "Second#Word-2026"
SECONDS = 60


class Visitor:
    """One browser."""

    def __init__(self, port: int) -> None:
        self.site = f"http://127.0.0.1:{port}"
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Return what is answered: its status, 0 where nobody answers, and its content."""
        body = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self._browser.open(f"{self.site}{path}", body, SECONDS) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()
        except OSError:
            return 0, b""

    def status(self, path: str) -> int:
        return self.ask(path)[0]

    def page(self, path: str) -> str:
        return self.ask(path)[1].decode()

    def send(self, path: str, form: dict[str, str], beside: str = "/password/") -> tuple[int, str]:
        """Post a form with the token that is on a page."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.page(beside))
        status, answer = self.ask(path, {**form, "csrf": token[1] if token else ""})
        return status, answer.decode()

    def sign_in(self, login: str, password: str) -> None:
        status, answer = self.send("/login", {"login": login, "password": password}, "/login")
        assert (status, "/login" in answer[:200]) == (200, False), answer

    def begin(self, login: str) -> "Visitor":
        """Sign in for the first time, and set a password of one's own as one then must."""
        self.sign_in(login, FIRST)
        assert self.send("/password/", {"old": FIRST, "new": PASSWORD, "again": PASSWORD})[0] == 200
        return self

    def make_account(self, login: str, unit: str, role: str, **more: str) -> None:
        """Make an account as the security administrator."""
        form = {"login": login, "name": "测试甲", "unit": unit, "roles": role, "password": FIRST, **more}
        status, answer = self.send("/accounts/", form)
        assert status == 200, answer

    def report(self, n: int) -> bool:
        """Report somebody who cannot wait, so that the task goes out at once; returns whether it was received."""
        found = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=20)
        number = make_id("370304", date.fromordinal(date(1940, 1, 1).toordinal() + n), 7)
        form = {
            "found_at": found.strftime("%Y-%m-%dT%H:%M"), "finder_role": "village-cadre", "name": "测试乙",
            "id_number": number, "phone": "13805331234", "residence": VILLAGE, "difficulty": "因脑梗住院，自付较多。",
            "needs": "medical", "illness": "脑梗死", "willing": "true", "consent": "true", "urgency": "emergency",
            "danger": "当日吃住无着。", "submission_id": uuid.uuid4().hex,
        }  # fmt: skip
        return self.send("/forms/clue-report", form)[0] == 200

    def sign_paper(self) -> str:
        """Sign the first draft that waits, and return its key; "" where none waits yet."""
        found = re.search(r'name="paper" value="(\w+):(\d+)"', self.page("/signing/"))
        if not found:
            return ""
        assert self.send("/signing/sign-off", {"paper": f"{found[1]}:{found[2]}"})[0] == 200
        return found[1]

    def paper(self, key: str) -> bytes:
        """Return a printed paper, b"" where it is not printed yet."""
        status, content = self.ask(f"/papers/{key}.pdf")
        return content if status == 200 and content.startswith(b"%PDF-") else b""
