"""Nothing outside is read: neither a file nor a connection, by whichever way it is asked for."""

import base64
import socket
import threading
from pathlib import Path

import pytest
import weasyprint
from weasyprint.urls import FatalURLFetchingError

from xunfang.printing.fetching import NothingOutside

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WAYS = [
    '<img src="{}">',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<style>@import "{}";</style>',
    '<style>@font-face{{font-family:x;src:url("{}")}} p{{font-family:x}}</style><p>甲</p>',
    '<style>p{{background:url("{}")}}</style><p>甲</p>',
    '<style>p::before{{content:url("{}")}}</style><p>甲</p>',
    '<style>li{{list-style-image:url("{}")}}</style><li>甲</li>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<svg><image href="{}" width="9" height="9"/></svg>',
    '<svg><use href="{}#x"/></svg>',
    '<base href="{}"><img src="x.png">',
    '<img srcset="{} 2x">',
    '<picture><source srcset="{}"><img></picture>',
    '<input type="image" src="{}">',
    '<video poster="{}"></video>',
    '<iframe src="{}"></iframe>',
    '<body background="{}">甲',
    '<table background="{}"><tr><td>甲</td></tr></table>',
    '<p style="background:url({})">甲</p>',
    '<p style="border-image:url({}) 1">甲</p>',
    '<p style="mask:url({});cursor:url({}),auto">甲</p>',
    "<style>@import url({}) print;</style>",
    '<style>@page{{background:url("{}")}}</style><p>甲</p>',
    '<style>@page{{@top-left{{content:url("{}")}}}}</style><p>甲</p>',
    '<style>p{{background:image-set("{}" 1x)}}</style><p>甲</p>',
    '<style>@color-profile --x{{src:url("{}")}} p{{color:color(--x 1)}}</style><p>甲</p>',
    '<link rel="icon" href="{}"><link rel="preload" href="{}">',
    '<a rel="attachment" href="{}">甲</a>',
    '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{}" width="9" height="9"/></svg>',
    '<svg><style>@import "{}";</style><rect fill="url({})" width="9" height="9"/></svg>',
    '<svg><foreignObject><img src="{}"></foreignObject></svg>',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='{}'/></svg>\">",
    '<object type="text/html" data="{}"></object>',
    '<meta http-equiv="refresh" content="0;url={}">',
    '<?xml-stylesheet href="{}"?><p>甲</p>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "{}">]><p>&e;</p>',
]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_a_file_or_a_server_is_closed(tmp_path: Path, way: str) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PIXEL)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        calls: list[bool] = []
        listener.settimeout(0.02)
        for address in (secret.as_uri(), f"http://127.0.0.1:{listener.getsockname()[1]}/x.png"):
            watcher = threading.Thread(target=_watch, args=(listener, calls))
            watcher.start()
            pdf = _printed(way.replace("{{", "{").replace("}}", "}").replace("{}", address))
            watcher.join()
            assert not calls
            assert PIXEL[:40] not in pdf
            assert b"EmbeddedFile" not in pdf


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "FILE:///etc/passwd", "http://127.0.0.1/", "https://localhost/", "ftp://127.0.0.1/x",
        "//x/y", "data:text/css,p{}", "data:image/svg+xml;base64,AAAA", "asset:seal", "/etc/passwd", "",
        "jar:file:///x", "about:blank",
    ],
)  # fmt: skip
def test_addresses_other_than_pictures_are_refused(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        NothingOutside().fetch(address)


def test_a_picture_given_as_data_is_read() -> None:
    address = "data:image/png;base64," + base64.b64encode(PIXEL).decode()
    assert NothingOutside().fetch(address).read() == PIXEL


def _watch(listener: socket.socket, calls: list[bool]) -> None:
    try:
        listener.accept()[0].close()
        calls.append(True)
    except TimeoutError:
        return


def _printed(html: str) -> bytes:
    try:
        pdf: bytes = weasyprint.HTML(string=html, url_fetcher=NothingOutside()).write_pdf(uncompressed_pdf=True)
    except FatalURLFetchingError:
        return b""
    return pdf


def test_another_kind_of_file_under_the_name_of_a_picture_is_refused() -> None:
    svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
    for head in ("data:image/png;base64,", "data:image/jpeg;base64,"):
        with pytest.raises(FatalURLFetchingError):
            NothingOutside().fetch(head + svg)
