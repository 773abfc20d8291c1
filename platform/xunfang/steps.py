"""Named steps of durable work, so that a test can end the process at each of them exactly as a power cut would."""

import os
import signal
from collections.abc import Mapping
from itertools import count

STEPS: Mapping[str, str] = {
    "key.written": "the secret lies beside its place, which is still empty",
    "key.rewritten": "other secrets lie beside those in use, which are still in their place",
    "keys.noted": "a new key seals, nothing of before is wanted sealed anew",
    "keys.resealed": "a piece is sealed anew, not committed",
    "keys.withdrawing": "it is noted that nothing lies under the older keys, which are still in their place",
    "schema.made": "tables and guards are made, their version is not",
    "upgrade.sealed": "what an older version held in clear is sealed, not committed",
    "upgrade.committed": "an older database is brought up to date, its old bytes still lie on the disk",
    "upgrade.cleared": "the old bytes are gone, that they are is not noted",
    "changes.filed": "the forms of a change are written, nothing that follows from them is",
    "changes.kept": "the rows of a change are written, its events are not",
    "changes.recorded": "the events of a change are written, its jobs and messages are not",
    "changes.promised": "the jobs of a change are put, its messages are not",
    "number.taken": "a number is taken from its series",
    "events.appended": "events are at the end of the chain, others may follow",
    "jobs.put": "the jobs of one change are put",
    "act.written": "an act is written whole, not committed",
    "act.committed": "an act is committed, the bell not rung",
    "reveal.recorded": "who looks and why is written, not committed",
    "reveal.committed": "who looked is on record; the value was not shown",
    "notice.opening": "the opening of a paper is on record; the paper was not shown",
    "attach.kept": "a photo is in the file store, no row names it",
    "sign-in.opened": "a session is written, not committed",
    "account.changed": "an account is changed, its sessions still run",
    "password.changed": "a password is changed, the other sessions still run",
    "job.claiming": "a claim of jobs is written, not committed",
    "job.claimed": "jobs are claimed, none is begun",
    "job.renewed": "a piece of long work is done and the lease begun anew, the rest is not done",
    "job.prepared": "the slow part is done, the effect is not",
    "job.settled": "a job is marked done, its effect not yet written",
    "job.effected": "the effect is written, not committed",
    "job.finished": "the effect stands; the worker has not looked further",
    "job.failing": "a failed job is given back, not committed",
    "job.freed": "the leases of the dead are ended, not committed",
    "clock.noted": "the latest moment is noted, not committed",
    "papers.signing": "one of several papers is signed, the others are not",
    "notice.numbered": "a paper has its number if it may have one, it is not printed",
    "notice.printed": "a paper is printed, not kept",
    "file.begun": "half of a file is on the disk",
    "file.written": "a file is whole, under a name of passage",
    "file.renamed": "a file has its name, the folder may not know it yet",
    "backup.copied": "the database is copied beside itself, nothing lies in the folder of backups",
    "backup.filed": "a file is in a backup, others may follow",
    "backup.written": "a backup is written whole, under a name of passage",
    "backup.named": "a backup has its name; that it was made is not noted, those of before are all there",
    "backup.dropping": "an older backup has a name of passage again, its files are still there",
    "restore.filled": "database and files are back and whole, the settings are not, so that nothing starts there",
    "leaving.copied": "the rows of a jurisdiction lie in a database of their own, nothing in the folder that goes",
    "leaving.filed": "a file of a jurisdiction that leaves is in its folder, others may follow",
    "arriving.filed": "the files of a jurisdiction that arrives are kept, no row names them",
    "rows.carried": "a piece of the rows of a jurisdiction is written in another database, others may follow",
    "arriving.written": "the rows of a jurisdiction that arrives are there, that they are is not committed",
    "rows.removed": "a piece of the rows of a jurisdiction is removed, others may follow",
    "removing.written": "rows and files of a jurisdiction are removed, that they are is not committed",
    "list.kept": "a list of a department is in the file store, no row names it",
    "export.recorded": "that a ledger is taken along is on record, not committed",
    "export.dropped": "a sheet that waited long enough is taken off the shelf, not committed; its file lies there",
    "export.committed": "that a ledger is taken along is on record; the sheet was not handed out",
    "printout.printed": "a ledger or the sheet of a board is printed, not kept",
    "minutes.printed": "the minutes of a sitting are printed, not kept",
    "circular.printed": "a circular is printed, not kept",
    "roll.made": "workbook and paper of a roster are in the file store, no row names them",
    "reconciled": "the jobs are compared with the state, that it was done is not noted",
    "answer.ready": "an answer is made, nothing of it is sent",
}
"""Every step there is, and how things stand when a process dies at it."""


class _Aim:
    """What is to strike where, and how often the step was passed so far."""

    def __init__(self, at: str, blow: signal.Signals) -> None:
        self.step, _, nth = at.partition(":")
        self.nth, self.blow, self.passes = int(nth or 1), blow, count(1)


_aim = _Aim(os.environ.get("XUNFANG_KILL_AT", ""), signal.SIGKILL)


def aim(at: str, blow: signal.Signals = signal.SIGKILL) -> None:
    """Let the first (or n-th) pass of `<step>` (or `<step>:<n>`) strike this process; an empty text lets it live."""
    global _aim
    _aim = _Aim(at, blow)


def reached(step: str) -> None:
    """Mark a step; what was aimed at it strikes here."""
    if step == _aim.step and next(_aim.passes) == _aim.nth:
        os.kill(os.getpid(), _aim.blow)
