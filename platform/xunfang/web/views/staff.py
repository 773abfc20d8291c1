"""代理和交接: who stands in for whom, and work that changes hands within a unit."""

from datetime import date
from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.staffing import LEADING, end_deputy, hand_over, name_deputy
from xunfang.clock import local_date
from xunfang.errors import FieldProblem, Invalid
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView, expose

KEY_LENGTH = 64


class StaffView(SecureView):
    """The person's own deputy; for those who lead the unit, the work of its people."""

    @expose("/")
    def index(self) -> str:
        """Show the deputies of the unit, and how much each colleague has in hand."""
        person, now = member(), site().now()
        staff = site().readings.staff(person.actor, person.unit, now)
        leads = any(person.may(act) for act in LEADING)
        return str(self.render("pages/staff.html", staff=staff, leads=leads, today=local_date(now)))

    @expose("/<account_id>/hand-over", methods=["POST"])
    def hand_over(self, account_id: str) -> Any:
        """Give everything an account has claimed to a colleague, or back to the unit."""
        hand_over(site().deployment, actor(), account_id, request.form.get("heir", "")[:KEY_LENGTH], site().now())
        return _back(account_id, "work-handed-over")

    @expose("/<account_id>/deputy", methods=["POST"])
    def deputise(self, account_id: str) -> Any:
        """Let a colleague stand in for somebody."""
        deputy, since_on, until_on = request.form.get("deputy", "")[:KEY_LENGTH], _day("first_on"), _day("last_on")
        name_deputy(site().deployment, actor(), account_id, deputy, since_on, until_on, site().now())
        return _back(account_id, "deputy-named")

    @expose("/deputy/<deputy_id>/end", methods=["POST"])
    def end(self, deputy_id: str) -> Any:
        """Let a deputy stand in no longer."""
        end_deputy(site().deployment, actor(), deputy_id, site().now())
        return _back(request.form.get("account", "")[:KEY_LENGTH], "deputy-ended")


def _day(name: str) -> date:
    """Return the day that was typed; raises Invalid when it is none."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        label = {"first_on": "第一天", "last_on": "最后一天"}[name]
        raise Invalid([FieldProblem(name, f"请选择代理的{label}。", "FIELD_MISSING")], "代理没有设定。") from None


def _back(account_id: str, done: str) -> Any:
    """Return to the page of the account for its administrator, to that of the unit for everybody else."""
    if member().may("administer") and account_id.isalnum():
        return redirect(url_for("accounts.show", account_id=account_id, done=done), 303)
    return redirect(url_for("staff.index", done=done), 303)
