"""Publishing a change set 改动单: its jurisdiction and all that inherit from it get new rules, or nobody does.

Where few inherit that is done at once. Where many do, the worker looks at a few of them at a time; when all are found
to do well the change set is put in force, and those below follow, a few at a time. See decision 0072.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.abandoning import abandoned
from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.drafting import change_set_file, draft_files
from xunfang.actions.publishing import put_out
from xunfang.actions.rule_source import STUDIO, is_kept_here, note_source
from xunfang.actions.storing import store
from xunfang.actions.trying import keep_result
from xunfang.casework import VERBS, Asked, ChangeSet, advance
from xunfang.casework.gates import PUBLISH, RUNNING, Result
from xunfang.casework.jobs import PUBLISH_RULES
from xunfang.errors import Conflict, Problem, Refused, RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Held, connection, current_release, new_id, release_files

AT_ONCE = 3
"""With so many below, at most, publishing waits for all of them to be compiled: half a second each."""


class KeptInFiles(Refused):
    """The rules of a jurisdiction are kept in files, and nobody has said that this is to change."""

    status = 409
    code = "RULES_IN_FILES"


@dataclass(frozen=True, slots=True)
class Outcome:
    """New rules of one jurisdiction, compiled, with the files that they were compiled from."""

    rulebook: Rulebook
    files: Mapping[str, str]


def outcomes(
    deployment: Deployment, files: Mapping[str, str], layer: str, names: Sequence[str] | None = None
) -> list[Outcome]:
    """Return what a draft of a layer makes of these jurisdictions: of its own first, and of all that inherit from it.

    Raises RulebookError with the problems of all of them, and with what would stand on divisions that are no more.
    """
    problems: list[Problem] = []
    found: list[Outcome] = []
    for name in (layer, *inheriting(deployment, layer)) if names is None else names:
        try:
            found.append(outcome_of(deployment, files, layer, name))
        except RulebookError as error:
            problems += error.problems
    if problems:
        raise RulebookError(problems)
    return found


def outcome_of(deployment: Deployment, files: Mapping[str, str], layer: str, name: str) -> Outcome:
    """Return what a draft of a layer makes of one jurisdiction; raises RulebookError."""
    whole = dict(files) if name == layer else _laid_below(deployment, files, layer, name)
    book = compile_rulebook(whole, name)
    if problems := abandoned(deployment.database, book):
        raise RulebookError(problems)
    return Outcome(book, whole)


def inheriting(deployment: Deployment, layer: str) -> tuple[str, ...]:
    """Return the jurisdictions served here that inherit from a layer, in their order."""
    books = deployment.rulebooks.current.items()
    return tuple(sorted(name for name, book in books if name != layer and layer in book.chain))


def _laid_below(deployment: Deployment, files: Mapping[str, str], layer: str, name: str) -> dict[str, str]:
    """Return the files that a jurisdiction goes by, in which a layer above is the draft's."""
    own = {path: text for path, text in files.items() if path.split("/")[1] == layer}
    with connection(deployment.database, name) as reader:
        release = current_release(reader, name)
    kept = release_files(release) if release else {}
    return {**{path: text for path, text in kept.items() if path.split("/")[1] != layer}, **own}


def publish_change_set(
    deployment: Deployment, actor: Actor, key: str, at: datetime, *, version: int = 0, takes_over: bool = False
) -> str:
    """Put an approved change set in force, and return the release that it became, "" where the worker is at it now.

    `takes_over`: from now on the rules are kept here and no more in the folder. Raises KeptInFiles without it where
    they are kept in files, NotFound, NotAllowed, Conflict, and RulebookError where the rules of anybody would break.
    """
    with acting(deployment, actor, at) as act:
        found = act.scoped.change_sets.one(key)
        if found.status not in ("approved", "waiting"):
            raise Conflict("复核通过的改动单才能发布。", "NOT_REVIEWED")
        files = draft_files(act.tx, found)
    below = inheriting(deployment, found.jurisdiction)
    if len(below) > AT_ONCE:
        return _hand_on(deployment, actor, found, at, version, takes_over=takes_over)
    made = outcomes(deployment, files, found.jurisdiction, (found.jurisdiction, *below))
    put_in_force(deployment, actor, found, made[0], at, version=version, takes_over=takes_over)
    for outcome in made[1:]:
        put_below(deployment, found, outcome, at)
    return made[0].rulebook.digest


def _hand_on(
    deployment: Deployment, actor: Actor, found: ChangeSet, at: datetime, version: int, *, takes_over: bool
) -> str:
    """Let the worker put a change set in force as soon as it has looked at all that inherit from it."""
    with acting(deployment, actor, at) as act:
        actor.need(*VERBS["publish-change-set"].acts)
        _take_over(act, found, takes_over)
        payload = {"change_set": found.id, "moment": at, "at_once": True}
        asked = Asked(verb="schedule-change-set", actor=actor, version=version, payload=payload)
        seen = act.scoped.change_sets.one(found.id)
        store(act, advance(act.rules(), change_set_file(act, seen), asked, act.at, new_id))
        keep_result(act, seen, Result(PUBLISH, False, "排队等后台发布。", seen.digest, act.at, {RUNNING: True}))
    return ""


def put_in_force(
    deployment: Deployment,
    actor: Actor,
    found: ChangeSet,
    own: Outcome,
    at: datetime,
    *,
    version: int = 0,
    takes_over: bool = False,
    below: Sequence[str] = (),
) -> None:
    """Put a change set in force in its own jurisdiction; the worker goes on with those `below`, who follow."""
    with acting(deployment, actor, at, dated=True) as act:
        actor.need(*VERBS["publish-change-set"].acts)
        seen = act.scoped.change_sets.one(found.id)
        in_force = current_release(act.tx, found.jurisdiction)
        if seen.digest != found.digest or in_force is None or in_force.id != found.base:
            raise Conflict("改动单或者现行规则刚刚有变动，请刷新页面，看过最新情况后再发布。", "CHANGE_SET_CHANGED")
        _take_over(act, seen, takes_over)
        verb = "take-effect" if actor.reason else "publish-change-set"
        payload = {"change_set": found.id, "release": own.rulebook.digest}
        asked = Asked(verb=verb, actor=actor, version=version, payload=payload)
        store(act, advance(act.rules(), change_set_file(act, seen), asked, act.at, new_id))
        _put_out(act, own, found)
        if below:
            told = {"change_set": found.id, "below": list(below)}
            act.jobs([act.new_job(PUBLISH_RULES, f"{PUBLISH_RULES}:{new_id()}", told, act.at)])


def put_below(deployment: Deployment, found: ChangeSet, outcome: Outcome, at: datetime) -> None:
    """Let a jurisdiction that inherits from a change set follow it."""
    with acting(deployment, machinery(outcome.rulebook.id, "随上级规则发布"), at) as act:
        _put_out(act, outcome, found)


def _put_out(act: Act, outcome: Outcome, found: ChangeSet) -> None:
    act.tx.delete(Held, jurisdiction=outcome.rulebook.id)
    by = act.actor.name if not act.actor.reason else "后台发布"
    put_out(act, outcome.rulebook, outcome.files, by, {"change_set": found.id, "title": found.title})


def _take_over(act: Act, found: ChangeSet, takes_over: bool) -> None:
    """Let the rules be kept here from now on; raises KeptInFiles unless that was said, or is so already."""
    if is_kept_here(act.tx, found.jurisdiction):
        return
    if not takes_over and not act.actor.reason:
        raise KeptInFiles("本级规则现由服务器上的文件夹维护。请勾选“今后由网站维护”，再发布。")
    note_source(act, found.jurisdiction, STUDIO, act.actor.account)
