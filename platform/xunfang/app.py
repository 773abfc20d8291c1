"""Floor 6: composing a deployment from its settings: database, keys, rulebooks, press, worker, web."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask

from xunfang import clock
from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.actions.entering import WAIT
from xunfang.actions.opening import BREACH, REMIND
from xunfang.actions.papers import NoticeIssuing, NoticeOrder
from xunfang.actions.paperwork import ISSUE
from xunfang.actions.publishing import publish
from xunfang.actions.reminding import BreachRecording, Reminding, reconcile
from xunfang.actions.waiting import WaitEnding
from xunfang.errors import Problem, RulebookError
from xunfang.printing import Paper, PrintOrder, print_paper
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import UnreadableError, read_files
from xunfang.rulebook.model import Rulebook
from xunfang.settings import Settings, read_settings
from xunfang.store import FileKeys, FileStore, Keys, key_provider, open_database, upgrade
from xunfang.web import DemoLogin, Readings, Site, create_web
from xunfang.worker import Bell, Handler, Worker

CONFIG = "XUNFANG_CONFIG"
DEMO = "XUNFANG_DEMO"
PRODUCT = "寻访"
LEFTOVERS_KEPT = timedelta(days=1)
"""Halves of files are left by writers that died; a day later nobody can still be writing them."""


def rule_files(root: Path) -> dict[str, str]:
    """Return the rule files below a deployment's folder; raises RulebookError for one that cannot be read."""
    try:
        return read_files(root)
    except UnreadableError as error:
        raise RulebookError(error.problems) from None


def compile_all(files: Mapping[str, str], jurisdictions: tuple[str, ...]) -> dict[str, Rulebook]:
    """Return the rulebook of each jurisdiction; raises RulebookError with the problems of all of them at once."""
    found: dict[str, Rulebook] = {}
    problems: list[Problem] = []
    for jurisdiction in jurisdictions:
        try:
            found[jurisdiction] = compile_rulebook(files, jurisdiction)
        except RulebookError as error:
            problems += error.problems
    if problems:
        raise RulebookError(problems)
    return found


def open_deployment(settings: Settings) -> Deployment:
    """Return a deployment ready for use: rules compiled and published, schema up to date, keys at hand.

    Raises RulebookError, KeysUnusable, SchemaTooNew; a trial's own key file is made when it is missing.
    """
    files = rule_files(settings.root)
    rulebooks = compile_all(files, settings.serves)
    provider = key_provider(settings.keys)
    if isinstance(provider, FileKeys):
        provider.create()
    keys = Keys(provider)
    _make_folder(settings.database)
    database = open_database(settings.database)
    upgrade(database, keys, clock.now())
    bell = Bell(settings.queue)
    deployment = Deployment(
        database=database,
        keys=keys,
        files=FileStore(settings.files, keys),
        rulebooks=Rulebooks(database, rulebooks),
        ring=bell.ring,
        access=settings.access,
    )
    publish(deployment, files, clock.now())
    return deployment


def _make_folder(url: str) -> None:
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def press_of(settings: Settings, order: NoticeOrder) -> Paper:
    """Print a notice with the deployment's fonts; raises PrintError."""
    return print_paper(
        PrintOrder(
            template=order.template,
            templates=order.templates,
            facts=order.facts,
            layout=order.layout,
            fonts=settings.fonts,
            font_dir=settings.fonts_folder,
        )
    )


def handlers(deployment: Deployment, settings: Settings, now: "clock.Now") -> dict[str, Handler]:
    """Return what carries out each kind of job."""
    return {
        ISSUE: NoticeIssuing(deployment, partial(press_of, settings), now),
        REMIND: Reminding(deployment, now),
        BREACH: BreachRecording(deployment, now),
        WAIT: WaitEnding(deployment, now),
    }


def create_worker(deployment: Deployment, settings: Settings, now: "clock.Now" = clock.now) -> Worker:
    """Return the worker of a deployment."""

    def reconcile_all(at: datetime) -> None:
        reconcile(deployment, at)
        deployment.files.clear_leftovers(at - LEFTOVERS_KEPT)

    return Worker(deployment.database, handlers(deployment, settings, now), now, reconcile_all)


def create_app(settings: Settings, deployment: Deployment, demo: tuple[DemoLogin, ...] = ()) -> Flask:
    """Return the web application of a deployment."""
    first = next(iter(deployment.rulebooks.current.values()))
    alone = len(deployment.rulebooks.current) == 1  # before anybody signs in, no one jurisdiction speaks for several
    site = Site(
        deployment=deployment,
        readings=Readings(deployment),
        now=clock.now,
        brand=first.info.brand if alone else PRODUCT,
        hotline=first.info.hotline if alone else "",
        https=settings.https,
        address=settings.address,
        demo=demo,
    )
    return create_web(site)


def configured() -> Settings:
    """Return the settings that the environment names; raises SettingsError."""
    settings = read_settings(Path(os.environ.get(CONFIG, "config.toml")))
    return settings.for_demo() if os.environ.get(DEMO) == "1" else settings


def wsgi() -> Flask:
    """Return the application for a web server process, from the settings that the environment names."""
    from xunfang.cli.demo import demo_logins
    from xunfang.cli.lifeline import end_with_parent

    end_with_parent()
    settings = configured()
    deployment = open_deployment(settings)
    logins = demo_logins(deployment, rule_files(settings.root)) if os.environ.get(DEMO) == "1" else ()
    return create_app(settings, deployment, tuple(logins))
