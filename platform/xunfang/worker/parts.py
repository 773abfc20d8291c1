"""What carries out each kind of job: those of the actions, and those that read through the desk."""

from xunfang.actions.deployment import Deployment
from xunfang.actions.jobs import handlers
from xunfang.actions.papers import Press
from xunfang.casework.jobs import COUNT, EXPORT_LEDGER
from xunfang.clock import Now
from xunfang.worker.exports import LedgerExporting
from xunfang.worker.figures import FigureCounting
from xunfang.worker.handling import Handler


def parts(deployment: Deployment, press: Press, now: Now) -> dict[str, Handler]:
    """Return what carries out every kind of job there is, printing on this press, at the moments of this clock."""
    own: dict[str, Handler] = {
        COUNT: FigureCounting(deployment, now),
        EXPORT_LEDGER: LedgerExporting(deployment, now),
    }
    return {**handlers(deployment, press, now), **own}
