"""How the whole suite is run."""

import os


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are processors: many tests wait for processes that they started."""
    return len(os.sched_getaffinity(0)) + 1
