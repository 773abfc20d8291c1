"""Commands that run: serve (the web, and the worker beside it) and work (a worker alone)."""

import argparse
import ipaddress
import os
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from functools import partial
from itertools import groupby
from typing import Any

from xunfang import clock
from xunfang.actions.deployment import Deployment
from xunfang.app import CONFIG, DEMO, create_worker, open_beside, open_deployment, press_of
from xunfang.cli.alone import OnlyServer, among_workers
from xunfang.cli.port import open_port
from xunfang.cli.systemd import READY, STOPPING, Systemd
from xunfang.demo.month import load_demo
from xunfang.doctor import examine_machine
from xunfang.errors import Refused
from xunfang.garbage import keep_for_good
from xunfang.in_force import described
from xunfang.journal import keep_journal
from xunfang.lifeline import PARENT, Companion, end_with_parent
from xunfang.mishaps import told
from xunfang.reception import open_door
from xunfang.rulebook.files import read_what_can_be
from xunfang.settings import Settings, read_settings
from xunfang.store import look_over, refuse_broken
from xunfang.web import DemoLogin
from xunfang.worker import bell_at, run_worker

LOOK_SECONDS = 15.0
"""How long the database is looked over before the first request; what is left the worker looks at."""


def add_commands(commands: Any) -> None:
    """Add this group's commands to the command line."""
    serve = commands.add_parser("serve", help="启动网站（并按设置启动后台作业进程）")
    serve.add_argument("--host", default="127.0.0.1", help="监听地址，默认只在本机")
    serve.add_argument("--port", type=int, default=8600)
    serve.add_argument("--demo", action="store_true", help="演示：另用一套数据，首次运行时造一年的虚构数据；只能在本机")
    serve.set_defaults(run=_serve)
    work = commands.add_parser("work", help="只启动后台作业进程")
    work.add_argument("--demo", action="store_true", help="办理演示数据的作业")
    work.set_defaults(run=_work)


def _settings(given: argparse.Namespace) -> Settings:
    settings = read_settings(given.config)
    return settings.for_demo() if given.demo else settings


def _serve(given: argparse.Namespace) -> int:
    systemd = Systemd()
    handed = systemd.port()
    if handed:
        given.host, given.port = handed.getsockname()[:2]
    if given.demo and not ipaddress.ip_address(given.host).is_loopback:
        raise Refused("演示带有公开的登录密码，只能监听本机地址（127.0.0.1）。", "DEMO_ON_LOOPBACK_ONLY")
    settings = _settings(given)
    with ExitStack() as held:
        alone = OnlyServer(settings.database, f"http://{given.host}:{given.port}/")
        held.callback(alone.give_back)
        listening = held.enter_context(handed or open_port(given.host, given.port))
        _serve_on(given, settings, listening, systemd)
        if handed:
            open_door(handed.fileno())  # who comes now waits for the next server
    return 0


def _serve_on(given: argparse.Namespace, settings: Settings, listening: socket.socket, systemd: Systemd) -> None:
    """Check and prepare everything, and keep web and worker running until somebody asks this process to end."""
    print("正在检查规则、准备数据库……", flush=True)
    deployment = open_deployment(settings)
    _tell(settings, deployment)
    logins = _demo(settings) if given.demo else ()
    deployment.database.close()
    environment = {
        **os.environ, CONFIG: str(settings.file), DEMO: "1" if given.demo else "0", PARENT: str(os.getpid())
    }  # fmt: skip
    ending = _on_request()
    handle = listening.fileno()
    companions = [Companion(_command(given, "web", "--fd", str(handle)), environment, (handle,))]
    if settings.with_worker:
        companions.append(Companion(_command(given, "work", *(["--demo"] if given.demo else [])), environment))
    _announce(given, logins)
    systemd.tell(READY)
    ending.wait()
    systemd.tell(STOPPING)
    _stop(companions)


def _tell(settings: Settings, deployment: Deployment) -> None:
    """Look over the database, and say at the console what should be seen to although the service starts.

    Raises Damaged when a page of the database is not whole.
    """
    refuse_broken(look_over(deployment.database, LOOK_SECONDS))
    for text in (*described(deployment.rulebooks).values(), *examine_machine(settings)):
        print(text, file=sys.stderr, flush=True)


def _on_request() -> threading.Event:
    """Return what is set when this process is asked to end."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ending.set())
    return ending


def _stop(companions: list[Companion]) -> None:
    for companion in companions:
        companion.ask_to_end()
    for companion in companions:
        companion.stop()


def _command(given: argparse.Namespace, *words: str) -> list[str]:
    return [sys.executable, "-m", "xunfang", "--config", str(given.config), *words]


def _demo(settings: Settings) -> tuple[DemoLogin, ...]:
    deployment = open_deployment(settings)
    found: list[DemoLogin] = []
    files, _ = read_what_can_be(settings.root)
    for jurisdiction, rulebook in deployment.rulebooks.current.items():
        print(f"准备 {rulebook.info.name} 的演示数据……", flush=True)
        try:
            found += load_demo(deployment, files, jurisdiction, clock.now(), partial(press_of, settings), whole=True)
        except Refused as error:  # one jurisdiction's script must not keep the others from being shown
            print(f"{jurisdiction} 的演示没有做成：{told(error)}", file=sys.stderr, flush=True)
    deployment.database.close()
    return tuple(found)


def _announce(given: argparse.Namespace, logins: tuple[DemoLogin, ...]) -> None:
    print(f"\n寻访已启动：http://{given.host}:{given.port}/    （按 Ctrl+C 停止）")
    if logins:
        wide = max(len(login.login) for login in logins) + 2
        for place, group in groupby(logins, key=lambda login: login.jurisdiction):
            print(f"演示账号（{place}）：")
            for login in group:
                print(f"  {login.login:<{wide}}{login.password:<14}{login.role}")
    sys.stdout.flush()


def _work(given: argparse.Namespace) -> int:
    end_with_parent()
    settings = _settings(given)
    keep_journal(settings.logs)
    with among_workers(settings.database):
        deployment = open_beside(settings)
        worker = create_worker(deployment, settings)
        keep_for_good()
        deployment.rulebooks.on_compiled = keep_for_good
        run_worker(worker, bell_at(settings.queue))
    return 0
