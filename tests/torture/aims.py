"""Where web, worker and main process are killed, and how long one waits for it."""

from datetime import timedelta

FIRST_START = ("file.begun", "key.written", "schema.made")
"""Steps that the very first start of an installation passes."""
WEB = tuple(
    """changes.filed changes.kept changes.recorded changes.promised number.taken events.appended jobs.put act.written
    act.committed reveal.recorded reveal.committed notice.opening attach.kept sign-in.opened file.begun file.written
    file.renamed answer.ready""".split()  # noqa: SIM905
)
WORKER = tuple(
    """job.claiming job.claimed job.prepared job.settled job.effected job.finished job.failing job.freed clock.noted
    notice.numbered notice.printed file.begun file.written file.renamed reconciled act.written act.committed
    events.appended changes.filed changes.kept changes.recorded changes.promised number.taken jobs.put""".split()  # noqa: SIM905
)
STOPPED_AT = ("job.claimed", "job.prepared", "notice.numbered", "notice.printed", "file.written")
"""Where a worker is stopped for longer than its lease: with a job in hand, but no transaction open."""
LEASE = timedelta(minutes=6)
CHECK_EVERY, DAY_EVERY, ZOMBIE_EVERY, LEAP_EVERY, FULL_EVERY = 200, 25, 40, 80, 40
"""After how many kills everything is looked at, days pass, a zombie wakes, the clock leaps, the disk is filled."""
LEAPS = (timedelta(days=60), timedelta(days=-30), timedelta(days=400), timedelta(days=-9000))
"""By how much: ahead, back, beyond the calendar, and to where a clock stands whose battery is empty."""
LEAPT_SECONDS, FULL_SECONDS = 2.5, 2.5
"""For how long, while everybody goes on."""
START_SECONDS = 60.0
"""How long it is waited for those who were just started."""
DISK_MB = 1024
"""How large a disk everything lies on that is kept."""
SERVER_EVERY = 15
"""After how many kills the server of the database is killed, where it has one."""
PASSES = (1, 1, 1, 1, 2, 2, 3, 4, 6, 9)
PATIENCE = (0.1, 0.3, 0.6, 1.0, 1.5)
"""How many seconds may pass before somebody is killed at no step in particular."""
WHOLE_EVERY, WHOLE_KILLS = 50, 25
"""Of so many kills, so many strike the real server with its main process, or those that it keeps."""
WHOLE_SECONDS = 120.0
"""Within so many seconds of the last of them it has to be back, with nobody's help."""
