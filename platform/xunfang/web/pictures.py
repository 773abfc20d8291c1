"""Making a photo harmless: decoded and written anew in a child process with little memory and little time."""

import subprocess
import sys

LONGEST = 1600
MAX_PIXELS = 50_000_000
SECONDS = 15
MEMORY = 1 << 30


class UnreadableError(ValueError):
    """The bytes are no photo we accept; the message is for the person."""


def reencode(data: bytes) -> bytes:
    """Return a photo as a fresh JPEG, at most 1600 pixels long, without place, time or device in it.

    Raises UnreadableError for anything but a JPEG, PNG or WebP of a reasonable size.
    """
    command = [sys.executable, "-I", "-c", CHILD, str(LONGEST), str(MAX_PIXELS), str(MEMORY)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False, env={})
    except subprocess.TimeoutExpired:
        raise UnreadableError("这张照片处理超时，请换一张。") from None
    if done.returncode != 0 or not done.stdout.startswith(b"\xff\xd8"):
        raise UnreadableError("这不是能识别的照片，请选择JPG、PNG或WebP格式的照片。")
    return done.stdout


CHILD = """
import io, resource, sys
longest, pixels, memory = (int(text) for text in sys.argv[1:4])
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
from PIL import Image, ImageOps
Image.MAX_IMAGE_PIXELS = pixels
picture = Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("JPEG", "PNG", "WEBP"))
if picture.width * picture.height > pixels:
    sys.exit(3)
picture.draft("RGB", (longest, longest))
picture = ImageOps.exif_transpose(picture).convert("RGB")
picture.thumbnail((longest, longest))
made = io.BytesIO()
picture.save(made, "JPEG", quality=82, optimize=True)
sys.stdout.buffer.write(made.getvalue())
"""
