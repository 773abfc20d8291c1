"""The pages: thin faces on the actions and on the readings of the desk, in Flask-Admin's layout.

`create_web` builds the Flask application; nothing here writes a row, reads the clock or decides a rule.
"""

from typing import TYPE_CHECKING

from xunfang.web.site import DemoLogin, Member, Site, Visit

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["DemoLogin", "Member", "Site", "Visit", "create_web"]


def create_web(site: Site) -> "Flask":
    """Return the web application of a site; raises UndeclaredAddressError when an address has no declared access.

    Only here are the pages read: the worker and the commands of the console know of sites, and show none.
    """
    from xunfang.web.application import create_web as composed

    return composed(site)
