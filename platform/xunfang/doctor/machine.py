"""Files, disks and fonts: what can be looked at without the database."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from xunfang.ailments import Ailment, parted
from xunfang.printing import missing_faces
from xunfang.settings import Settings
from xunfang.store.disk import beside

GB = 1024**3
_MOST_WANTED, _LEAST_WANTED, _SHARE = 20 * GB, 2 * GB, 10
_FEW_FILES = 10_000


def room(settings: Settings) -> Iterator[Ailment]:
    """Disks on which what is kept soon finds no room, each once, with what lies there."""
    lying: dict[int, list[tuple[str, Path]]] = {}
    for label, path in _kept(settings):
        lying.setdefault(path.stat().st_dev, []).append((label, path))
    for places in lying.values():
        stand = os.statvfs(places[0][1])
        labels = "、".join(dict.fromkeys(label for label, _ in places))
        if stand.f_flag & os.ST_RDONLY:
            yield _shut(labels, places[0][1])
        elif is_short(stand.f_bavail * stand.f_frsize, stand.f_blocks * stand.f_frsize):
            yield _short(labels, places[0][1], f"只剩{stand.f_bavail * stand.f_frsize / GB:.1f}GB")
        elif stand.f_files > 0 and stand.f_favail < _FEW_FILES:
            yield _short(labels, places[0][1], f"只能再放{stand.f_favail}个文件")


def is_short(free: int, total: int) -> bool:
    """Return whether so many bytes free are too few: less than a tenth, though never above 20 GB nor below 2 GB."""
    return free < min(_MOST_WANTED, max(_LEAST_WANTED, total // _SHARE))


def _short(labels: str, place: Path, left: str) -> Ailment:
    advice = "请清理磁盘或扩大容量。磁盘满了，上报、办理都不能保存，只能查看。"
    return Ailment("DISK_SHORT", f"{labels}所在的磁盘（{place}）{left}。", advice)


def _shut(labels: str, place: Path) -> Ailment:
    what = f"{labels}所在的磁盘（{place}）现在只能读，上报、办理都不能保存。"
    advice = "多半是磁盘出了故障，系统把它改成了只读：请看系统日志（dmesg），先把数据原样复制到别处，再修复或更换磁盘。"
    return Ailment("DISK_READ_ONLY", what, advice)


def _kept(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield whatever grows, with the folder it lies in, or that will be made in."""
    file = database_file(settings)
    wanted = [("数据库", file.parent)] if file else []
    wanted += [("文书和照片", settings.files), ("数据目录", settings.root / "var")]
    for label, path in wanted:
        yield label, next(each for each in (path, *path.parents) if each.exists())


def open_to_others(settings: Settings) -> Iterator[Ailment]:
    """Files of database and keys that other accounts of this machine may read."""
    file = database_file(settings)
    kind, _, key = settings.keys.partition(":")
    private = [("数据库", path) for path in (file, *beside(file))] if file else []
    private += [("密钥", Path(key))] if kind == "file" else []
    yield from (_readable(label, path) for label, path in private if _others_may(path))


def password_in_settings(settings: Settings) -> Iterator[Ailment]:
    """Settings that hold a password and that others may read."""
    secret = any(urlsplit(url).password for url in (settings.database, settings.queue))
    if secret and _others_may(settings.file):
        yield _readable("写有数据库密码的设置", settings.file)


def _others_may(path: Path) -> bool:
    return path.is_file() and bool(path.stat().st_mode & 0o077)


def _readable(label: str, path: Path) -> Ailment:
    what = f"{label}文件 {path} 可被本机其他用户读取。"
    return Ailment("FILE_READABLE", what, f"请执行 chmod 600 {path}，并查明是谁、为什么放宽的。")


def fonts(settings: Settings) -> Iterator[Ailment]:
    """Faces without which papers are not printed."""
    for text in missing_faces(settings.fonts_folder, settings.fonts).values():
        yield parted("FONT_MISSING", text)


def database_file(settings: Settings) -> Path | None:
    """Return the file of the database, None where it is a server's."""
    head = "sqlite:///"
    return Path(settings.database.removeprefix(head)) if settings.database.startswith(head) else None
