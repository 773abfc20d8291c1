"""Publishing: the files of a jurisdiction, or an earlier release of it, become what new cases begin on."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Actor, Deployment, machinery
from xunfang.casework.handling import need_reason
from xunfang.errors import Conflict, Problem, Refused
from xunfang.rulebook.compile import files_of
from xunfang.rulebook.model import Rulebook
from xunfang.store import (
    Held,
    Reader,
    ReleaseLine,
    connection,
    publish_release,
    put_in_force,
    release_line,
    release_lines,
    set_aside,
)
from xunfang.store.releases import renew_scenarios

_LEAST_LETTERS = 6
"""By so many letters of its digest, at least, a release may be named."""


def publish(
    deployment: Deployment, files: Mapping[str, str], at: datetime, by: str = "", despite: str = ""
) -> list[str]:
    """Make the compiled rules of every jurisdiction its current release; returns those that were not so already.

    Where the files are broken nothing is published: that their jurisdiction stands on its last release is recorded, and
    what is wrong is kept for its administrators. `by`: who does it, if it is not done by a start;
    `despite`: why, though scenarios fail.
    """
    changed = []
    for jurisdiction in {**deployment.rulebooks.current, **deployment.rulebooks.problems}:
        if jurisdiction in deployment.rulebooks.problems:
            _note_held(deployment, jurisdiction, at)
        elif _publish(deployment, jurisdiction, files, at, by, despite):
            changed.append(jurisdiction)
    return changed


def _publish(
    deployment: Deployment, jurisdiction: str, files: Mapping[str, str], at: datetime, by: str, despite: str
) -> bool:
    rulebook = deployment.rulebooks.of(jurisdiction)
    with acting(deployment, machinery(jurisdiction, "发布规则"), at) as act:
        act.tx.delete(Held, jurisdiction=jurisdiction)
        return put_out(act, rulebook, files, by, {"despite": despite} if despite else {})


def put_out(act: Act, rulebook: Rulebook, files: Mapping[str, str], by: str, why: Mapping[str, str]) -> bool:
    """Make compiled rules the current release of their jurisdiction, in an act; returns False for what was it already.

    Scenarios are part of no digest: where nothing else differs they are kept with the release that is in force.
    """
    kept = files_of(files, rulebook.chain)
    if not publish_release(act.tx, rulebook.digest, rulebook.id, kept, act.at, by):
        renew_scenarios(act.tx, rulebook.digest, kept)
        return False
    act.event("release.published", data={"digest": rulebook.digest, **_told(act, rulebook.digest, by), **why})
    return True


def _told(act: Act, digest: str, by: str) -> dict[str, str]:
    line = release_line(act.tx, digest)
    assert line is not None
    return {"edition": line.label, **({"console": by} if by else {})}


def _note_held(deployment: Deployment, jurisdiction: str, at: datetime) -> None:
    """Record once for these very problems that a jurisdiction stands on its last release, or on none at all."""
    problems = deployment.rulebooks.problems[jurisdiction]
    digest = hashlib.sha256("\n".join(map(str, problems)).encode()).hexdigest()
    with connection(deployment.database, jurisdiction) as reader:
        if _is_known(reader, jurisdiction, digest):
            return
    with acting(deployment, machinery(jurisdiction, "沿用规则"), at) as act:
        if _is_known(act.tx, jurisdiction, digest):
            return
        act.tx.delete(Held, jurisdiction=jurisdiction)
        act.tx.insert(
            Held(jurisdiction=jurisdiction, at=at, digest=digest, problems=[_kept(each) for each in problems])
        )
        first = f"{problems[0].file}:{problems[0].line}"
        in_force = deployment.rulebooks.current.get(jurisdiction)
        kept = {"digest": in_force.digest if in_force else "", "problems": len(problems), "first": first}
        act.event("release.kept" if in_force else "release.missing", data=kept)


def _is_known(reader: Reader, jurisdiction: str, digest: str) -> bool:
    found = reader.find(Held, jurisdiction)
    return found is not None and found.digest == digest


def _kept(problem: Problem) -> dict[str, object]:
    told = asdict(problem)
    del told["severity"]
    return told


def release_named(reader: Reader, jurisdiction: str, named: str) -> ReleaseLine:
    """Return the release of a jurisdiction that its number (3, 第3版) or the beginning of its digest names.

    Raises Refused for one that does not exist.
    """
    lines = release_lines(reader, jurisdiction)
    bare = named.removeprefix("第").removesuffix("版")
    if bare.isdecimal() and (found := [line for line in lines if line.number == int(bare)]):
        return found[0]
    if len(named) >= _LEAST_LETTERS and (found := [line for line in lines if line.id.startswith(named)]):
        return found[0]
    known = "、".join(f"第{line.number}版" for line in lines[:5]) or "还没有发布过"
    raise Refused(
        f"{jurisdiction} 没有“{named}”这一版规则。最近的有：{known}；全部用 xunfang releases 查看。", "RELEASE_UNKNOWN"
    )


def roll_back(
    deployment: Deployment,
    jurisdiction: str,
    to: ReleaseLine,
    at: datetime,
    by: str = "",
    actor: Actor | None = None,
    reason: str = "",
) -> ReleaseLine:
    """Put an earlier release in force again, and return the one that gives way to it; nothing of either is lost.

    New cases begin on it from the next page on; open ones stay on theirs. `by`: who does it at the console; an `actor`
    is somebody signed in, who says why. Raises Conflict for the one in force, RulebookError for one that this program
    does not understand, NotAllowed, Invalid.
    """
    deployment.rulebooks.release(to.id)
    if actor:
        need_reason(reason, "退回的理由")
    whoever = actor or machinery(jurisdiction, "退回规则")
    with acting(deployment, whoever, at, "review-rules" if actor else "") as act:
        was = next((line for line in release_lines(act.tx, jurisdiction) if line.current), None)
        if was is None or was.id == to.id:
            raise Conflict(f"{to.label}就是现行规则，没有改动。", "RELEASE_IN_FORCE")
        put_in_force(act.tx, jurisdiction, to.id)
        if to.number < was.number:
            set_aside(act.tx, was.id, at)
        why = {"reason": reason.strip()} if reason else {}
        data = {"digest": to.id, "was_digest": was.id, "was_edition": was.label, **_told(act, to.id, by), **why}
        act.event("release.rolled_back", data=data)
    return was
