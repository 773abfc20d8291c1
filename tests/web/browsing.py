"""A real Chromium on a real server, with a Chinese font even where the system has none."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pylopdf_fonts_zh_cn
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = os.environ.get("XUNFANG_CHROMIUM", "/usr/bin/chromium")

ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""Beyond this machine there is nobody."""
ARGUMENTS = ("--no-sandbox", "--disable-gpu", ALONE)
"""Without a screen nothing is to be drawn ahead of being asked for: it took a tenth of what a walk takes."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of this machine and yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """Start Chromium; `folder` receives the font settings."""
    settings = folder / "fonts.conf"
    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    settings.write_text(
        f"<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{folder}</cachedir></fontconfig>"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(settings)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, env=environment)
        try:
            yield browser
        finally:
            browser.close()
