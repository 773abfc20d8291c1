"""A county in whose studio drafts are changed: its people, its examiner, and a draft they begin."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from conftest import JURISDICTION, Person, Town, open_town
from flask import Flask
from flask.testing import FlaskClient

from xunfang.prove.examined import Below, Covering, Examined, Rehearsed, Shown
from xunfang.rulebook.files import Files
from xunfang.rulebook.model import Rulebook

EDITOR = Person("editor", "task-force", ("rule-editor",))


class Trusting:
    """Takes every draft for one that compiles; what a real one finds is tested with the checking."""

    def examine(self, files: Files, jurisdiction: str, day: date, whose: str = "") -> Examined:
        return Examined((), digest="trusted")

    def scenarios(self, files: Files, jurisdiction: str, day: date) -> Rehearsed:
        return Rehearsed()

    def coverage(self, files: Files, jurisdiction: str, *, released: bool = False) -> Covering:
        return Covering()

    def show(self, files: Files, jurisdiction: str, rule: str = "") -> Shown:
        return Shown()

    def below(self, files: Files, layer: str, served: Mapping[str, Files], day: date) -> tuple[Below, ...]:
        return ()


def trusting(town: Town) -> Town:
    """Let a town take every draft for one that compiles."""
    town.app.extensions["xunfang"] = replace(town.app.extensions["xunfang"], examiner=Trusting())
    return town


@contextmanager
def drafting(folder: Path, rulebook: Rulebook, web: Flask, *people: Person) -> Iterator[Town]:
    """Open a town that takes every draft for one that compiles, with these people."""
    town = trusting(open_town(folder, {JURISDICTION: rulebook}, people, web))
    yield town
    town.deployment.database.close()


def begun(browser: FlaskClient, title: str) -> str:
    """Begin a change set, and return its address."""
    return browser.post("/studio/begin/change-set", {"title": title}).headers["Location"].partition("?")[0]


def files(town: Town, at: str, login: str) -> Files:
    """Return the files of the draft at an address as it stands now."""
    found: Files = town.app.extensions["xunfang"].readings.studio.drafted(town.actor(login), at.split("/")[2]).files
    return found
