"""Photos are made anew in a child: nothing of the original survives but what is to be seen, and no bomb reaches us."""

import io
import re
import resource
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from xunfang.photos import UnreadableError, reencode
from xunfang.photos.child import TOO_LARGE, UNREADABLE
from xunfang.photos.darkroom import USUAL, Darkroom

START = 5.0
"""Seconds of processor time that starting a child may take, before what it may spend on a photo."""

GPS, MAKER, ORIENTATION = 0x8825, 0x010F, 0x0112


def picture(width: int = 80, height: int = 60, kind: str = "JPEG", **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, kind, **more)
    return made.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png(width: int, height: int, *chunks: bytes) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + _chunk(b"IEND", b"")


def _spent_by_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _told(data: bytes) -> str:
    used = _spent_by_children()
    with pytest.raises(UnreadableError) as caught:
        reencode(data)
    assert _spent_by_children() - used <= USUAL.cpu + START
    return str(caught.value)


def test_place_device_and_hidden_data_are_gone() -> None:
    exif = Image.Exif()
    exif[MAKER] = "CANARY-CAMERA"
    exif.get_ifd(GPS)[2] = (36.0, 29.0, 31.0)
    original = picture(exif=exif, comment=b"CANARY-COMMENT") + b"CANARY-TAIL"
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(GPS)
    clean = reencode(original)
    assert b"CANARY" not in clean
    made = Image.open(io.BytesIO(clean))
    assert (made.size, dict(made.getexif())) == ((80, 60), {})


def test_a_photo_taken_upright_stays_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    assert Image.open(io.BytesIO(reencode(picture(exif=exif)))).size == (60, 80)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_kinds_that_phones_send_become_jpeg(kind: str) -> None:
    made = Image.open(io.BytesIO(reencode(picture(kind=kind))))
    assert (made.format, made.size) == ("JPEG", (80, 60))


def test_a_phone_with_two_pictures_in_one_jpeg_is_read() -> None:
    made = io.BytesIO()
    one = Image.new("RGB", (80, 60))
    one.save(made, "MPO", save_all=True, append_images=[one])
    assert Image.open(io.BytesIO(reencode(made.getvalue()))).size == (80, 60)


def test_a_large_photo_is_shrunk() -> None:
    assert max(Image.open(io.BytesIO(reencode(picture(4000, 3000)))).size) == 1600


OTHERS = {
    "nothing": b"",
    "gif": picture(kind="GIF"),
    "tiff": picture(kind="TIFF"),
    "bmp": picture(kind="BMP"),
    "ico": picture(kind="ICO"),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 200,
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
    "html": b"<html><script>alert(1)</script></html>",
    "pdf": b"%PDF-1.7\n",
    "cut-off-head": picture()[:50],
    "cut-off-jpeg": picture(2000, 2000)[:9_000],
    "cut-off-png": picture(500, 500, "PNG")[:-200],
    "only-the-mark": b"\xff\xd8\xff\xe0",
    "noise": bytes(range(256)) * 40,
    "png-without-data": _png(10, 10),
    "png-broken-data": _png(10, 10, _chunk(b"IDAT", b"not zlib")),
}


@pytest.mark.parametrize("name", OTHERS)
def test_anything_else_is_refused_in_words(name: str) -> None:
    assert _told(OTHERS[name]) == UNREADABLE


BOMBS = {
    "144-million-pixels": lambda: picture(12_000, 12_000, "PNG", compress_level=9),
    "a-line-65500-long": lambda: picture(65_500, 1_000, "JPEG"),
    "sizes-that-lie": lambda: _png(2**31 - 1, 2**31 - 1, _chunk(b"IDAT", zlib.compress(b"\0" * 100))),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_what_to_do(name: str) -> None:
    assert _told(BOMBS[name]()) == TOO_LARGE


def test_text_that_unpacks_to_gigabytes_is_refused() -> None:
    packed = zlib.compressobj(9)
    swollen = b"".join(packed.compress(b"A" * (1 << 24)) for _ in range(24)) + packed.flush()
    data = _png(10, 10, _chunk(b"zTXt", b"Comment\0\0" + swollen), _chunk(b"IDAT", zlib.compress(b"\0" * 310)))
    assert _told(data) == UNREADABLE


def test_a_polyglot_keeps_only_its_picture() -> None:
    for tail in (b"PK\x03\x04CANARY", b"<script>CANARY</script>", b"%PDF-1.7 CANARY"):
        clean = reencode(picture() + tail)
        assert clean.startswith(b"\xff\xd8")
        assert b"CANARY" not in clean


@pytest.fixture(params=[{"wall": 0.05}, {"memory": 220_000_000}, {"cpu": 0}], ids=["time", "memory", "processor"])
def guarded(request: pytest.FixtureRequest) -> Iterator[Darkroom]:
    strict = Darkroom(replace(USUAL, **request.param))
    yield strict
    strict.close()


def test_what_costs_too_much_is_stopped_in_words(guarded: Darkroom) -> None:
    heavy = io.BytesIO()
    Image.effect_noise((5_000, 5_000), 60).convert("RGB").save(heavy, "PNG", compress_level=1)
    with pytest.raises(UnreadableError, match=r"[一-鿿]"):
        guarded.reencode(heavy.getvalue())


def test_a_darkroom_goes_on_after_a_killed_photo() -> None:
    darkroom = Darkroom(replace(USUAL, wall=600.0))
    try:
        darkroom.reencode(picture())
        child = darkroom._child._child
        assert child is not None
        child._process.kill()
        child._process.wait()
        assert darkroom.reencode(picture()).startswith(b"\xff\xd8")
    finally:
        darkroom.close()


def test_each_photo_has_a_process_of_its_own_that_can_open_nothing() -> None:
    darkroom = Darkroom()
    try:
        darkroom.reencode(picture())
        child = darkroom._child._child
        assert child is not None
        assert child.refuses_outside
        limits = Path(f"/proc/{child._process.pid}/limits").read_text()
        assert re.search(r"^Max open files +0 +0 ", limits, re.MULTILINE)
    finally:
        darkroom.close()
