"""Publishing a change set 改动单: its jurisdiction and all that inherit from it get new rules, or nobody does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from xunfang.actions.abandoning import abandoned
from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.drafting import authors_told, change_set_file, draft_files
from xunfang.actions.publishing import put_out
from xunfang.actions.rule_source import STUDIO, is_kept_here, note_source
from xunfang.actions.storing import store
from xunfang.casework import VERBS, Asked, ChangeSet, advance
from xunfang.clock import Now
from xunfang.errors import Conflict, Problem, Refused, RulebookError
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Held, Job, Transaction, connection, current_release, new_id, release_files


class KeptInFiles(Refused):
    """The rules of a jurisdiction are kept in files, and nobody has said that this is to change."""

    status = 409
    code = "RULES_IN_FILES"


@dataclass(frozen=True, slots=True)
class Outcome:
    """New rules of one jurisdiction, compiled, with the files that they were compiled from."""

    rulebook: Rulebook
    files: Mapping[str, str]


def outcomes(deployment: Deployment, files: Mapping[str, str], jurisdiction: str) -> list[Outcome]:
    """Return what a draft makes of its own jurisdiction, and of every one served here that inherits from it.

    Raises RulebookError with the problems of all of them, and with what would stand on divisions that are no more.
    """
    problems: list[Problem] = []
    found: list[Outcome] = []
    for name, whole in (  # its own first
        (jurisdiction, dict(files)),
        *_below(deployment, files, jurisdiction),
    ):
        try:
            book = compile_rulebook(whole, name)
        except RulebookError as error:
            problems += error.problems
            continue
        problems += abandoned(deployment.database, book)
        found.append(Outcome(book, whole))
    if problems:
        raise RulebookError(problems)
    return found


def _below(deployment: Deployment, files: Mapping[str, str], layer: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every jurisdiction below a layer, with the files of its release in which that layer is the draft's."""
    own = {path: text for path, text in files.items() if path.split("/")[1] == layer}
    for name, book in deployment.rulebooks.current.items():
        if name == layer or layer not in book.chain:
            continue
        with connection(deployment.database, name) as reader:
            release = current_release(reader, name)
        if release is not None:
            kept = {path: text for path, text in release_files(release).items() if path.split("/")[1] != layer}
            yield name, {**kept, **own}


def publish_change_set(
    deployment: Deployment, actor: Actor, key: str, at: datetime, *, version: int = 0, takes_over: bool = False
) -> str:
    """Put an approved change set in force, and return the release that it became.

    `takes_over`: from now on the rules are kept here and no more in the folder. Raises KeptInFiles without it where
    they are kept in files, NotFound, NotAllowed, Conflict, and RulebookError where the rules of anybody would break.
    """
    with acting(deployment, actor, at) as act:
        found = act.scoped.change_sets.one(key)
        if found.status not in ("approved", "waiting"):
            raise Conflict("复核通过的改动单才能发布。", "NOT_REVIEWED")
        files = draft_files(act.tx, found)
    made = outcomes(deployment, files, found.jurisdiction)
    own, below = made[0], made[1:]
    with acting(deployment, actor, at, dated=True) as act:
        actor.need(*VERBS["publish-change-set"].acts)
        seen = act.scoped.change_sets.one(key)
        in_force = current_release(act.tx, found.jurisdiction)
        if seen.digest != found.digest or in_force is None or in_force.id != found.base:
            raise Conflict("改动单或者现行规则刚刚有变动，请刷新页面，看过最新情况后再发布。", "CHANGE_SET_CHANGED")
        _take_over(act, seen, takes_over)
        verb = "take-effect" if actor.reason else "publish-change-set"
        payload = {"change_set": key, "release": own.rulebook.digest}
        asked = Asked(verb=verb, actor=actor, version=version, payload=payload)
        store(act, advance(act.rules(), change_set_file(act, seen), asked, act.at, new_id))
        _put_out(act, own, found)
    for outcome in below:
        with acting(deployment, machinery(outcome.rulebook.id, "随上级规则发布"), at) as act:
            _put_out(act, outcome, found)
    return own.rulebook.digest


def _put_out(act: Act, outcome: Outcome, found: ChangeSet) -> None:
    act.tx.delete(Held, jurisdiction=outcome.rulebook.id)
    by = act.actor.name if not act.actor.reason else "定时发布"
    put_out(act, outcome.rulebook, outcome.files, by, {"change_set": found.id, "title": found.title})


def _take_over(act: Act, found: ChangeSet, takes_over: bool) -> None:
    """Let the rules be kept here from now on; raises KeptInFiles unless that was said, or is so already."""
    if is_kept_here(act.tx, found.jurisdiction):
        return
    if not takes_over and not act.actor.reason:
        raise KeptInFiles("本级规则现由服务器上的文件夹维护。请勾选“今后由网站维护”，再发布。")
    note_source(act, found.jurisdiction, STUDIO, act.actor.account)


class RulePublishing:
    """The worker's part: put an approved change set in force at its moment, or say why it was not."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment = deployment
        self.now = now

    def prepare(self, job: Job) -> None:
        """Publish, in transactions of its own: whoever dies after them finds a change set that waits no more."""
        key, actor = str(job.payload["change_set"]), machinery(job.jurisdiction, "定时发布规则")
        with connection(self.deployment.database, job.jurisdiction) as reader:
            found = reader.find(ChangeSet, key)
        if found is None or found.status != "waiting" or found.effective_at != job.run_at:
            return
        try:
            publish_change_set(self.deployment, actor, key, self.now(), takes_over=True)
        except Refused as refused:
            self._hold(actor, found, refused.message)
        except RulebookError as error:
            self._hold(actor, found, f"{error.problems[0]}")

    def _hold(self, actor: Actor, found: ChangeSet, why: str) -> None:
        with acting(self.deployment, actor, self.now()) as act:
            payload = {"change_set": found.id, "why": why, "tell": authors_told(act, found)}
            asked = Asked(verb="hold-change-set", actor=actor, payload=payload)
            store(act, advance(act.rules(), change_set_file(act, found), asked, act.at, new_id))

    def finish(self, tx: Transaction, job: Job, prepared: None) -> None:
        """Everything is done already."""
