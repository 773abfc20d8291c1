"""What a file is, by its bytes and never by its name, and whether it may be opened at all."""

import codecs
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

MB = 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLOCK = 256 * 1024
XLSX, XLS, CSV = "xlsx", "xls", "csv"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CODINGS = ("utf-8", "gb18030")


class SheetRefused(ValueError):
    """A file is not read; the message says why, and what to do, for whoever handed it in."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a workbook may be: bytes as it came and unpacked, how far it may be packed, parts, rows and columns."""

    packed: int = 60 * MB
    unpacked: int = 1000 * MB
    ratio: int = 100
    parts: int = 200
    rows: int = 1_048_576
    columns: int = 256


USUAL = Bounds()
WHOLE = 200 * MB
"""So much, unpacked, may be what cannot be read as it streams by, but lies in memory as a whole."""


def kind_of(data: bytes, bounds: Bounds = USUAL) -> str:
    """Return what a file is: "xlsx", "xls" (as .et is) or "csv"; raises SheetRefused for anything else."""
    if not data:
        raise SheetRefused("这个文件是空的，请重新选择。")
    if len(data) > bounds.packed:
        raise SheetRefused(f"文件超过{bounds.packed // MB}MB。请只留本期的名单，或者分成几份报送。")
    if data.startswith(_ZIP):
        return XLSX
    if data.startswith(_OLE):
        return XLS
    if b"\x00" in data[:4096] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SheetRefused("这不是能识别的表格。请用 Excel 或 WPS 存为 .xlsx、.xls 或 .csv 后再报。")
    return CSV


def scan(data: bytes, bounds: Bounds = USUAL) -> int:
    """Look through a ZIP before anything reads it: its parts, how far they are packed, and what they really hold.

    Returns how much that is. What the directory declares is not believed: every part is unpacked block by block and
    counted. Raises SheetRefused.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            _check_parts(parts, bounds)
            left = bounds.unpacked
            for part in parts:
                left -= sum(_blocks(packed, part, left, bounds))
            return bounds.unpacked - left
    except SheetRefused:
        raise
    except Exception:
        raise SheetRefused("文件已损坏，打不开。请用 Excel 或 WPS 打开后另存一份再报。") from None


def _check_parts(parts: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    names = [part.filename.replace("\\", "/") for part in parts]
    if len(parts) > bounds.parts:
        raise SheetRefused(f"文件里有{len(parts)}个部件，不像一份名单。请把名单复制到新的工作簿再报。")
    if len(set(names)) != len(names) or any(part.flag_bits & 1 for part in parts):
        raise SheetRefused("文件加了密码或者结构有误，打不开。请去掉密码、另存一份再报。")
    if any(".." in name.split("/") or name.startswith("/") for name in names):
        raise SheetRefused("文件结构有误，不能打开。请把名单复制到新的工作簿再报。")
    if any(name.endswith("vbaProject.bin") or "/macrosheets/" in name for name in names):
        raise SheetRefused("文件里有宏，不能打开。请另存为不带宏的 .xlsx 再报。")
    if sum(part.file_size for part in parts) > bounds.unpacked:
        raise too_much(bounds.unpacked)


def _blocks(packed: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, bounds: Bounds) -> Iterator[int]:
    """Yield the sizes of the blocks of a part, as they are really unpacked."""
    held = 0
    with packed.open(part) as stream:
        while block := stream.read(_BLOCK):
            held += len(block)
            if held > left or (held > MB and held > bounds.ratio * max(1, part.compress_size)):
                raise too_much(bounds.unpacked)
            yield len(block)


def too_much(most: int) -> SheetRefused:
    """Return what is told of a file that is more than `most` once it is unpacked."""
    return SheetRefused(
        f"文件解开以后超过{most // MB}MB，或者压缩得异常，不能打开。请把名单复制到新的工作簿，或者分成几份再报。"
    )


def text_of(data: bytes) -> str:
    """Return the text of a CSV: by its mark of order, else UTF-8, else GB 18030; raises SheetRefused for neither."""
    for mark, coding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, coding) or ""
    for coding in CODINGS:
        if (text := _decoded(data, coding)) is not None:
            return text
    raise SheetRefused("认不出这个 .csv 的文字编码。请用 Excel 或 WPS 打开后存为 .xlsx 再报。")


def _decoded(data: bytes, coding: str) -> str | None:
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        return None
