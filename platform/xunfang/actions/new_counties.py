"""A new jurisdiction as a package 新县区的规则包: put beside the others by whoever deploys; nothing is live."""

from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.drafting import EDITS
from xunfang.actions.rule_packages import Package, packed
from xunfang.rulebook.files import Files
from xunfang.store.installation import installation_of


def county_package(deployment: Deployment, actor: Actor, layer: str, name: str, files: Files, at: datetime) -> bytes:
    """Return the rules of a new jurisdiction as a package; that it was taken along is recorded. Raises NotAllowed."""
    with acting(deployment, actor, at, EDITS) as act:
        own = installation_of(act.tx)
        act.event("county.packaged", data={"layer": layer, "name": name, "files": len(files)})
    title, why = f"新建{name}的规则", "由“新建县区”做成。"
    return packed(Package(layer, title, why, (), own.id if own else "", files, {}, ()))
