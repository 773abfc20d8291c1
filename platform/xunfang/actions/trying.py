"""Trying a draft at its gates 关口: check, scenarios, coverage at once, the replay of past reports by the worker."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.drafting import EDITS, REVIEWS, change_set_file, draft_files, drafted
from xunfang.actions.replaying import replayed_counts
from xunfang.actions.storing import store
from xunfang.casework import Asked, ChangeSet, advance
from xunfang.casework.gates import Result
from xunfang.clock import Now, local_date
from xunfang.errors import Conflict, RulebookError
from xunfang.prove.examined import Examining
from xunfang.prove.gating import checked, covered, not_replayed, rehearsed, replayed
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import Files
from xunfang.store import Job, Transaction, connection, new_id
from xunfang.store.scoped import scoped

MONTHS = 6
"""So many months back reports are replayed."""
_MONTH = timedelta(days=30)


def try_draft(deployment: Deployment, examiner: Examining, actor: Actor, key: str, at: datetime) -> tuple[Result, ...]:
    """Try a draft at every gate that it comes to: after one that it does not pass, the next is not asked.

    Raises NotFound, NotAllowed, TooOften, Conflict where there is nothing to try.
    """
    actor.need(EDITS, REVIEWS)
    with scoped(deployment.database, actor.scope) as reader:
        stored = reader.change_sets.file(key)
        if not stored.change_set.digest:
            raise Conflict("这份改动单还没有改动任何内容。", "NOTHING_CHANGED")
        base = reader.change_sets.base(stored.change_set)
    draft = _Tried(stored.change_set, drafted(base, stored.files), base, at)
    results = []
    for result in draft.results(examiner):
        with acting(deployment, machinery(draft.found.jurisdiction, "试规则草稿"), at) as act:
            _keep(act, draft.found, result)
        results.append(result)
        if not result.passed:
            break
    return tuple(results)


@dataclass(frozen=True, slots=True)
class _Tried:
    """A draft that is being tried."""

    found: ChangeSet
    files: Files
    base: Files
    at: datetime

    def results(self, examiner: Examining) -> Iterator[Result]:
        """Yield what comes of each gate that waits for nothing."""
        name, day, told = self.found.jurisdiction, local_date(self.at), (self.found.digest, self.at)
        yield checked(examiner.examine(self.files, name, day), *told)
        yield rehearsed(examiner.scenarios(self.files, name, day), *told)
        before = examiner.coverage(self.base, name, released=True).coverage
        yield covered(before, examiner.coverage(self.files, name), *told)


def _keep(act: Act, found: ChangeSet, result: Result) -> None:
    payload = {"change_set": found.id, "result": result.kept()}
    asked = Asked(verb="try-change-set", actor=act.actor, payload=payload)
    store(act, advance(act.rules(), change_set_file(act, found), asked, act.at, new_id))


class DraftReplaying:
    """The worker's part: decide the reports of the past months by a draft, beside how they were decided."""

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment = deployment
        self.now = now

    def prepare(self, job: Job) -> Generator[None, None, Result | None]:
        """Return what comes of it; None where the draft is another by now."""
        at, digest = self.now(), str(job.payload["digest"])
        with connection(self.deployment.database, job.jurisdiction) as reader:
            found = reader.find(ChangeSet, str(job.payload["change_set"]))
            if found is None or found.digest != digest:
                return None
            files = draft_files(reader, found)
        try:
            rulebook = compile_rulebook(files, job.jurisdiction)
        except RulebookError as error:
            return not_replayed(error.problems[0].message, digest, at)
        counts = yield from replayed_counts(self.deployment, rulebook, at - MONTHS * _MONTH, at)
        return replayed(counts, MONTHS, digest, at)

    def finish(self, tx: Transaction, job: Job, prepared: Result | None) -> None:
        """Write down what came of it."""
        found = tx.find(ChangeSet, str(job.payload["change_set"]))
        if prepared is not None and found is not None:
            _keep(Act(tx, self.deployment, machinery(job.jurisdiction, "试算规则草稿"), prepared.at), found, prepared)
