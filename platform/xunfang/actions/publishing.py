"""Publishing: the files of a jurisdiction become the immutable release that new cases begin on."""

from collections.abc import Mapping
from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.rulebook.compile import files_of
from xunfang.store import publish_release


def publish(deployment: Deployment, files: Mapping[str, str], at: datetime) -> list[str]:
    """Make the compiled rules of every jurisdiction its current release; returns those that were not so already."""
    changed = []
    for jurisdiction, rulebook in deployment.rulebooks.current.items():
        with acting(deployment, machinery(jurisdiction, "发布规则"), at) as act:
            kept = files_of(files, rulebook.chain)
            if publish_release(act.tx, rulebook.digest, jurisdiction, kept, at):
                act.event("release.published", data={"digest": rulebook.digest})
                changed.append(jurisdiction)
    return changed
