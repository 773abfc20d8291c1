"""A report counted anew while it is filled in: what nobody touched follows, what was typed stays, changes are named."""

from xunfang.web.forms import Change, recounted


def test_what_nobody_touched_follows_and_what_was_typed_stays() -> None:
    typed = {"found": ("3",), "closed": ("5",), "visited": ("",), "reporter": ("钱明",), "given": ("7",)}
    before = {"found": "3", "closed": "2", "given": "7", "reporter": "周倩"}
    now = {"found": ("4",), "closed": ("4",), "visited": ("9",), "given": ("7",), "reporter": ("周倩",)}
    entries, changes = recounted(typed, before, now)
    assert entries == {**typed, "found": ("4",), "visited": ("9",)}
    assert changes == (Change("found", "3", "4"), Change("closed", "2", "4", "5"), Change("visited", "", "9"))


def test_a_number_that_was_emptied_is_said_to_be_empty() -> None:
    entries, changes = recounted({"found": ("",)}, {"found": "3"}, {"found": ("4",)})
    assert (entries, changes) == ({"found": ("",)}, (Change("found", "3", "4", "空"),))
