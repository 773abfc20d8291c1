"""Publishing: the files of a jurisdiction become the immutable release that new cases begin on."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.rulebook.compile import files_of
from xunfang.store import connection, publish_release
from xunfang.store.life import latest_seen, note_seen


def publish(deployment: Deployment, files: Mapping[str, str], at: datetime) -> list[str]:
    """Make the compiled rules of every jurisdiction its current release; returns those that were not so already.

    Where the files are broken nothing is published: that their jurisdiction stands on its last release is recorded.
    """
    changed = []
    for jurisdiction, rulebook in deployment.rulebooks.current.items():
        if jurisdiction in deployment.rulebooks.problems:
            _note_held(deployment, jurisdiction, at)
            continue
        with acting(deployment, machinery(jurisdiction, "发布规则"), at) as act:
            kept = files_of(files, rulebook.chain)
            if publish_release(act.tx, rulebook.digest, jurisdiction, kept, at):
                act.event("release.published", data={"digest": rulebook.digest})
                changed.append(jurisdiction)
    return changed


def _note_held(deployment: Deployment, jurisdiction: str, at: datetime) -> None:
    """Record once for these very problems that a jurisdiction stands on its last release."""
    problems = deployment.rulebooks.problems[jurisdiction]
    digest = hashlib.sha256("\n".join(map(str, problems)).encode()).hexdigest()
    name = f"release.kept:{jurisdiction}:{digest[:16]}"
    with connection(deployment.database) as reader:
        if latest_seen(reader, name) is not None:
            return
    with acting(deployment, machinery(jurisdiction, "沿用规则"), at) as act:
        if latest_seen(act.tx, name) is None:
            note_seen(act.tx, name, at)
            first = f"{problems[0].file}:{problems[0].line}"
            kept = {"digest": deployment.rulebooks.of(jurisdiction).digest, "problems": len(problems), "first": first}
            act.event("release.kept", data=kept)
