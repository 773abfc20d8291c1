"""What a kind of job needs from whoever knows how to do it."""

from typing import Any, Protocol

from xunfang.store import Job, Transaction


class Handler(Protocol):
    """Carries out one kind of job, in two parts."""

    @property
    def brief(self) -> bool:
        """Whether there is no slow part: several such jobs of a jurisdiction are then done in one transaction."""
        ...

    def prepare(self, job: Job) -> Any:
        """Do the slow part outside any transaction, and return what the effect needs.

        What takes long is done in pieces: it yields after each, which renews the lease, and returns at its end. It may
        run again after a crash, so it must leave nothing behind that matters. Raises Hopeless when trying again cannot
        help.
        """
        ...

    def finish(self, tx: Transaction, job: Job, prepared: Any) -> None:
        """Write the effect. It happens exactly once: the same transaction marks the job done."""
        ...


def described(error: Exception) -> str:
    """Return what may be kept of a failure: the sentence of an error made for people, else its kind and place only.

    The text of any other error may hold a person's data, and the list of parked jobs must not.
    """
    message = getattr(error, "message", "")
    if isinstance(message, str) and message:
        return message
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__}（{place}）"
