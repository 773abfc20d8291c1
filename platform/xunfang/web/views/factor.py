"""One's own second factor 第二验证: bound with a picture or a typed key, its codes of recovery, taken off again."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import segno
from flask import redirect, request, url_for

from xunfang.actions.factors import begin_binding, confirm_binding, own_standing, renew_recovery, unbind
from xunfang.errors import Refused
from xunfang.web.faults import told
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView, expose


class FactorView(SecureView):
    """The page of one's own second factor."""

    in_menu = False

    @expose("/")
    def page(self) -> str:
        """Show how it stands, and what can be done."""
        return self._page()

    @expose("/", methods=["POST"])
    def begin(self) -> Any:
        """Show a new secret, once the password was typed."""
        try:
            begin_binding(site().deployment, actor(), request.form.get("password", "")[:128], site().now())
        except Refused as refusal:
            return self._page(told(refusal)), refusal.status
        return redirect(url_for("factor.page"), 303)

    @expose("/confirm", methods=["POST"])
    def confirm(self) -> Any:
        """Bind what was shown, and show the codes of recovery, this once."""
        try:
            codes = confirm_binding(site().deployment, actor(), _code(), site().now())
        except Refused as refusal:
            return self._page(told(refusal)), refusal.status
        return self._page(codes=codes)

    @expose("/codes", methods=["POST"])
    def renew(self) -> Any:
        """Show new codes of recovery in place of those there are."""
        try:
            codes = renew_recovery(site().deployment, actor(), _code(), site().now())
        except Refused as refusal:
            return self._page(told(refusal)), refusal.status
        return self._page(codes=codes)

    @expose("/unbind", methods=["POST"])
    def unbind(self) -> Any:
        """Take it off, where nobody wants it."""
        try:
            unbind(site().deployment, actor(), _code(), site().now())
        except Refused as refusal:
            return self._page(told(refusal)), refusal.status
        return redirect(url_for("factor.page", done="factor-removed"), 303)

    def _page(self, problem: str = "", codes: tuple[str, ...] = ()) -> str:
        now = site().now()
        standing = own_standing(site().deployment, actor(), now)
        shown: dict[str, Any] = {"picture": None, "typed": ""}
        if standing.pending:
            shown = {"picture": _picture(standing.pending), "typed": _grouped(standing.pending)}
        words = {
            "standing": standing,
            "problem": problem,
            "codes": codes,
            "must_bind": standing.must_bind(site().now()),
        }
        return str(self.render("pages/factor.html", **words, **shown))


def _code() -> str:
    return request.form.get("code", "")[:64]


def _grouped(shared: str) -> str:
    return " ".join(shared[n : n + 4] for n in range(0, len(shared), 4))


@dataclass(frozen=True, slots=True)
class _Picture:
    """The QR code that an authenticator app reads: so many modules wide, and the path along its dark ones."""

    width: int
    path: str


def _picture(shared: str) -> _Picture:
    brand, login = site().spoken()[0], member().login
    asked = urlencode({"secret": shared, "issuer": brand}, quote_via=quote)
    drawn = segno.make(f"otpauth://totp/{quote(brand)}:{quote(login)}?{asked}", error="m", micro=False)
    rows = [list(row) for row in drawn.matrix_iter(border=4)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return _Picture(len(rows), path)
