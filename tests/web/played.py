"""A site over a town in which things were done before anybody opens a page."""

from pathlib import Path

from conftest import Town as Served

from actions.town import Town, compiled
from xunfang.desk import Readings
from xunfang.rulebook.model import Rulebook
from xunfang.web.application import create_web
from xunfang.web.site import Site


def played(folder: Path, rulebook: Rulebook | None = None) -> tuple[Town, Served]:
    """Return a town and the site that serves it; the caller closes its database."""
    town = Town(folder, rulebook or compiled())
    app = create_web(Site(town.deployment, Readings(town.deployment), town.now, brand="测试平台"))
    return town, Served(app=app, deployment=town.deployment, at=town.at)
