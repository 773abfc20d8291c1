"""Workbooks of lists: the empty one of a feed, and a sender's own one back with what is wrong in each row."""

from collections.abc import Iterator
from itertools import chain
from pathlib import PurePath
from typing import Any

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.keeping import kept_file
from xunfang.actions.list_reading import TITLE
from xunfang.errors import FileLost, NotFound
from xunfang.rulebook.model import Feed, Field, Rulebook
from xunfang.rules.feeds import needed
from xunfang.rules.openings import is_opening
from xunfang.sheets.blank import Column, template, with_column
from xunfang.sheets.reading import ReadAnew, Workbook, opened
from xunfang.sheets.sniffing import XLSX, SheetRefused
from xunfang.store.scoped import scoped

_HOW = {
    "resident-id": "18位身份证号，按文本填写，末位是X的写X",
    "identity-paper": "证件号码，按文本填写",
    "phone": "手机号，或者带区号的固定电话",
    "date": "如 2026-03-05",
    "moment": "如 2026-03-05 09:30",
    "number": "只填数字",
    "integer": "只填整数",
    "boolean": "填“是”或“否”",
}
_NOTES = (
    "一人一行，从第2行起填；表头不要改，多出来的列不影响。",
    "身份证号、电话的列已设为文本，请不要改成数字：改成数字的号码会丢失末几位。",
    "橙色的列必须填写。本期没有的，不用交表，在系统里报“本期无新增”。",
)


_OPENING_NOTES = (
    "一行一条，从第2行起填；表头不要改，多出来的列不影响。也可以直接上传原来的表，认不出的列系统会问一次。",
    "身份证号、电话的列已设为文本，请不要改成数字：改成数字的号码会丢失末几位。",
    "橙色的列必须填写。日期写成 2026-03-05。",
)


def blank(rulebook: Rulebook, feed: Feed) -> bytes:
    """Return the empty workbook in which a feed's list is filled in."""
    form = rulebook.forms[feed.row_form]
    must = needed(rulebook, feed)
    columns = [_column(rulebook, heads[0], form.fields[name], name in must) for name, heads in feed.columns.items()]
    each = [f"{column.head}：{column.hint}" for column in columns if column.hint]
    notes = _OPENING_NOTES if is_opening(feed.id) else _NOTES
    return template(feed.label, columns, (*notes, *each))


def _column(rulebook: Rulebook, head: str, field: Field, must: bool) -> Column:
    entries = rulebook.lists[field.list].entries.values() if field.list in rulebook.lists else ()
    options = tuple(entry.label for entry in entries if not entry.retired)
    picked = options if field.kind == "choice" else ()
    hint = _HOW.get(field.kind, "") or ("可填：" + "、".join(options[:30]) if options else field.hint)
    return Column(head, must, picked, hint, field.kind not in ("number", "integer"))


def with_problems(
    deployment: Deployment, actor: Actor, delivery_id: str, *, opening: bool = False
) -> tuple[str, bytes]:
    """Return a unit's own list as it came with a column of what is wrong in each row, and what to call it.

    Of an `opening` balance that was undone it tells too which rows stay, and why. What is no .xlsx, or is made in a
    way of its own, is written anew. Raises NotFound, FileLost.
    """
    with scoped(deployment.database, actor.scope) as seen:
        delivery = seen.deliveries.opening(delivery_id) if opening else seen.deliveries.one(delivery_id)
        if delivery.unit not in (actor.unit, *actor.formerly) or delivery.status in ("received", "asking", "failed"):
            raise NotFound()
        told: dict[int, list[str]] = {}
        people = chain(seen.deliveries.with_problems(delivery), seen.deliveries.that_stay(delivery) if opening else ())
        for person in people:
            told.setdefault(person.line, []).extend(str(words) for _, words in person.told.get("problems", ()))
    words = {line: "；".join(text.rstrip("。") for text in dict.fromkeys(texts)) + "。" for line, texts in told.items()}
    head = delivery.head
    place = (str(head["sheet"]), int(head["last"]), int(head["column"]))
    with opened(_file(deployment, delivery.sha256)) as book:  # which is held by its child alone, from then on
        made = _made(book, place, words)
    return f"{PurePath(delivery.name).stem}-{TITLE}.xlsx", made


def _file(deployment: Deployment, sha256: str) -> bytes:
    data = kept_file(deployment, sha256)
    if data is None:
        raise FileLost("这份名单的文件在服务器上找不到或已损坏。请告诉系统管理员，从备份中恢复文件库。")
    return data


def _made(book: Workbook, place: tuple[str, int, int], words: dict[int, str]) -> bytes:
    sheet, head, column = place
    if book.kind == XLSX:
        try:
            return book.with_column(sheet, head, column, TITLE, words)
        except SheetRefused:
            pass
    try:
        return with_column(_rows(book, sheet), head, column, TITLE, words)
    except ReadAnew:
        return with_column(_rows(book, sheet), head, column, TITLE, words)


def _rows(book: Workbook, sheet: str) -> Iterator[list[Any]]:
    return (row for piece in book.pieces(sheet) for row in piece)
