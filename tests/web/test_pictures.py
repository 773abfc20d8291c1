"""Photos are made anew: nothing of the original survives but what is to be seen."""

import io

import pytest
from conftest import Town
from PIL import Image

from xunfang.web.pictures import UnreadableError, reencode


def picture(width: int = 80, height: int = 60, kind: str = "JPEG", **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(made, kind, **more)
    return made.getvalue()


def test_place_and_device_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARY-CAMERA"
    clean = reencode(picture(exif=exif))
    assert b"CANARY" not in clean
    assert Image.open(io.BytesIO(clean)).size == (80, 60)


def test_a_large_photo_is_shrunk() -> None:
    assert max(Image.open(io.BytesIO(reencode(picture(4000, 3000)))).size) == 1600


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:50]])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        reencode(data)


def test_a_bomb_is_refused() -> None:
    with pytest.raises(UnreadableError):
        reencode(picture(12_000, 12_000, "PNG", compress_level=9))


def test_a_photo_is_kept_and_shown_to_its_own_unit_only(town: Town) -> None:
    worker = town.client("worker")
    answer = worker.post("/photos", {"photo": (io.BytesIO(picture()), "a.jpg")})
    assert answer.status_code == 201
    path = f"/photos/{answer.json['id']}"
    assert worker.get(path).data.startswith(b"\xff\xd8")
    assert town.client("other-worker").get(path).status_code == 404


def test_what_is_no_photo_says_so(town: Town) -> None:
    upload = {"photo": (io.BytesIO(b"not a photo"), "a.jpg")}
    answer = town.client("worker").post("/photos", upload, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "照片" in answer.json["message"]
