"""走访: whom the unit is to see, one form for each of them, and the list to take along."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask import make_response, request, send_file, url_for

from xunfang.actions.submitting import may_fill, submit
from xunfang.clock import local_date
from xunfang.desk.faces.visits import ThingRow
from xunfang.desk.labels import Labels
from xunfang.desk.moments import day
from xunfang.desk.visits import (
    MOST_PRINTED,
    every_thing,
    forms_of_visits,
    prefilled,
    thing_row,
    things_of_whole,
    visit_desk,
)
from xunfang.errors import ClockDoubtful, FieldProblem, Invalid, TooOften
from xunfang.rulebook.model import IntakeForm
from xunfang.rules.occasions import doing_thing_by_thing
from xunfang.rules.units import kind_of, unit_label
from xunfang.sheets.visiting import visiting_sheet
from xunfang.store.reading.things import Which
from xunfang.web.faults import wants_json
from xunfang.web.forms import Entries, answers_of, form_page, typed
from xunfang.web.guard import actor, member, member_or_none, missing, site
from xunfang.web.views.intake import STALE, confirmed, new_submission, sent_to, submission_id
from xunfang.web.views.secure import SecureView, expose

SHOWN = ((Which.OWED, "待走访"), (Which.DONE, "已完成"), (Which.MISSED, "期满未走访"))
HEADS = ("序号", "姓名", "现居住地", "联系电话", "对象类别", "为什么走访", "计划日期", "最迟", "走访情况", "走访人签字")
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class VisitsView(SecureView):
    """Whom the person's unit is to visit."""

    def is_visible(self) -> bool:
        """Return whether the person's unit owes any visit, or the person may tell of one."""
        person = member_or_none()
        if person is None:
            return False
        rulebook = site().rulebook(person.jurisdiction)
        owes = kind_of(person.unit) in doing_thing_by_thing(rulebook)
        return owes or bool(forms_of_visits(rulebook, person.actor))

    @expose("/")
    def index(self) -> str:
        """List whom the unit is to see, who is first first."""
        which, after = self._which(), request.args.get("after", "")[:100]
        desk = visit_desk(site().deployment, member().actor, which, site().now(), after)
        return str(self.render("pages/visits.html", desk=desk, which=which, shows=SHOWN, after=after))

    @expose("/of/<duty_id>")
    def of(self, duty_id: str) -> str:
        """List whom a unit is to see under one duty in one period."""
        which, after = self._which(), request.args.get("after", "")[:100]
        found = things_of_whole(site().deployment, member().actor, duty_id, which, site().now(), after)
        words = {"whole": found[0], "rows": found[1], "next": found[2], "which": which, "shows": SHOWN, "after": after}
        return str(self.render("pages/visits-of.html", title=f"{found[0].label}：名单", **words))

    @expose("/print")
    def printed(self) -> str:
        """Show all whom the unit is to see, on paper with room to write and sign."""
        rows = every_thing(site().deployment, member().actor, site().now())
        whose = unit_label(self.rulebook, member().unit)
        words = {"rows": rows, "whose": whose, "heads": HEADS, "most": MOST_PRINTED}
        return str(self.render("pages/visits-print.html", title=f"{whose}走访名单", **words))

    @expose("/list.xlsx")
    def sheet(self) -> Any:
        """Hand out the same list as a workbook."""
        rows = every_thing(site().deployment, member().actor, site().now())
        whose = unit_label(self.rulebook, member().unit)
        today = day(local_date(site().now()))
        about = (
            f"{member().name}于{today}下载，共{len(rows)}人。电话以星号隐去中间几位；走访后请在系统里逐人填写走访记录。"
        )
        lines = [_line(place, row) for place, row in enumerate(rows, 1)]
        made = visiting_sheet(f"{whose}走访名单", about, HEADS, lines)
        return send_file(BytesIO(made), _SHEET, as_attachment=True, download_name=f"走访名单{today}.xlsx")

    @expose("/<thing_id>/form")
    def form(self, thing_id: str) -> str:
        """Show the form about somebody whom the unit is to see, with what is known filled in."""
        row, form = self._thing(thing_id)
        return self._page(form, self._known(form, row), new_submission(), row=row)

    @expose("/<thing_id>/form", methods=["POST"])
    def send(self, thing_id: str) -> Any:
        """Hand it in; whatever is wrong, the form comes back with everything typed."""
        row, form = self._thing(thing_id)
        return self._hand_in(form, row)

    def again(self, thing_id: str) -> Any:
        """Show a form whose page is outdated again, with everything typed."""
        row, form = self._thing(thing_id)
        page = self._page(form, typed(form, request.form), submission_id(), row=row, notice=STALE)
        return make_response(page, 400)

    @expose("/anybody/<form_id>")
    def anybody(self, form_id: str) -> str:
        """Show the form of a visit to anybody else."""
        form = self._form(form_id)
        return self._page(form, {}, new_submission())

    @expose("/anybody/<form_id>", methods=["POST"])
    def send_anybody(self, form_id: str) -> Any:
        """Hand it in; whatever is wrong, the form comes back with everything typed."""
        return self._hand_in(self._form(form_id), None)

    def again_anybody(self, form_id: str) -> Any:
        """Show a form whose page is outdated again, with everything typed."""
        form = self._form(form_id)
        return make_response(self._page(form, typed(form, request.form), submission_id(), notice=STALE), 400)

    def _hand_in(self, form: IntakeForm, row: ThingRow | None) -> Any:
        entries, submission = typed(form, request.form), submission_id()
        about = row.id if row else ""
        answers = answers_of(form, entries)
        try:
            submit(site().deployment, actor(), form.id, answers, submission, site().now(), confirmed(), about)
        except Invalid as invalid:
            if wants_json():
                raise
            return self._page(form, entries, submission, invalid.problems, row=row), 422
        except (TooOften, ClockDoubtful) as refusal:
            if wants_json():
                raise
            return self._page(form, entries, submission, notice=refusal.message, row=row), refusal.status
        return sent_to(url_for("visits.index", done="visit"))

    def _which(self) -> Which:
        show = request.args.get("show", "")
        return Which(show) if show in {each.value for each in Which} else Which.OWED

    def _thing(self, thing_id: str) -> tuple[ThingRow, IntakeForm]:
        row = thing_row(site().deployment, member().actor, thing_id, site().now())
        form = self.rulebook.forms.get(row.form)
        if form is None or not may_fill(actor(), form):
            raise missing()
        return row, form

    def _form(self, form_id: str) -> IntakeForm:
        if form_id not in dict(forms_of_visits(self.rulebook, actor())):
            raise missing()
        return self.rulebook.forms[form_id]

    def _known(self, form: IntakeForm, row: ThingRow) -> dict[str, tuple[str, ...]]:
        today = local_date(site().now()).isoformat()
        return prefilled(self.rulebook, form.id, row, row.residence, today)

    def _page(
        self,
        form: IntakeForm,
        entries: Entries,
        submission: str,
        problems: Iterable[FieldProblem] = (),
        notice: str = "",
        row: ThingRow | None = None,
    ) -> str:
        page = form_page(form, self.rulebook, entries, local_date(site().now()), submission, problems)
        action = url_for("visits.send", thing_id=row.id) if row else url_for("visits.send_anybody", form_id=form.id)
        title = f"{form.title}：{row.name}" if row else form.title
        words = {"page": page, "action": action, "notice": notice, "row": row, "tab": form.title}
        cites = Labels(self.rulebook).basis(form.basis)
        return str(self.render("pages/visit-form.html", title=title, cites=cites, **words))


def _line(place: int, row: ThingRow) -> tuple[str, ...]:
    why = "；".join(dict.fromkeys((row.duty, *(clause.place for clause in row.why))))
    due = day(row.due.at) if row.due.at else ""
    phones, categories = "、".join(row.phones), "、".join(row.categories)
    return str(place), row.name, row.place, phones, categories, why, day(row.planned_on), due, "", ""
