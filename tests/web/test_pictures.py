"""Photos are taken in one by one and shown to their own unit only."""

import io

from conftest import Town
from PIL import Image


def _picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(made, "JPEG")
    return made.getvalue()


def test_a_photo_is_kept_and_shown_to_its_own_unit_only(town: Town) -> None:
    worker = town.client("worker")
    answer = worker.post("/photos", {"photo": (io.BytesIO(_picture()), "a.jpg")})
    assert answer.status_code == 201
    path = f"/photos/{answer.json['id']}"
    assert worker.get(path).data.startswith(b"\xff\xd8")
    assert town.client("other-worker").get(path).status_code == 404


def test_what_is_no_photo_says_so(town: Town) -> None:
    upload = {"photo": (io.BytesIO(b"not a photo"), "a.jpg")}
    answer = town.client("worker").post("/photos", upload, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert "照片" in answer.json["message"]
