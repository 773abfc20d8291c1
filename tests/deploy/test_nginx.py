"""The shipped settings of nginx, with a real certificate on this machine: only their ports and paths are others."""

import http.client
import http.server
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOST = "xunfang.example.gov.cn"
SECONDS = 60


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that arrived."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *given: object) -> None: ...


@dataclass(frozen=True)
class Front:
    """Where nginx listens, and the certificate that it must show."""

    plain: int
    secure: int
    certificate: Path

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        context = ssl.create_default_context(cafile=str(self.certificate))
        with closing(socket.create_connection(("127.0.0.1", self.secure), SECONDS)) as line:
            line.settimeout(SECONDS)
            with context.wrap_socket(line, server_hostname=HOST) as secured:
                assert secured.version() in ("TLSv1.2", "TLSv1.3")
                asked = http.client.HTTPConnection(HOST)
                asked.sock = secured
                asked.request(method, path, body or None, {"Host": HOST, **headers})
                answer = asked.getresponse()
                return answer.status, answer.read().decode()


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def _certificate(folder: Path) -> Path:
    name = ("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}")
    key = (
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-keyout",
        str(folder / "xunfang.key"),
    )
    made = folder / "xunfang.crt"
    subprocess.run(
        ["openssl", "req", "-x509", *key, *name, "-days", "2", "-out", str(made)], check=True, capture_output=True
    )
    return made


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert nginx, "缺少 nginx：请先运行 make setup-test"
    folder = tmp_path_factory.mktemp("nginx")
    found = Front(_free_port(), _free_port(), _certificate(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        command = [nginx, "-e", str(folder / "error.log"), "-c", str(_settings(folder, found, site.server_port))]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        running = subprocess.Popen(command)
        _await(found.secure)
        yield found
        running.terminate()
        running.wait(SECONDS)
        site.shutdown()


def _settings(folder: Path, front: Front, site: int) -> Path:
    shipped = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for here, there in (
        ("listen 80;", f"listen 127.0.0.1:{front.plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{front.secure} ssl;"),
        ("127.0.0.1:8600", f"127.0.0.1:{site}"),
        ("/etc/nginx/xunfang.", f"{folder}/xunfang."),
    ):
        assert here in shipped
        shipped = shipped.replace(here, there)
    (folder / "site.conf").write_text(shipped, "utf-8")
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {temporary} include {folder}/site.conf; }}\n"
    )
    return folder / "nginx.conf"


def _await(port: int) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx does not listen")


def test_who_comes_without_tls_is_sent_to_the_one_address(front: Front) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", front.plain, timeout=SECONDS)) as asked:
        asked.request("GET", "/login?next=/queue", headers={"Host": "elsewhere.example"})
        answer = asked.getresponse()
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/login?next=/queue")


def test_the_site_hears_who_came_from_nginx_and_not_from_the_visitor(front: Front) -> None:
    status, told = front.ask("GET", "/", **{"X-Forwarded-For": "10.9.9.9"})
    assert status == 200
    assert "X-Forwarded-For: 127.0.0.1\n" in told
    assert "10.9.9.9" not in told
    assert f"Host: {HOST}\n" in told


def test_nothing_older_than_tls_1_2_is_spoken(front: Front) -> None:
    old = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{front.secure}", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
        input="", capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert old.returncode != 0
    assert "Cipher is (NONE)" in old.stdout


def test_more_than_a_submission_may_hold_is_refused_and_a_photo_is_not(front: Front) -> None:
    assert front.ask("POST", "/photos", b"x" * 5_900_000)[0] == 200
    assert front.ask("POST", "/photos", b"x" * 6_400_000)[0] == 413


@pytest.mark.parametrize("path", ["/feeds/hand-in/hospital-bills", "/openings/bring/people", "/studio/begin/package"])
def test_where_lists_and_packages_are_handed_in_more_is_let_through(front: Front, path: str) -> None:
    assert front.ask("POST", path, b"x" * 9_000_000)[0] == 200
    assert front.ask("POST", f"/x{path}", b"x" * 9_000_000)[0] == 413


def test_sign_ins_without_end_are_slowed_down_and_pages_are_not(front: Front) -> None:
    statuses = {front.ask("POST", "/login", b"login=x")[0] for _ in range(30)}
    assert statuses == {200}  # a burst is let through, some of it slowly
    with closing(socket.create_connection(("127.0.0.1", front.plain), SECONDS)):
        assert front.ask("GET", "/")[0] == 200
