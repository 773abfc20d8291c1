"""Those who convene meetings: what waits for one is called to a sitting, decided there, or put off to the next."""

from datetime import timedelta
from typing import Any

from xunfang.actions.meetings import call_sitting, decide_item, do_to_sitting
from xunfang.casework import AgendaItem
from xunfang.casework.terms import terms_of_task
from xunfang.clock import local
from xunfang.errors import Refused
from xunfang.rules.meetings import invited_to, ways_of
from xunfang.store import Case, Task, new_id
from year.acting import Acting

BETWEEN = 10
"""So many days lie between a task that waits for a meeting and the sitting that decides it, at most."""


class Sitting(Acting):
    """Meetings. `agendas`: by meeting and convener, the tasks that wait for the next sitting."""

    def wait_for_meeting(self, task: Any, meeting: str) -> None:
        """Put a task on the next sitting of whoever holds it; the first one calls it."""
        waiting = self.agendas.setdefault((meeting, task.unit), [])
        if not waiting:
            moment = self.agenda.at_work(self.county.rulebook.calendar, self.county.at, self.chance.uniform(1, BETWEEN))
            self.agenda.put(moment, self.hold, meeting, task.unit)
        waiting.append(task.id)

    def hold(self, meeting: str, unit: str) -> None:
        """Hold a sitting with everything that waits for it."""
        waiting = [self.county.find(Task, key) for key in self.agendas.pop((meeting, unit), [])]
        tasks = [task for task in waiting if not task.ended_at and not task.suspended_at and task.unit == unit]
        if not tasks:
            return
        deployment, convener, at = self.county.deployment, self.county.of(unit), self.county.at
        when = (local(at) + timedelta(hours=1)).replace(tzinfo=None).isoformat(timespec="minutes")
        sitting = call_sitting(deployment, convener, meeting, when, "三楼会议室", [task.id for task in tasks], at)
        do_to_sitting(deployment, convener, "invite-to-sitting", sitting, at)
        do_to_sitting(deployment, convener, "open-sitting", sitting, at, present=self._present(meeting, unit, tasks))
        for item in sorted(self.county.rows(AgendaItem, sitting=sitting), key=lambda one: one.n):
            self._settle(convener, meeting, item)
        do_to_sitting(deployment, convener, "close-sitting", sitting, at)
        self.done["sittings"] += 1

    def _present(self, meeting: str, unit: str, tasks: list[Any]) -> dict[str, str]:
        book = self.county.now()
        cases = [self.county.find(Case, task.case) for task in tasks]
        places = [{"residence": case.residence, "registration": case.registration} for case in cases]
        return dict.fromkeys(invited_to(book, book.meetings[meeting], unit, places), "王主任")

    def _settle(self, convener: Any, meeting: str, item: Any) -> None:
        """Decide an item some way that the rules take; what none decides waits for another day."""
        task, case = self.county.find(Task, item.task), self.county.find(Case, item.case)
        book = self.county.deployment.rulebooks.release(case.release)
        form, told = book.forms.get(terms_of_task(book, task).form), self.told.setdefault(case.id, {})
        ways = list(ways_of(book.meetings[meeting], book.flows[task.flow].states[task.state]))
        self.chance.shuffle(ways)
        for decision, chosen in ways if self.chance.random() < 0.9 else ():
            fixed = {"decision": decision} if form and "decision" in form.fields else {}
            answers = (
                self.filler.leading_to(book, form, chosen, self.county.at, told, task.state, **fixed) if form else {}
            )
            if answers is None:
                continue
            given = ({"decision": decision}, chosen.id, answers, new_id(), self.county.at)
            try:
                decide_item(self.county.deployment, convener, item.id, item.version, *given)
            except Refused:
                continue
            told.update(answers)
            self.done["items decided"] += 1
            return
        put_off = {"item": item.id, "version": item.version, "reason": "材料不齐"}
        do_to_sitting(self.county.deployment, convener, "postpone-item", item.sitting, self.county.at, **put_off)
        self.done["items postponed"] += 1
        self.wait_for_meeting(task, meeting)
