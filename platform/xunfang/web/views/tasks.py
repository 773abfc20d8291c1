"""The acts on a task: its verbs, and the form on which it is completed."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import make_response, redirect, request, url_for

from xunfang.actions.handling import complete, do_to_task
from xunfang.actions.several import Picked
from xunfang.casework import VERBS, Asked
from xunfang.clock import local_date
from xunfang.desk.faces import TaskForm
from xunfang.errors import ClockDoubtful, Conflict, FieldProblem, Invalid
from xunfang.rulebook.model import IntakeForm
from xunfang.web.forms import Entries, FormPage, answers_of, form_page, typed
from xunfang.web.guard import actor, member, missing, site
from xunfang.web.views.doing import asked_for, back_to_case
from xunfang.web.views.intake import STALE, confirmed, new_submission, sent_to, submission_id
from xunfang.web.views.secure import SecureView, expose
from xunfang.web.views.several import do_several, tasks_named
from xunfang.web.views.versions import version_given


class TasksView(SecureView):
    """What can be done on one task; reached from the queue and from the case."""

    in_menu = False

    @expose("/")
    def index(self) -> Any:
        """Go to the queue: tasks have no list of their own."""
        return redirect(url_for("queue.index"))

    @expose("/several/<verb>", methods=["POST"])
    def several(self, verb: str) -> Any:
        """Do a verb to every ticked task, each by itself."""
        wanted = VERBS.get(verb)
        if wanted is None or not wanted.several or wanted.on != "task":
            raise missing()
        person, now = actor(), site().now()

        def do(picked: Picked) -> None:
            do_to_task(site().deployment, Asked(verb=verb, actor=person, task=picked.id, version=picked.version), now)

        return do_several(self, wanted, do, tasks_named)

    @expose("/<task_id>/<verb>", methods=["POST"])
    def do(self, task_id: str, verb: str) -> Any:
        """Do a verb to the task, with what the page asked for."""
        asked = asked_for(verb, "task", task=task_id)
        do_to_task(site().deployment, asked, site().now())
        return back_to_case(verb)

    @expose("/<task_id>/complete")
    def form(self, task_id: str) -> str:
        """Show the form on which the task is completed."""
        task = self._task(task_id)
        return self._page(task_id, task, {}, "", new_submission())

    @expose("/<task_id>/complete", methods=["POST"])
    def complete(self, task_id: str) -> Any:
        """Complete the task; whatever is wrong, the form comes back with everything typed."""
        submission, now = submission_id(), site().now()
        if case := site().readings.completed_by(member().actor, task_id, submission):
            return sent_to(url_for("cases.show", case_id=case, done="complete"))  # the answer to it was lost
        task = self._task(task_id, typed_too=True)
        form, outcome = self._form(task), request.form.get("outcome", "")[:64]
        entries = typed(form, request.form) if form else {}
        answers = answers_of(form, entries) if form else {}
        try:
            if not form and outcome not in dict(task.outcomes):
                raise Invalid([FieldProblem("outcome", "请选择办理结果。")])
            complete(
                site().deployment, actor(), task_id, version_given(), outcome, answers, submission, now, confirmed()
            )
        except Invalid as invalid:
            return self._page(task_id, task, entries, outcome, submission, invalid.problems), 422
        except (Conflict, ClockDoubtful) as refusal:
            return self._page(task_id, task, entries, outcome, submission, notice=refusal.message), refusal.status
        return sent_to(url_for("cases.show", case_id=task.case, done="complete"))

    def again(self, task_id: str) -> Any:
        """Show a completion form whose page is outdated again, with everything typed."""
        task = self._task(task_id)
        form = self._form(task)
        entries = typed(form, request.form) if form else {}
        outcome = request.form.get("outcome", "")[:64]
        return make_response(self._page(task_id, task, entries, outcome, submission_id(), notice=STALE), 400)

    def _task(self, task_id: str, *, typed_too: bool = False) -> TaskForm:
        found = site().readings.task_form(member().actor, task_id, ended_too=typed_too)
        if found is None and typed_too:
            raise Conflict("这项任务已不在本单位待办中：可能已被同事办结、退回或转办。请到个案中查看最新情况。")
        if found is None:
            raise missing()
        return found

    def _form(self, task: TaskForm) -> IntakeForm | None:
        return site().release(task.release).forms.get(task.form)

    def _page(
        self,
        task_id: str,
        task: TaskForm,
        entries: Entries,
        outcome: str,
        submission: str,
        problems: Iterable[FieldProblem] = (),
        notice: str = "",
    ) -> str:
        found, form = tuple(problems), self._form(task)
        page: FormPage | None = None
        if form:
            page = form_page(form, site().release(task.release), entries, local_date(site().now()), submission, found)
        words: Mapping[str, Any] = {
            "title": f"办结：{task.stage}",
            "task": task,
            "caps": site().readings.caps(member().actor, task_id, site().now()),
            "page": page,
            "outcome": outcome,
            "notice": notice,
            "submission": submission,
            "action": url_for("tasks.complete", task_id=task_id),
            "wrong": {problem.field: problem.message for problem in found},
        }
        return str(self.render("pages/task-form.html", **words))
