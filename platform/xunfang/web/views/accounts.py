"""账号管理: who may enter, with which roles, for which unit."""

from dataclasses import replace
from typing import Any

from flask import abort, redirect, request, url_for

from xunfang.actions.accounts import (
    AccountChange,
    NewAccount,
    change_account,
    create_account,
    end_sessions_of,
    unlock,
)
from xunfang.actions.factors import reset_factor
from xunfang.actions.identities import bind_identity, bound_identity, unbind_identity
from xunfang.clock import local_date
from xunfang.desk.faces import AccountFace
from xunfang.desk.labels import Labels
from xunfang.errors import Conflict, Invalid, Refused
from xunfang.web.faults import told
from xunfang.web.guard import actor, member, site
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
            typed = fields | {"roles": roles, "sees_all": self._sight() is not None}
            return self._page(typed, told(refusal)), refusal.status
        return redirect(url_for("accounts.index", done="account-created"), 303)

    @expose("/<account_id>")
    def show(self, account_id: str) -> str:
        """Show one account, to be changed."""
        return self._form(account_id, "")

    @expose("/<account_id>", methods=["POST"])
    def change(self, account_id: str) -> Any:
        """Change who an account is, where it belongs, what it may and sees, or whether it is in use."""
        if (state := request.form.get("state")) in ("active", "disabled"):
            change_account(site().deployment, actor(), account_id, AccountChange(state=state), site().now())
            done = "account-disabled" if state == "disabled" else "account-enabled"
            return redirect(url_for("accounts.show", account_id=account_id, done=done), 303)
        change = self._change()
        try:
            change_account(site().deployment, actor(), account_id, change, site().now())
        except Invalid as invalid:
            return self._form(account_id, told(invalid), change), invalid.status
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

    @expose("/<account_id>/second-factor/reset", methods=["POST"])
    def reset_factor(self, account_id: str) -> Any:
        """Take the second factor off somebody who has lost it."""
        reset_factor(site().deployment, actor(), account_id, site().now())
        return redirect(url_for("accounts.show", account_id=account_id, done="factor-reset"), 303)

    @expose("/<account_id>/identity", methods=["POST"])
    def bind_identity(self, account_id: str) -> Any:
        """Bind an account to what an issuer of identities calls its person."""
        provider = site().provider
        if provider is None:
            abort(404)
        name = request.form.get("identity", "")[:300]
        try:
            bind_identity(site().deployment, actor(), account_id, provider.issuer.issuer, name, site().now())
        except (Invalid, Conflict) as refusal:
            return self._form(account_id, told(refusal)), refusal.status
        return redirect(url_for("accounts.show", account_id=account_id, done="identity-bound"), 303)

    @expose("/<account_id>/identity/unbind", methods=["POST"])
    def unbind_identity(self, account_id: str) -> Any:
        """Let nobody enter an account by an issuer of identities any more."""
        unbind_identity(site().deployment, actor(), account_id, site().now())
        return redirect(url_for("accounts.show", account_id=account_id, done="identity-unbound"), 303)

    def _change(self) -> AccountChange:
        """Return what the form says; whatever it does not carry stays as it is."""
        return AccountChange(
            name=request.form.get("name", "").strip()[:50] or None,
            unit=request.form.get("unit", "")[:80] or None,
            roles=tuple(request.form.getlist("roles")),
            division=self._sight(),
            password=request.form.get("password", "")[:128] or None,
        )

    def _sight(self) -> str | None:
        """Return the division whose cases the account is to see; None leaves that to its unit."""
        return self.rulebook.code if request.form.get("sight") == "all" else None

    def _page(self, typed: dict[str, Any], problem: str) -> str:
        find, start = request.args.get("find", "").strip()[:50], request.args.get("after", "")[:100]
        accounts, after = site().readings.accounts(member().actor, start, find, site().now())
        words = {
            "accounts": accounts,
            "after": after,
            "unheld": site().readings.unheld(member().actor),
            "lacking": site().readings.lacking(member().actor),
            "find": find,
            "typed": typed,
            "problem": problem,
        }
        return str(self.render("pages/accounts.html", **words, **self._choices()))

    def _form(self, account_id: str, problem: str, change: AccountChange | None = None) -> str:
        account = site().readings.account(member().actor, account_id, site().now())
        chosen = _as_chosen(account, change) if change else account
        words = {"title": f"调整账号：{account.name}", "each": account, "chosen": chosen, "problem": problem}
        words |= {"staff": site().readings.staff(member().actor, account.unit, site().now())}
        words |= {"today": local_date(site().now())}
        provider = site().provider
        words |= {
            "issuer": provider.issuer.label if provider else "",
            "claim": provider.issuer.claim if provider else "",
        }
        words |= {"identity": bound_identity(site().deployment, account.id)}
        return str(self.render("pages/account.html", **words, **self._choices()))

    def _choices(self) -> dict[str, Any]:
        roles = [(id, role.label) for id, role in self.rulebook.roles.items()]
        return {"roles": roles, "units": unit_choices(Labels(self.rulebook)), "rules": site().deployment.access}


def _as_chosen(account: AccountFace, change: AccountChange) -> AccountFace:
    """Return an account as somebody wanted it, so that a refusal loses nothing that was chosen."""
    return replace(
        account,
        name=change.name or account.name,
        unit=change.unit or account.unit,
        roles=change.roles or (),
        sees_all=change.division is not None,
    )
