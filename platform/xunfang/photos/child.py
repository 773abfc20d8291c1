"""The child process that decodes photos and writes them anew; it can open no file, reach no network, start nothing."""

import io
import resource
from collections.abc import Mapping
from typing import Any

from xunfang.confinement import Answer, serve

LONGEST = 1600
MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
UNREADABLE = "这不是能识别的照片，请选择JPG、PNG或WebP格式的照片。"
TOO_LARGE = "这张照片超过5000万像素，请在手机上调低分辨率后重拍，或换一张。"
_ORIENTATION = 0x0112
_SMALLEST = 60
"""A mark is not made smaller than this, in pixels, to be of fewer bytes."""


def _prepare(_: Mapping[str, Any]) -> Any:
    from PIL import Image, MpoImagePlugin

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    assert MpoImagePlugin  # what some phones call JPEG
    for kind in FORMATS:  # so that Pillow loads all it needs while files can still be opened
        _anew({}, _sample(kind))
        _anew({"longest": LONGEST, "most": MAX_PIXELS}, _sample(kind))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return _anew


def _sample(kind: str) -> bytes:
    from PIL import Image

    exif, made = Image.Exif(), io.BytesIO()
    exif[_ORIENTATION] = 6
    Image.new("RGB", (4, 2)).save(made, kind, exif=exif)
    return made.getvalue()


def _anew(asked: Mapping[str, Any], data: bytes) -> Answer:
    from PIL import Image

    try:
        return _mark(data, int(asked["longest"]), int(asked["most"])) if "most" in asked else _developed(data)
    except Image.DecompressionBombError:
        return Answer({"problem": TOO_LARGE})
    except Exception:
        return Answer({"problem": UNREADABLE})


def _developed(data: bytes) -> Answer:
    from PIL import Image, ImageOps

    picture = Image.open(io.BytesIO(data), formats=FORMATS)
    if picture.width * picture.height > MAX_PIXELS:
        return Answer({"problem": TOO_LARGE})
    picture.draft("RGB", (LONGEST, LONGEST))
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST, LONGEST))
    upright.info.clear()  # or the comment of the original would be saved along
    made = io.BytesIO()
    upright.save(made, "JPEG", quality=82, optimize=True)
    return Answer({}, made.getvalue())


def _mark(data: bytes, longest: int, most: int) -> Answer:
    """Return a mark anew, as small as it is asked for: what lets the paper through stays so."""
    from PIL import Image, ImageOps

    picture = Image.open(io.BytesIO(data), formats=FORMATS)
    if picture.width * picture.height > MAX_PIXELS:
        return Answer({"problem": TOO_LARGE})
    clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    upright = ImageOps.exif_transpose(picture).convert("RGBA" if clear else "RGB")
    upright.info.clear()
    while True:
        upright.thumbnail((longest, longest))
        kind, made = _smallest(upright, photo=picture.format == "JPEG" and not clear)
        if len(made) <= most or longest < _SMALLEST:
            return Answer({"kind": kind, "width": upright.width, "height": upright.height}, made)
        longest = longest * 3 // 4


def _smallest(picture: Any, *, photo: bool) -> tuple[str, bytes]:
    made = io.BytesIO()
    if photo:
        picture.save(made, "JPEG", quality=85, optimize=True)
    else:
        picture.save(made, "PNG", optimize=True)
    return ("jpeg" if photo else "png"), made.getvalue()


if __name__ == "__main__":
    raise SystemExit(serve(_prepare, apart=True))
