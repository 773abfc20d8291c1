"""A small deployment in good health, with a hand for whatever may befall it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cli.fresh import COUNTY, laid_out, settings_in
from databases import address
from store import world
from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.ailments import Ailment
from xunfang.app import open_deployment
from xunfang.clock import parse
from xunfang.doctor import examine
from xunfang.rulebook.model import Rulebook
from xunfang.rules.units import instances
from xunfang.settings import Settings
from xunfang.store import Account, Heartbeat, Release, transaction
from xunfang.store.life import BACKUP, beat

ROOT = Path(__file__).parents[2]
NOW = parse("2026-06-10T10:00:00+08:00")
"""Before October, so that no calendar is missing."""


@dataclass
class Ward:
    """One installation under the doctor's eyes."""

    folder: Path
    settings: Settings
    deployment: Deployment

    @property
    def rulebook(self) -> Rulebook:
        return self.deployment.rulebooks.of(COUNTY)

    def ailments(self, **later: float) -> list[Ailment]:
        """Return what is found so much later, but for a disk that is really short on this machine."""
        found = examine(self.settings, self.deployment, NOW + timedelta(**later))
        return [each for each in found if each.code != "DISK_SHORT"]

    def codes(self, **later: float) -> set[str]:
        return {each.code for each in self.ailments(**later)}

    def go_by(self, **change: Any) -> None:
        """Let the jurisdiction go by rules that are changed so."""
        book = replace(self.rulebook, **change)
        self.deployment = replace(self.deployment, rulebooks=Rulebooks(self.deployment.database, {COUNTY: book}))

    def tell(self, name: str, note: str = "", **later: float) -> None:
        """Let a part of the machinery give a sign of life."""
        with transaction(self.deployment.database, "") as tx:
            beat(tx, name, NOW + timedelta(**later), note)

    def forget(self, name: str) -> None:
        """Let a part of the machinery never have given a sign of life."""
        with transaction(self.deployment.database, "") as tx:
            tx.delete(Heartbeat, name=name)

    def leave(self, unit: str) -> None:
        """Let everybody leave a unit."""
        with transaction(self.deployment.database, "") as tx:
            tx.update(Account, {"unit": unit}, {"state": "disabled"})

    def task(self, unit: str, due_days: int) -> None:
        """Let a unit hold a task that is due so many days from now."""
        with transaction(self.deployment.database, COUNTY) as tx:
            made = world.case(tx, "9999", jurisdiction=COUNTY)
            due = NOW + timedelta(days=due_days) - world.NOW
            world.task(tx, made, unit, due)
            tx.update(Release, {"id": f"digest-{COUNTY}"}, {"current": False})


def healthy(folder: Path) -> Ward:
    """Return an installation of which nothing is to be said."""
    laid_out(folder)
    (folder / "var").mkdir()
    (folder / "var" / "fonts").symlink_to(ROOT / "var" / "fonts")
    with (folder / "config.toml").open("a", encoding="utf-8") as file:
        file.write(f'[database]\nurl = "{address(folder / "var", "xunfang.db")}"\n')
    settings = settings_in(folder)
    ward = Ward(folder, settings, replace(open_deployment(settings), uptime=None))
    for name in ("worker", "reconciler", BACKUP):
        ward.tell(name)
    with transaction(ward.deployment.database, "") as tx:
        for unit in (unit for kind in ward.rulebook.units for unit in instances(ward.rulebook, kind)):
            tx.insert(_somebody(unit))
        office = next(role.id for role in ward.rulebook.roles.values() if "administer" in role.may)
        tx.insert(replace(_somebody(unit), id="administrator", login="administrator", roles=(office,)))
    return ward


def _somebody(unit: str) -> Account:
    return Account(
        id=f"of-{unit}", login=f"of-{unit}", name="甲", password_hash="", jurisdiction=COUNTY, unit=unit,
        roles=("crew-member",), created_at=NOW,
    )  # fmt: skip
