"""The pages: thin faces on the actions and on the readings of the desk, in Flask-Admin's layout.

`create_web` builds the Flask application; nothing here writes a row, reads the clock or decides a rule.
"""

from xunfang.web.application import create_web
from xunfang.web.site import DemoLogin, Member, Site, Visit

__all__ = ["DemoLogin", "Member", "Site", "Visit", "create_web"]
