"""Photos: taken in one at a time, made harmless, shown only to those who may see where they belong."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, make_response, request

from xunfang.actions.keeping import open_photo
from xunfang.actions.reading import attach
from xunfang.errors import FieldProblem, Invalid
from xunfang.photos import UnreadableError, reencode
from xunfang.web.guard import actor, site

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

photos = Blueprint("photos", __name__)


@photos.post("/photos")
def add() -> Response:
    """Take in one photo and answer its id."""
    upload: FileStorage | None = request.files.get("photo")
    if upload is None:
        raise Invalid([FieldProblem("photo", "没有收到照片。")], "没有收到照片，请重新选择。")
    try:
        clean = reencode(upload.stream.read())
    except UnreadableError as problem:
        raise Invalid([FieldProblem("photo", str(problem))], str(problem)) from None
    id = attach(site().deployment, actor(), "photo.jpg", "image/jpeg", clean, site().now())
    return make_response(jsonify(id=id), 201)


@photos.get("/photos/<id>")
def show(id: str) -> Response:
    """Return one photo, when the person may see it."""
    data = open_photo(site().deployment, actor(), id, site().now())
    return Response(data, mimetype="image/jpeg", headers={"Content-Disposition": "inline"})
