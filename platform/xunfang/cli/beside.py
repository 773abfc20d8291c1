"""What the database beside some rule files holds against them; read only where there is one."""

from dataclasses import replace

from xunfang.actions.abandoning import abandoned
from xunfang.errors import Problem, Refused, Severity
from xunfang.rulebook.model import Rulebook
from xunfang.settings import Settings
from xunfang.store import check_version, is_empty, open_database


def left_behind(settings: Settings, book: Rulebook) -> list[Problem]:
    """Return what in the database beside these files stands on divisions that they know no more."""
    try:
        if is_empty(settings.database):
            return []
        database = open_database(settings.database, reading=True)
        check_version(database)
    except (Refused, OSError):  # whoever serves it is told what is the matter with it
        return []
    lost = [*abandoned(database, book)]
    database.close()
    return [replace(problem, severity=Severity.WARNING) for problem in lost]
