"""The web process: started by `serve`, with the socket that `serve` opened; ends with it."""

import argparse
import asyncio
import logging
import os
import sys
from typing import Any

from xunfang.actions.hashing import AT_ONCE
from xunfang.journal import note
from xunfang.reception import Bodies, Lane, Reception, serve_on
from xunfang.web.bodies import large_bodies
from xunfang.web.lanes import ALIVE, ENTERING, PAGES, PHOTOS, STUDIO, VOUCHING, WATCHING, lane_of
from xunfang.web.measures import measures_of
from xunfang.wsgi import wsgi

_TURN_SECONDS = 0.0005
"""How long a thread computes on while another has got its answer from the database, and others wait for that one."""

SIGNING_IN = "现在同时登录的人较多，系统还没有核对您的密码。请稍等片刻再试。"
SIGNING_IN_THERE = "统一身份认证现在应答很慢，这次没有登录。请稍后再试；有本系统用户名和密码的，可以直接登录。"
DRAFTING = "现在修改、检查规则的人较多，这一步没有做，已经保存的不会丢失。请稍等片刻再试。"
UPLOADING = "现在上传照片的人较多，这张照片没有收下。请稍等片刻再试。"


def add_commands(commands: Any) -> None:
    """Add the command that `serve` starts; it is not for people, so the help does not list it."""
    web = commands.add_parser("web")
    web.add_argument("--fd", type=int, required=True)
    web.set_defaults(run=_answer)


def lanes() -> dict[str, Lane]:
    """Return the threads for each kind of work. Pages are Python and share one processor, so few threads serve best."""
    return {
        ALIVE: Lane(ALIVE, 1),
        WATCHING: Lane(WATCHING, 1, queue=10, seconds=10.0),
        PAGES: Lane(PAGES, 4),
        ENTERING: Lane(ENTERING, AT_ONCE + 1, queue=100, seconds=10.0, crowded=SIGNING_IN),
        VOUCHING: Lane(VOUCHING, 3, queue=50, seconds=15.0, crowded=SIGNING_IN_THERE),
        STUDIO: Lane(STUDIO, 3, queue=100, seconds=30.0, crowded=DRAFTING),
        PHOTOS: Lane(PHOTOS, 2, queue=100, seconds=30.0, crowded=UPLOADING),
    }


def _answer(given: argparse.Namespace) -> int:
    sys.setswitchinterval(_TURN_SECONDS)
    app = wsgi()

    def turned_away(code: str) -> None:
        measures_of(app).refused(code)
        note("request", code)

    async def serving() -> None:
        bodies = Bodies(larger=large_bodies(app))
        await serve_on(given.fd, Reception(app, lanes(), lane_of, bodies, turned_away))

    asyncio.run(serving())
    logging.shutdown()
    os._exit(0)  # a thread that is late with its answer is not waited for any longer
