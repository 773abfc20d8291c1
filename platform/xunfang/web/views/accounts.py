"""账号管理: who may enter, with which roles, for which unit."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.accounts import (
    AccountChange,
    NewAccount,
    change_account,
    create_account,
    end_sessions_of,
    unlock,
)
from xunfang.errors import Invalid, Refused
from xunfang.web.faults import told
from xunfang.web.guard import actor, member, site
from xunfang.web.labels import Labels
from xunfang.web.views.dispatch import unit_choices
from xunfang.web.views.secure import SecureView, expose


class AccountsView(SecureView):
    """Accounts of the jurisdiction, for its security administrator."""

    @expose("/")
    def index(self) -> str:
        """List the accounts."""
        return self._page({}, "")

    @expose("/", methods=["POST"])
    def create(self) -> Any:
        """Open an account; its holder sets a new password at the first sign-in."""
        fields = {name: request.form.get(name, "").strip()[:80] for name in ("login", "name", "unit")}
        roles = tuple(request.form.getlist("roles"))
        new = NewAccount(
            login=fields["login"],
            name=fields["name"],
            password=request.form.get("password", "")[:128],
            jurisdiction=member().jurisdiction,
            unit=fields["unit"],
            roles=roles,
            division=self._sight(),
        )
        try:
            create_account(site().deployment, actor(), new, site().now())
        except Refused as refusal:
            return self._page(fields | {"roles": roles}, told(refusal)), refusal.status
        return redirect(url_for("accounts.index", done="account-created"), 303)

    @expose("/<account_id>")
    def show(self, account_id: str) -> str:
        """Show one account, to be changed."""
        return self._form(account_id, "")

    @expose("/<account_id>", methods=["POST"])
    def change(self, account_id: str) -> Any:
        """Change who an account is, where it belongs, what it may and sees; its sessions end."""
        try:
            change_account(site().deployment, actor(), account_id, self._change(), site().now())
        except Invalid as invalid:
            return self._form(account_id, told(invalid)), invalid.status
        return redirect(url_for("accounts.index", done="account-changed"), 303)

    @expose("/<account_id>/unlock", methods=["POST"])
    def unlock(self, account_id: str) -> Any:
        """Let a locked account try again at once."""
        unlock(site().deployment, actor(), account_id, site().now())
        return redirect(url_for("accounts.show", account_id=account_id, done="unlocked"), 303)

    @expose("/<account_id>/sessions/end", methods=["POST"])
    def end_sessions(self, account_id: str) -> Any:
        """End every session of an account."""
        end_sessions_of(site().deployment, actor(), account_id, site().now())
        return redirect(url_for("accounts.show", account_id=account_id, done="sessions-ended"), 303)

    def _change(self) -> AccountChange:
        """Return what the form says; whatever it does not carry stays as it is."""
        state = request.form.get("state")
        return AccountChange(
            name=request.form.get("name", "").strip()[:50] or None,
            unit=request.form.get("unit", "")[:80] or None,
            roles=tuple(request.form.getlist("roles")),
            division=self._sight(),
            state=state if state in ("active", "disabled") else None,
            password=request.form.get("password", "")[:128] or None,
        )

    def _sight(self) -> str | None:
        """Return the division whose cases the account is to see; None leaves that to its unit."""
        return self.rulebook.code if request.form.get("sight") == "all" else None

    def _page(self, typed: dict[str, Any], problem: str) -> str:
        accounts, after = site().readings.accounts(member(), request.args.get("after", "")[:100], site().now())
        words = {"accounts": accounts, "after": after, "typed": typed, "problem": problem}
        return str(self.render("pages/accounts.html", **words, **self._choices()))

    def _form(self, account_id: str, problem: str) -> str:
        account = site().readings.account(member(), account_id, site().now())
        words = {"title": f"调整账号：{account.name}", "each": account, "problem": problem}
        return str(self.render("pages/account.html", **words, **self._choices()))

    def _choices(self) -> dict[str, Any]:
        roles = [(id, role.label) for id, role in self.rulebook.roles.items()]
        return {"roles": roles, "units": unit_choices(Labels(self.rulebook)), "rules": site().deployment.access}
