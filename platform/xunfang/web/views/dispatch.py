"""拟办分派: what routing proposes, why, and the leader's word on it."""

from typing import Any

from flask import redirect, request, url_for

from xunfang.actions.dispatching import confirm_as_proposed, confirm_dispatch
from xunfang.actions.several import Picked
from xunfang.casework import VERBS, Decided
from xunfang.desk.labels import Labels
from xunfang.errors import FieldProblem, Invalid
from xunfang.rules.units import instances
from xunfang.web.guard import actor, member, site
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.several import cases_named, do_several
from xunfang.web.views.versions import version_given

MOST_LEADS = 20
ACCEPT = "accept"
UNDISPATCHED = "-"  # chosen in so many words; nothing chosen at all is refused by the page where a choice is asked for


class DispatchView(SecureView):
    """The desk on which dispatches wait."""

    @expose("/")
    def index(self) -> str:
        """Show a page of what waits, longest waiting first; from a case on that somebody comes for."""
        after, case = (request.args.get(name, "")[:200] for name in ("after", "case"))
        waiting, following = site().readings.dispatches(member().actor, site().now(), after, case)
        units = unit_choices(Labels(self.rulebook), ACCEPT)
        return str(
            self.render(
                "pages/dispatch.html",
                waiting=waiting,
                after=following,
                begins=not (after or case),
                units=units,
                undispatched=UNDISPATCHED,
            )
        )

    @expose("/several", methods=["POST"])
    def several(self) -> Any:
        """Confirm every ticked dispatch as proposed, each by itself."""

        def do(picked: Picked) -> None:
            confirm_as_proposed(site().deployment, actor(), picked.id, picked.version, site().now())

        return do_several(self, VERBS["confirm-dispatch"], do, cases_named)

    @expose("/<case_id>", methods=["POST"])
    def confirm(self, case_id: str) -> Any:
        """Confirm a dispatch, changed or as proposed."""
        confirm_dispatch(site().deployment, actor(), case_id, version_given(), _decided(), site().now())
        return redirect(url_for("dispatch.index", done="confirm-dispatch"), 303)


def unit_choices(labels: Labels, act: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the units in groups, single ones first, then those of each division level.

    With an act, only units that the rules let do it: a unit without a list of its own may do everything.
    """
    rulebook = labels.rulebook
    able = {id: unit for id, unit in rulebook.units.items() if not act or not unit.may or act in unit.may}
    single = [(id, unit.label) for id, unit in able.items() if not unit.per]
    groups = [("单位", single)]
    for id, unit in able.items():
        if unit.per:
            groups.append(
                (unit.label.replace("{division}", ""), [(each, labels.unit(each)) for each in instances(rulebook, id)])
            )
    return groups


def _decided() -> list[Decided]:
    decided = []
    for place in range(MOST_LEADS):
        lead = request.form.get(f"lead-{place}", "")
        if lead and lead != UNDISPATCHED:
            decided.append(Decided(lead, tuple(unit for unit in request.form.getlist(f"assist-{place}") if unit)))
    if not decided:
        raise Invalid([FieldProblem("lead-0", "请至少确定一个主办单位。")], "请至少确定一个主办单位。")
    return decided
