"""The invented month, and year, of `serve --demo`: played through the real acts at their past moments."""

import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from xunfang.actions.accounts import NewAccount, add_account
from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment, Rulebooks, machinery
from xunfang.actions.dispatching import confirm_dispatch
from xunfang.actions.handling import claim, complete, return_task, transfer, urge
from xunfang.actions.papers import Press
from xunfang.actions.passwords import hashed
from xunfang.actions.reading import mark_all_read, reveal
from xunfang.actions.signing import sign_several
from xunfang.actions.submitting import submit
from xunfang.casework import Decided
from xunfang.demo.doings import DOINGS
from xunfang.demo.played import PlayedWorker
from xunfang.demo.script import Login, Script, script_of
from xunfang.demo.step import SIGN, Step
from xunfang.errors import Conflict, Invalid, Refused
from xunfang.rulebook.files import Files
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import unit_label
from xunfang.store import Account, Case, Clue, Dispatch, Task, connection, transaction
from xunfang.store.life import latest_seen, note_seen
from xunfang.store.scoped import scoped
from xunfang.web import DemoLogin

_LOG = logging.getLogger(__name__)
UNREAD = timedelta(days=3)
"""How far back messages of the month are still unread."""
_NAMES = uuid.UUID("6f1c8d2e-4a57-4b0e-9d43-0c6f5a7e1b90")


def load_demo(
    deployment: Deployment, files: Files, jurisdiction: str, now: datetime, press: Press, *, whole: bool = False
) -> list[DemoLogin]:
    """Play a jurisdiction's invented month up to `now`, once, and return its logins; none when it keeps no script.

    `whole`: with the year before it.

    A load that was cut short goes on where it stopped. Raises Refused for a script that cannot be played.
    """
    rulebook = deployment.rulebooks.of(jurisdiction)
    quiet = replace(deployment, ring=lambda: None)
    with connection(deployment.database):
        base = _base(quiet, jurisdiction, now)
        script = script_of(files, rulebook, base, whole=whole)
        if script is None:
            return []
        month = _Month(quiet, rulebook, script, press)
        month.make_accounts()
        month.play()
        month.worker.work_until(base)
        month.read_what_is_old(base)
        month.renew_passwords(base)
    return _shown(rulebook, script)


def demo_logins(deployment: Deployment, files: Files) -> list[DemoLogin]:
    """Return the logins of every jurisdiction's invented month, for the sign-in page of a demonstration."""
    found: list[DemoLogin] = []
    for rulebook in deployment.rulebooks.current.values():
        with connection(deployment.database) as reader:
            base = latest_seen(reader, f"demo-base:{rulebook.id}")
        with suppress(Refused):  # a script that went wrong since; the jurisdiction itself is served
            script = script_of(files, rulebook, base) if base else None
            found += _shown(rulebook, script) if script else []
    return found


def _base(deployment: Deployment, jurisdiction: str, now: datetime) -> datetime:
    """The moment the month leads up to: that of the first load, whenever it is asked again."""
    name = f"demo-base:{jurisdiction}"
    with transaction(deployment.database, jurisdiction) as tx:
        known = latest_seen(tx, name)
        if known is None:
            note_seen(tx, name, now)
    return known or now


def _shown(rulebook: Rulebook, script: Script) -> list[DemoLogin]:
    place = rulebook.info.name
    return [DemoLogin(_role_of(rulebook, each), each.login, script.password, place) for each in script.logins]


def _role_of(rulebook: Rulebook, login: Login) -> str:
    roles = "、".join(rulebook.roles[role].label for role in login.roles)
    return f"{unit_label(rulebook, login.unit)} {roles} {login.name}"


class _Month:
    """One month being played."""

    def __init__(self, deployment: Deployment, rulebook: Rulebook, script: Script, press: Press) -> None:
        self.deployment = deployment
        self.rulebook = rulebook
        self.script = script
        units = {login.unit for login in script.logins}
        self.worker = PlayedWorker(deployment, press, script.steps[0].moment - timedelta(days=1), units)
        books = Rulebooks(deployment.database, {rulebook.id: rulebook})
        self.alone = replace(deployment, rulebooks=books)
        self.progress = f"demo-played:{rulebook.id}"

    def make_accounts(self) -> None:
        """Make those accounts that are not there yet."""
        jurisdiction = self.rulebook.id
        kept = hashed(self.script.password)
        with acting(self.deployment, machinery(jurisdiction, "准备演示数据"), self.worker.clock.at) as act:
            for each in self.script.logins:
                if act.tx.first(Account, login=each.login) is None:
                    password, roles = self.script.password, each.roles
                    new = NewAccount(
                        each.login,
                        each.name,
                        password,
                        jurisdiction,
                        each.unit,
                        roles,
                        each.division,
                        must_change=False,
                    )
                    add_account(act, new, kept)

    def play(self) -> None:
        """Play every act that was not played before, and before each the jobs that were due by then."""
        with connection(self.deployment.database) as reader:
            played = latest_seen(reader, self.progress)
        for step in self.script.steps:
            if played is None or step.moment > played:
                self.worker.work_until(step.moment)
                self._play(step, resumed=played is not None)
                with transaction(self.deployment.database, "") as tx:
                    note_seen(tx, self.progress, step.moment)

    def read_what_is_old(self, base: datetime) -> None:
        """Let everybody have read what came before the last days, as people do who look in daily."""
        for each in self.script.logins:
            mark_all_read(self.deployment, self.account(each.login), base, before=base - UNREAD)

    def renew_passwords(self, base: datetime) -> None:
        """Let nobody's password be as old as their account: whoever signs in now must not be asked for another."""
        with transaction(self.deployment.database, self.rulebook.id) as tx:
            for account in list(tx.every(Account, jurisdiction=self.rulebook.id)):
                if account.password_set_at is None or account.password_set_at < base:
                    tx.update(Account, {"id": account.id}, {"password_set_at": base})

    def _play(self, step: Step, *, resumed: bool) -> None:
        try:
            _ACTS[step.act](self, step)
        except Refused as error:
            if resumed and isinstance(error, Conflict):
                return  # it was done just before the load was cut short
            why = "；".join(p.message for p in error.problems) if isinstance(error, Invalid) else error.message
            text = f"演示“{step.case}”第 {step.place} 步（{step.act}）没有办成：{why}"
            if step.loose:
                _LOG.warning("%s", text)
                return
            raise Refused(text, "DEMO_UNUSABLE") from error

    def actor(self, step: Step) -> Actor:
        """Return whoever acts in a step."""
        return self.account(step.by)

    def account(self, login: str) -> Actor:
        """Return the actor of a login."""
        with connection(self.deployment.database) as reader:
            account = reader.first(Account, login=login, jurisdiction=self.rulebook.id)
        if account is None:
            raise Refused(f"没有账号“{login}”。")
        return self.deployment.actor(account)

    def key(self, step: Step, place: int | None = None, about: str = "") -> str:
        """Return the key of what is sent in a step; the same whenever it is played."""
        return self._key(step.case, step.place if place is None else place, about)

    def _key(self, story: str, place: int, about: str = "") -> str:
        return str(uuid.uuid5(_NAMES, f"{self.rulebook.id}/{story}/{place}" + (f"/{about}" if about else "")))

    def case(self, step: Step, story: str = "") -> Case:
        """Return the case that the report of a story, a step's own if no other is named, opened or joined."""
        with connection(self.deployment.database) as reader:
            clue = reader.first(Clue, submission=self._key(story or step.case, 0))
            found = reader.find(Case, clue.case) if clue else None
        if found is None:
            raise Refused("个案尚未登记。")
        return found

    def rows(self, row: type[Any], **where: Any) -> list[Any]:
        """Return the rows of the jurisdiction with these values."""
        with connection(self.deployment.database, self.rulebook.id) as reader:
            return list(reader.every(row, jurisdiction=self.rulebook.id, **where))

    def dispatch(self, step: Step) -> Dispatch:
        """Return the dispatch that waits to be confirmed on the person of a story, in its case or one started by it."""
        with connection(self.deployment.database) as reader:
            cases = reader.select(Case, person=self.case(step).person, closed_at=None)
            waiting = [reader.first(Dispatch, case=case.id, status="proposed") for case in cases]
        found = next((dispatch for dispatch in waiting if dispatch), None)
        if found is None:
            raise Conflict("没有待批示的拟办意见。")
        return found

    def task(self, step: Step, unit: str) -> Task:
        """Return the open task a unit holds on the person of a story, one it leads before one it assists in."""
        with connection(self.deployment.database) as reader:
            cases = reader.select(Case, person=self.case(step).person, closed_at=None)
            tasks = [task for case in cases for task in reader.select(Task, case=case.id, unit=unit, ended_at=None)]
        wanted = step.told.get("state", "")
        fitting = [task for task in tasks if wanted in ("", task.state)]
        if not fitting:
            raise Conflict(f"{unit_label(self.rulebook, unit)}没有待办的任务。")
        return min(fitting, key=lambda task: task.role != "lead")


def _submit(month: _Month, step: Step) -> None:
    told = step.told
    submit(month.deployment, month.actor(step), told["form"], told["answers"], month.key(step), step.moment)


def _confirm(month: _Month, step: Step) -> None:
    dispatch = month.dispatch(step)
    wanted = step.told.get("decided", dispatch.proposed)
    decided = [Decided(item["lead"], tuple(item.get("assist", ()))) for item in wanted]
    confirm_dispatch(month.deployment, month.actor(step), dispatch.case, dispatch.version, decided, step.moment)


def _claim(month: _Month, step: Step) -> None:
    actor = month.actor(step)
    task = month.task(step, actor.unit)
    claim(month.deployment, actor, task.id, task.version, step.moment)


def _complete(month: _Month, step: Step) -> None:
    actor = month.actor(step)
    task = month.task(step, actor.unit)
    outcome, answers = step.told.get("outcome", ""), step.told["answers"]
    complete(month.deployment, actor, task.id, task.version, outcome, answers, month.key(step), step.moment)


def _return(month: _Month, step: Step) -> None:
    actor = month.actor(step)
    task = month.task(step, actor.unit)
    return_task(month.deployment, actor, task.id, task.version, step.told["reason"], step.moment)


def _transfer(month: _Month, step: Step) -> None:
    actor = month.actor(step)
    task = month.task(step, actor.unit)
    transfer(month.deployment, actor, task.id, task.version, step.told["to"], step.told["reason"], step.moment)


def _urge(month: _Month, step: Step) -> None:
    urge(month.deployment, month.actor(step), month.task(step, step.told["unit"]).id, step.moment)


def _reveal(month: _Month, step: Step) -> None:
    field, reason = step.told["field"], step.told["reason"]
    reveal(month.deployment, month.actor(step), month.case(step).id, field, reason, step.moment)


def _sign(month: _Month, step: Step) -> None:
    """Sign whatever waits for this person that day, as somebody does who clears the desk once a day."""
    actor = month.actor(step)
    kinds = [kind.id for kind in month.rulebook.notices.values() if kind.signed_off_by in actor.roles]
    with scoped(month.deployment.database, actor.scope) as own:
        waiting = [(item.notice.id, item.notice.version) for item in own.notices("", "draft", kinds).items]
    sign_several(month.deployment, actor, SIGN, waiting, "", step.moment)


_ACTS: Mapping[str, Callable[[_Month, Step], None]] = {
    "submit": _submit,
    "confirm-dispatch": _confirm,
    "claim": _claim,
    "complete": _complete,
    "return": _return,
    "transfer": _transfer,
    "urge": _urge,
    "reveal": _reveal,
    SIGN: _sign,
    **DOINGS,
}
