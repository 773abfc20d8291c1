"""A lock that another thread held when the process forked is free in the child; one's own stays one's own."""

import threading

from dying import in_child
from xunfang.locks import Lock


def test_a_forked_child_finds_free_what_another_thread_held() -> None:
    lock, holding, enough = Lock(), threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            holding.set()
            enough.wait(60)

    def use() -> None:
        with lock:
            pass

    holder = threading.Thread(target=hold)
    holder.start()
    assert holding.wait(60)
    assert in_child(use) == 0
    assert not enough.is_set(), "the parent's is still held"
    enough.set()
    holder.join()
    with lock:
        pass


def test_who_forks_while_holding_a_lock_holds_it_in_the_child_too() -> None:
    lock = Lock()

    def entered() -> bool:
        got: list[bool] = []

        def enter() -> None:
            with lock:
                got.append(True)

        other = threading.Thread(target=enter, daemon=True)
        other.start()
        other.join(0.2)
        return bool(got)

    def other_threads_wait() -> None:
        assert not entered()

    with lock:
        assert in_child(other_threads_wait) == 0, "and it is left there without an error"
    assert entered()
