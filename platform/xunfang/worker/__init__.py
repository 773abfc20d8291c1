"""The worker: carries out jobs, whatever dies in between.

handling   Handler: what a kind of job needs; Hopeless is in the store
loop       Worker: sweep, claim, prepare, finish
holder     who holds a lease, and whether it still lives
clockwatch what to do when the clock of the machine leapt or was set back
bell       Bell: wakes a sleeping worker; huey carries no work, only the ring
far_bell   bell_at: the bell at an address; FarBell, heard on every machine
process    run_worker: a worker as a process of its own
"""

from xunfang.worker.bell import Bell
from xunfang.worker.far_bell import FarBell, bell_at
from xunfang.worker.handling import Handler
from xunfang.worker.loop import Worker
from xunfang.worker.process import run_worker

__all__ = ["Bell", "FarBell", "Handler", "Worker", "bell_at", "run_worker"]
