"""Divisions that rules to be put in force know no more, though something open stands on them: nothing is lost."""

from xunfang.errors import Problem
from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.model import Rulebook
from xunfang.store import Database, InUse, Release, connection, in_use, release_files, release_line

Problems = tuple[Problem, ...]


def abandoned(database: Database, found: Rulebook) -> Problems:
    """Return the divisions that new rules know no more while something open stands on them; none for what is in force.

    Lines are not to be deleted: what stands there would go to nobody.
    """
    with connection(database, found.id) as reader:
        line = release_line(reader, found.digest)
        if line is not None and line.current:
            return ()
        used = in_use(reader, found.id)
    lost = {place: many for place, many in used.items() if place not in found.divisions and place != found.code}
    return tuple(_lost(found, place, many) for place, many in lost.items())


def abandoned_by_release(database: Database, jurisdiction: str, digest: str) -> Problems:
    """Return the same of an earlier release as it was published; raises RulebookError for one that cannot be used."""
    with connection(database, jurisdiction) as reader:
        release = reader.find(Release, digest)
    assert release is not None
    return abandoned(database, compile_rulebook(release_files(release), release.jurisdiction, released=True))


def _lost(found: Rulebook, place: str, many: InUse) -> Problem:
    words = ((many.cases, "件在办个案"), (many.tasks, "项在办任务"), (many.accounts, "个账号"))
    told = "、".join(f" {count} {word}" for count, word in words if count)
    text = f"区划表里没有 {place} 了，却还有{told}在那里"
    hint = f"不要删行、不要改代码：请恢复 {place} 这一行；确已撤并的，写上 until 和 successor，到那一天自动交接"
    return Problem(f"workflows/{found.id}/divisions.csv", 0, place, "DIVISION_IN_USE", text, hint)
