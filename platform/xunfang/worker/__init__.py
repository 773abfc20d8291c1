"""The worker: carries out jobs, whatever dies in between.

handling   Handler: what a kind of job needs; Hopeless is in the store
loop       Worker: sweep, claim, prepare, finish
holder     who holds a lease, and whether it still lives
clockwatch what to do when the clock of the machine leapt or was set back
bell       Bell: wakes a sleeping worker; huey carries no work, only the ring
process    run_worker: a worker as a process of its own
"""

from xunfang.worker.bell import Bell
from xunfang.worker.handling import Handler
from xunfang.worker.loop import Worker
from xunfang.worker.process import run_worker

__all__ = ["Bell", "Handler", "Worker", "run_worker"]
