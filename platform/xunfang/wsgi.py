"""The application of a web server process, composed from the settings that the environment names."""

import os
from pathlib import Path

from flask import Flask

from xunfang.app import CONFIG, DEMO, create_app, open_beside
from xunfang.demo.month import demo_logins
from xunfang.garbage import keep_for_good
from xunfang.journal import keep_journal
from xunfang.lifeline import end_with_parent
from xunfang.mishaps import ending_in_words
from xunfang.rulebook.files import read_what_can_be
from xunfang.settings import Settings, read_settings


def configured() -> Settings:
    """Return the settings that the environment names; raises SettingsError."""
    settings = read_settings(Path(os.environ.get(CONFIG, "config.toml")))
    return settings.for_demo() if os.environ.get(DEMO) == "1" else settings


def wsgi() -> Flask:
    """Return the application for a web server process.

    A failure is told at the console as that of a command, and ends this process.
    """
    end_with_parent()
    with ending_in_words(Path(os.environ.get(CONFIG, "config.toml")).resolve().parent):
        settings = configured()
        keep_journal(settings.logs)
        return _served(settings)


def _served(settings: Settings) -> Flask:
    deployment = open_beside(settings)
    demo = os.environ.get(DEMO) == "1"
    logins = demo_logins(deployment, read_what_can_be(settings.root)[0]) if demo else ()
    app = create_app(settings, deployment, tuple(logins))
    keep_for_good()
    deployment.rulebooks.on_compiled = keep_for_good
    return app
