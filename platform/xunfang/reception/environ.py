"""A request as WSGI applications know it (PEP 3333), and the answer they give, whole."""

import io
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from xunfang.reception.bodies import Body
from xunfang.reception.refusals import Answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_JOINED = {"cookie": "; "}


def headers_of(scope: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a request; those sent several times are joined.

    Names with an underscore are left out: as WSGI writes them they could not be told from those with a hyphen.
    """
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if "_" not in name:
            found[name] = f"{found[name]}{_JOINED.get(name, ',')}{value}" if name in found else value
    return found


def environ_of(scope: Mapping[str, Any], headers: Mapping[str, str], body: Body) -> dict[str, Any]:
    """Return the WSGI environment of a request whose body is there already."""
    server, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server),
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str((scope.get("client") or ("",))[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body.content),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    environ |= named | {"CONTENT_TYPE": headers.get("content-type", ""), "CONTENT_LENGTH": str(body.length)}
    for double in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"):
        environ.pop(double, None)
    return environ


def answer_of(app: "WSGIApplication", environ: dict[str, Any]) -> Answer:
    """Run the application and return its whole answer: a slow reader keeps bytes waiting, not a thread."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], _failed: Any = None) -> Callable[[bytes], object]:
        begun[:] = [(status, headers)]
        return written.append

    parts = app(environ, start)
    try:
        written += parts
    finally:
        _close(parts)
    ((status, headers),) = begun
    sent = tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers)
    return Answer(int(status.partition(" ")[0]), sent, b"".join(written))


def _close(parts: Iterable[bytes]) -> None:
    if callable(close := getattr(parts, "close", None)):
        close()
