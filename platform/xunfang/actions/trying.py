"""Trying a draft at its gates 关口: check, scenarios, coverage at once; the replay of past reports by the worker."""

from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.actions.drafting import EDITS, REVIEWS, change_set_file, drafted
from xunfang.actions.storing import store
from xunfang.casework import Asked, ChangeSet, advance
from xunfang.casework.gates import LEAST_MONTHS, MONTHS, MOST_MONTHS, Result
from xunfang.errors import Conflict
from xunfang.prove.examined import Examining
from xunfang.prove.gating import tried_out
from xunfang.store import connection, current_release, new_id, release_files
from xunfang.store.scoped import scoped


def try_draft(
    deployment: Deployment, examiner: Examining, actor: Actor, key: str, at: datetime, months: int = MONTHS
) -> tuple[Result, ...]:
    """Try a draft at every gate that it comes to: after one that it does not pass, the next is not asked.

    The reports of so many `months` are replayed at last. Raises NotFound, NotAllowed, TooOften, Conflict where there is
    nothing to try.
    """
    actor.need(EDITS, REVIEWS)
    with scoped(deployment.database, actor.scope) as reader:
        stored = reader.change_sets.file(key)
        if not stored.change_set.digest:
            raise Conflict("这份改动单还没有改动任何内容。", "NOTHING_CHANGED")
        base = reader.change_sets.base(stored.change_set)
    found, results = stored.change_set, list[Result]()
    served = _inheriting(deployment, found.jurisdiction)
    given = (drafted(base, stored.files), base, found.jurisdiction, found.digest, at, served)
    for result in tried_out(examiner, *given):
        with acting(deployment, machinery(found.jurisdiction, "试规则草稿"), at) as act:
            keep_result(act, found, result, min(max(months, LEAST_MONTHS), MOST_MONTHS))
        results.append(result)
        if not result.passed:
            break
    return tuple(results)


def _inheriting(deployment: Deployment, layer: str) -> dict[str, dict[str, str]]:
    """Return the files that each jurisdiction goes by which inherits from a layer."""
    found = {}
    for name, book in deployment.rulebooks.current.items():
        if name != layer and layer in book.chain:
            with connection(deployment.database, name) as reader:
                release = current_release(reader, name)
            if release is not None:
                found[name] = release_files(release)
    return found


def keep_result(act: Act, found: ChangeSet, result: Result, months: int = MONTHS) -> None:
    """Keep what came of a gate for a draft; `months` are those of the replay that may follow."""
    payload = {"change_set": found.id, "result": result.kept(), "months": months}
    asked = Asked(verb="try-change-set", actor=act.actor, payload=payload)
    store(act, advance(act.rules(), change_set_file(act, found), asked, act.at, new_id))
