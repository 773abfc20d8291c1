"""Files that were kept: given out whole, or it is on record that they are not."""

from datetime import datetime

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.errors import FileLost, NotFound
from xunfang.store import FileMissing, SealBroken
from xunfang.store.scoped import scoped

PHOTO = "image/jpeg"
"""What a photo is once it was made harmless."""


def kept_file(deployment: Deployment, sha256: str) -> bytes | None:
    """Return the content of a kept file, None when it is gone or broken."""
    try:
        return deployment.files.get(sha256)
    except (FileMissing, SealBroken, OSError):
        return None


def open_photo(deployment: Deployment, actor: Actor, attachment_id: str, at: datetime) -> bytes:
    """Return the bytes of a photo in sight; raises NotFound, FileLost when its file is gone or broken.

    Sheets and printouts lie beside photos, each with a door of its own at which it is noted who takes it along.
    """
    with scoped(deployment.database, actor.scope) as seen:
        attachment = seen.attachment(attachment_id)
    if attachment.media_type != PHOTO:
        raise NotFound()
    content = kept_file(deployment, attachment.sha256)
    if content is None:
        with acting(deployment, actor, at) as act:
            act.event("attachment.missing", data={"attachment": attachment.id})
        raise FileLost("这张照片的文件在服务器上找不到或已损坏。请告诉系统管理员，从备份中恢复文件库。")
    return content
