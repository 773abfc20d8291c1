"""Floor 9: composing a deployment from its settings: database, keys, rulebooks, press, worker, web."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask import Flask

from xunfang import clock
from xunfang.actions.deployment import Deployment, Rulebooks
from xunfang.actions.duties import begin_duties
from xunfang.actions.jobs import handlers
from xunfang.actions.leftovers import drop_unsent
from xunfang.actions.operating import keep_house, note_soundness
from xunfang.actions.papers import NoticeOrder
from xunfang.actions.publishing import publish
from xunfang.actions.reminding import reconcile
from xunfang.actions.timekeeping import sure_moment
from xunfang.desk import Readings
from xunfang.errors import Problem, RulebookError
from xunfang.in_force import last_good, rules_in_force
from xunfang.printing import Paper, PrintOrder, missing_faces, print_paper
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import UnreadableError, read_files
from xunfang.rulebook.model import Rulebook
from xunfang.settings import Settings
from xunfang.starting import Store, open_store, read_store
from xunfang.store import is_empty
from xunfang.web import DemoLogin, Site, create_web
from xunfang.worker import Bell, Worker

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
    """Return a deployment ready to be served: schema up to date, keys at hand, rules compiled and published.

    A jurisdiction whose files are broken stands on its last release. Raises RulebookError when none can be served, and
    what `open_store` raises; a trial's own key file is made where nothing was ever kept.
    """
    at = clock.now()
    store = open_store(settings, at)
    rulebooks, files = rules_in_force(settings.root, settings.serves, store.database)
    deployment = _composed(settings, store, rulebooks)
    publish(deployment, files, at)
    return deployment


def open_console(settings: Settings) -> Deployment:
    """Return a deployment for a command that writes one thing: it upgrades nothing and publishes nothing.

    It stands on the rules that were published; before the first start on those in the files. Raises what
    `open_deployment` raises, and SchemaTooOld.
    """
    if not is_empty(settings.database):
        read_store(settings).database.close()
    store = open_store(settings, clock.now())
    released = {name: book for name in settings.serves if (book := last_good(store.database, name, ())[0])}
    missing = tuple(name for name in settings.serves if name not in released)
    if not missing:
        return _composed(settings, store, Rulebooks(store.database, released))
    try:
        books, _ = rules_in_force(settings.root, missing, store.database)
    except RulebookError:
        if not released:
            raise
        books = Rulebooks(store.database, {})
    return _composed(settings, store, Rulebooks(store.database, {**books.current, **released}, books.problems))


def _composed(settings: Settings, store: Store, rulebooks: Rulebooks) -> Deployment:
    return Deployment(
        database=store.database,
        keys=store.keys,
        files=store.files,
        rulebooks=rulebooks,
        ring=Bell(settings.queue).ring,
        access=settings.access,
        uptime=clock.uptime,
    )


def concerns(settings: Settings) -> tuple[str, ...]:
    """Return what should be seen to although the service runs: faces of the press that are missing."""
    return tuple(missing_faces(settings.fonts_folder, settings.fonts).values())


def press_of(settings: Settings, order: NoticeOrder) -> Paper:
    """Print a notice with the deployment's fonts; raises PrintError."""
    return print_paper(
        PrintOrder(
            template=order.template,
            templates=order.templates,
            facts=order.facts,
            layout=order.layout,
            mark=order.mark,
            fonts=settings.fonts,
            font_dir=settings.fonts_folder,
        )
    )


def create_worker(deployment: Deployment, settings: Settings, now: "clock.Now" = clock.now) -> Worker:
    """Return the worker of a deployment."""

    def reconcile_all(at: datetime) -> None:
        note_soundness(deployment, at)
        reconcile(deployment, at)
        begin_duties(deployment, at)
        drop_unsent(deployment, at)
        deployment.files.clear_leftovers(at - LEFTOVERS_KEPT)

    sure = partial(sure_moment, deployment.database, now, deployment.uptime)
    made = handlers(deployment, partial(press_of, settings), sure)
    return Worker(
        deployment.database, made, now, reconcile_all, uptime=deployment.uptime, upkeep=partial(keep_house, deployment)
    )


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
        concerns=partial(concerns, settings),
        gateways=settings.gateways,
    )
    return create_web(site)
