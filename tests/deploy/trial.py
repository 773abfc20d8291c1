"""`make bundle-try`: an archive is installed where there is no network at all, serves and prints.

The archive is unpacked into a folder of its own; everything after that happens in a network namespace that has the
loopback and nothing else, without anything of this folder's own environment.
"""

import argparse
import http.cookiejar
import json
import os
import re
import socket
import subprocess
import sys
import tarfile
import time
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
COUNTY, CLERK, PASSWORD = "370304-boshan", "yibao", "Xunfang#2021"
START_SECONDS, SECONDS = 900, 120
UNWELL = {"FONT_MISSING", "FILE_READABLE", "DATABASE_DAMAGED", "WORKER_SILENT", "RULES_HELD", "RULES_UNUSABLE"}
"""What must not be the matter with a fresh installation."""


def say(text: str) -> None:
    print(text, flush=True)


def newest() -> Path:
    """Return the archive that was made last for this machine."""
    found = sorted(
        (ROOT / "var" / "bundles").glob(f"*-{os.uname().machine}-*.tar"), key=lambda path: path.stat().st_mtime
    )
    if not found:
        raise SystemExit("没有给本机的安装包，请先 make bundle。")
    return found[-1]


def apart(bundle: Path, folder: Path) -> int:
    """Do the rest in a namespace without any network, with nothing of the environment; returns how it ended."""
    here = ("unshare", "--map-root-user", "--net", "--", sys.executable, "-I", __file__, "--inside", str(folder))
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    return subprocess.run([*here, "--bundle", str(bundle)], env=environment, check=False).returncode


def without_network() -> None:
    """Bring up the loopback, and make sure that there is nothing else."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in lines] == ["lo"], lines
    assert not Path("/proc/net/route").read_text().splitlines()[1:]


class Installed:
    """The installation, and somebody who looks at it."""

    def __init__(self, folder: Path) -> None:
        self.program, self.deployment = folder / "opt", folder / "srv"
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            self.site = f"http://127.0.0.1:{taken.getsockname()[1]}"
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def command(self, *words: str) -> list[str]:
        command = self.program / "current" / "venv" / "bin" / "xunfang"
        return [str(command), "--config", str(self.deployment / "config.toml"), *words]

    def told(self, *words: str, well: bool = True) -> str:
        done = subprocess.run(
            self.command(*words), stdout=subprocess.PIPE, text=True, timeout=START_SECONDS, check=well
        )
        return done.stdout

    def get(self, path: str, form: dict[str, str] | None = None) -> bytes:
        body = urllib.parse.urlencode(form).encode() if form else None
        with self._browser.open(f"{self.site}{path}", body, SECONDS) as answer:
            return bytes(answer.read())

    def page(self, path: str) -> str:
        return self.get(path).decode()

    def wait(self, server: "subprocess.Popen[bytes]") -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and server.poll() is None:
            try:
                if self.get("/healthz"):
                    return
            except OSError:
                time.sleep(0.5)
        raise SystemExit("装好以后没有启动起来")

    def sign_in(self) -> None:
        token = re.search(r'name="csrf" value="([^"]+)"', self.page("/login"))
        assert token
        self.get("/login", {"csrf": token[1], "login": CLERK, "password": PASSWORD})

    def paper(self) -> bytes:
        """Return the first paper that whoever signed in may open."""
        for case in dict.fromkeys(re.findall(r'href="(/cases/[0-9a-f]+)[/"?]', self.page("/cases/"))):
            for paper in re.findall(r'href="(/papers/[0-9a-f]+\.pdf)', self.page(case)):
                return self.get(paper)
        raise SystemExit("一份文书也没有")


def inside(bundle: Path, folder: Path) -> None:
    """Install, serve, sign in, open a paper, ask for what is not well, and end."""
    without_network()
    found = Installed(folder)
    places = ("--program", str(found.program), "--deployment", str(found.deployment), "--data", str(folder / "data"))
    for _ in range(2):  # it may be done again
        subprocess.run([str(bundle / "install"), "--plain", *places], check=True)
    settings = found.deployment / "config.toml"
    served = re.sub(r"(?m)^serves = .*$", f'serves = ["{COUNTY}"]', settings.read_text("utf-8"))
    settings.write_text(served, "utf-8")
    say(found.told("check", COUNTY).splitlines()[-1])
    server = subprocess.Popen(
        found.command("serve", "--demo", "--port", found.site.rpartition(":")[2]), stdout=subprocess.DEVNULL
    )
    try:
        found.wait(server)
        found.sign_in()
        pdf = found.paper()
        assert pdf.startswith(b"%PDF-"), pdf[:20]
        say(f"登录后打开一份文书：{len(pdf)} 字节")
        ailments = json.loads(found.told("doctor", "--demo", "--json", well=False))
        for each in ailments["findings"]:
            say(f"体检：{each['code']}：{each['message']}")
        assert not {"FONT_MISSING", "DATABASE_DAMAGED", "WORKER_SILENT"} & {
            each["code"] for each in ailments["findings"]
        }
    finally:
        server.terminate()
        ended = server.wait(60)
    assert ended == 0, ended
    say("没有网络的机器上：装好、启动、登录、文书、体检都试过了。")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bundle", type=Path)
    parser.add_argument("--inside", type=Path)
    given = parser.parse_args()
    if given.inside:
        inside(given.bundle, given.inside)
        return 0
    archive = given.bundle or newest()
    with TemporaryDirectory(prefix="xunfang-try-") as name:
        with tarfile.open(archive) as tar:
            tar.extractall(name, filter="data")
        (unpacked,) = Path(name).iterdir()
        say(f"试装 {archive.name}")
        return apart(unpacked, Path(name))


if __name__ == "__main__":
    sys.exit(main())
