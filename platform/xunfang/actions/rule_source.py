"""Where the rules of a jurisdiction are kept 规则由谁维护: in the folder or here; what becomes of a folder then.

Once rules are kept here, a folder that changes becomes a change set: nothing in it takes effect by itself.
"""

from datetime import datetime

from xunfang.actions.acting import Act, acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.actions.drafting import draft_of
from xunfang.casework.change_sets import text_digest
from xunfang.casework.rows import RuleSource
from xunfang.rulebook.compile import files_of
from xunfang.rulebook.files import Files
from xunfang.rulebook.weaving import woven
from xunfang.store import Reader, Release, connection, current_release, release_files

STUDIO, FILES = "studio", "files"


def is_kept_here(reader: Reader, jurisdiction: str) -> bool:
    """Return whether the rules of a jurisdiction are kept here and not in the folder."""
    found = reader.find(RuleSource, jurisdiction)
    return found is not None and found.source == STUDIO


def keep_in(deployment: Deployment, jurisdiction: str, source: str, by: str, at: datetime) -> bool:
    """Let the rules of a jurisdiction be kept here or in the folder from now on; returns whether that is new."""
    with acting(deployment, machinery(jurisdiction, "规则由谁维护"), at) as act:
        if is_kept_here(act.tx, jurisdiction) == (source == STUDIO):
            return False
        note_source(act, jurisdiction, source, by)
        return True


def note_source(act: Act, jurisdiction: str, source: str, by: str) -> None:
    """Write down where the rules of a jurisdiction are kept from now on."""
    release = current_release(act.tx, jurisdiction)
    base = release.id if release else ""
    act.tx.delete(RuleSource, jurisdiction=jurisdiction)
    act.tx.insert(RuleSource(jurisdiction=jurisdiction, source=source, at=act.at, by=by, release=base))
    act.event("rules.taken_over" if source == STUDIO else "rules.given_back", data={"base": base})


def take_from_folder(deployment: Deployment, jurisdiction: str, folder: Files, at: datetime) -> str:
    """Make a change set of what changed in the folder of a jurisdiction that is kept here, and return its key.

    Returns "" where nothing changed since it was looked at last. What was changed here as well is woven in; where both
    touch the same lines, the folder's text stands in the draft, for people to compare.
    """
    own = files_of(folder, (jurisdiction,))
    told = text_digest("\n".join(f"{path}\t{text_digest(own[path])}" for path in sorted(own)))
    with connection(deployment.database, jurisdiction) as reader:
        source = reader.find(RuleSource, jurisdiction)
        if source is None or source.source != STUDIO or source.folder == told:
            return ""
        known, now = _own(reader, source.release, jurisdiction), current_release(reader, jurisdiction)
    changed = {path for path in {*own, *known} if own.get(path) != known.get(path)}
    with acting(deployment, machinery(jurisdiction, "文件夹里的规则有改动"), at) as act:
        act.tx.update(RuleSource, {"jurisdiction": jurisdiction}, {"folder": told})
        if not changed or now is None:
            return ""
        stands = release_files(now)
        texts = {path: _merged(known.get(path), stands.get(path), own.get(path)) for path in sorted(changed)}
        texts = {path: text for path, text in texts.items() if text != stands.get(path)}
        taken = {path: (text, f"取自文件夹：{path}") for path, text in texts.items()}
        words = {"title": "文件夹里的改动", "why": "服务器上规则文件夹的内容有变动。", "source": "files"}
        return draft_of(act, words, "folder.take", taken, stands) if taken else ""


def _own(reader: Reader, digest: str, jurisdiction: str) -> dict[str, str]:
    release = reader.find(Release, digest)
    return files_of(release_files(release), (jurisdiction,)) if release else {}


def _merged(known: str | None, stands: str | None, folder: str | None) -> str | None:
    if known is None or stands is None or folder is None or stands == known:
        return folder
    return woven(known, stands, folder) or folder
