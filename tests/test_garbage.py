"""What stays is looked through no more, and what comes later still is."""

import gc
import weakref

from xunfang.garbage import keep_for_good


class Knot:
    """Something that only the collector can take away."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_there_is_kept_and_what_comes_later_is_taken_away() -> None:
    before, kept = gc.get_freeze_count(), Knot()
    keep_for_good()
    assert gc.get_freeze_count() > before
    assert not any(each is kept for each in gc.get_objects())
    later = weakref.ref(Knot())
    gc.collect()
    assert later() is None
