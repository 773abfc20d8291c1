"""Which addresses take more than a form or a photo: the reception reads so much there, and no more."""

from flask import Flask

from xunfang.reception.bodies import LARGEST
from xunfang.web.access import ACCESS


def large_bodies(app: Flask) -> dict[str, int]:
    """Return, by how an address begins, how many bytes it takes, of those that take more than all others."""
    rules = ((rule.rule.partition("<")[0], rule.endpoint) for rule in app.url_map.iter_rules())
    return {start: ACCESS[endpoint].body for start, endpoint in rules if ACCESS[endpoint].body > LARGEST}
