"""Exchanging the key 更换密钥 while everything runs: the new one beside the old, all sealed anew, the old taken away.

Nothing is decided by a note of how far it came: what is left is counted in the envelopes, which name their keys.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Deployment, machinery
from xunfang.clock import Now
from xunfang.errors import Refused
from xunfang.steps import reached
from xunfang.store import (
    FileKeys,
    Job,
    KeyProvider,
    SealBroken,
    Transaction,
    check_keys,
    connection,
    new_id,
)
from xunfang.store.copying import files_beyond, names_file
from xunfang.store.installation import note_keys, note_withdrawn
from xunfang.store.resealing import OF_NONE, KeyCount, Part, Piece, count_keys, parts, piece_anew, put_anew
from xunfang.store.sealing import new_secret, remains

RESEAL = "reseal"
FILES = "files"
"""In place of a table: what lies in the file store."""
FILES_PIECE = 20
_MOST_TOLD = 10
WHY = "更换密钥"


class RekeyingRefused(Refused):
    """Keys were not exchanged, for the reason that is told; everything is as it was."""

    code = "KEYS_NOT_EXCHANGED"


def rotate(deployment: Deployment, provider: KeyProvider, at: datetime) -> bool:
    """Put a new key before the one there is, and the jobs that seal everything with it; returns whether it is new.

    While an older key is still there, that exchange is gone on with. Raises RekeyingRefused, KeysUnusable, NoRoom.
    """
    deployment.keys.renew()
    new = len(deployment.keys.opening) == 1
    if new:
        _put_before(provider)
        deployment.keys.renew()
    note_keys(deployment.database, deployment.keys, check_keys(deployment.database, deployment.keys))
    reached("keys.noted")
    if new:
        _record(deployment, "keys.rotated", at)
    _want_all(deployment, at)
    return new


def _put_before(provider: KeyProvider) -> None:
    if not isinstance(provider, FileKeys):
        raise RekeyingRefused(
            "密钥来自环境变量，本命令改不了它。请生成一把新密钥（openssl rand -base64 32），写在原来的前面、"
            "以空格分开，重启网站和后台作业，再运行 xunfang keys rotate。"
        )
    provider.write((new_secret(), *provider.secrets()))


def _record(deployment: Deployment, name: str, at: datetime) -> None:
    """Let every jurisdiction have on record what was done with the keys that all have in common."""
    for jurisdiction in deployment.rulebooks.current:
        with acting(deployment, machinery(jurisdiction, WHY), at) as act:
            act.event(name)


def _want_all(deployment: Deployment, at: datetime) -> None:
    """Put the jobs of this exchange; those that were done before, or gave up, begin anew."""
    for part in (*parts(deployment.database), Part(FILES, OF_NONE)):
        key = f"{RESEAL}:{deployment.keys.current.hex()}:{part.jurisdiction}:{part.table}"
        with acting(deployment, machinery(part.jurisdiction, WHY), at) as act:
            payload = {"jurisdiction": part.jurisdiction, "table": part.table, "after": [], "broken": []}
            if not act.jobs([act.new_job(RESEAL, key, payload, at)]):
                for ended in ("done", "parked", "cancelled"):
                    act.tx.update(Job, {"key": key, "status": ended}, _anew(payload, at))


def _anew(payload: Mapping[str, object], at: datetime) -> dict[str, object]:
    return {"status": "ready", "payload": payload, "run_at": at, "attempts": 0, "ended_at": None}


@dataclass(frozen=True, slots=True)
class _Files:
    """The files that were sealed anew: up to where, nothing when none follow, and which are broken."""

    last: Sequence[Any]
    broken: Sequence[str]


class Resealing:
    """The worker's part: seals a piece of one table, or a handful of files, anew, and wants itself again for more.

    What is broken keeps nothing else from it; at the end the job is parked and names it.
    """

    brief = False

    def __init__(self, deployment: Deployment, now: Now) -> None:
        self.deployment, self.now = deployment, now

    def prepare(self, job: Job) -> Piece | _Files:
        """Seal the next rows anew, which `finish` writes, or the next files."""
        keys = self.deployment.keys
        keys.renew()
        if keys.current.hex() != job.key.split(":")[1]:
            raise Refused("这个进程还没有读到新密钥，请重启后台作业。", "KEYS_NOT_RENEWED")
        if job.payload["table"] == FILES:
            return self._files_anew(job)
        return piece_anew(self.deployment.database, keys, _part(job), job.payload["after"])

    def _files_anew(self, job: Job) -> _Files:
        named = files_beyond(self.deployment.database, "".join(job.payload["after"]), FILES_PIECE)
        broken = [self.deployment.files.stored_as(each) for each in named if not self._file_anew(each)]
        return _Files(named[-1:] if len(named) == FILES_PIECE else [], broken)

    def _file_anew(self, sha256: str) -> bool:
        """Seal a file anew; returns False when it is broken. One that is not there has nothing to be sealed."""
        files = self.deployment.files
        try:
            if files.has(sha256):
                files.seal_anew(sha256)
        except SealBroken:
            return False
        if not names_file(self.deployment.database, sha256):  # cleared away while it was written
            files.drop(sha256)
        return True

    def finish(self, tx: Transaction, job: Job, prepared: Piece | _Files) -> None:
        """Write the rows that were sealed anew, and want this job again while more follow."""
        found = put_anew(tx, _part(job), prepared.anew) if isinstance(prepared, Piece) else prepared.broken
        broken = [*job.payload["broken"], *found][:_MOST_TOLD]
        if prepared.last:
            payload = {**job.payload, "after": [*prepared.last], "broken": broken}
            tx.update(Job, {"id": job.id}, _anew(payload, self.now()))
        elif broken:
            told = f"有内容已损坏，用旧密钥打不开：{'、'.join(broken)}。请从备份中找回，再运行 xunfang keys rotate。"
            tx.update(Job, {"id": job.id}, {"status": "parked", "last_error": told})
        reached("keys.resealed")


def _part(job: Job) -> Part:
    return Part(str(job.payload["table"]), str(job.payload["jurisdiction"]))


def key_count(deployment: Deployment) -> KeyCount:
    """Return how much lies under each key, counted."""
    return count_keys(deployment.database, deployment.files)


def jobs_left(deployment: Deployment) -> int:
    """Return how many jobs of an exchange are not done."""
    with connection(deployment.database) as reader:
        return sum(1 for status in ("ready", "parked") for _ in reader.every(Job, kind=RESEAL, status=status))


def retire(deployment: Deployment, provider: KeyProvider, at: datetime) -> Path:
    """Take the older keys away once nothing lies under them; returns the file they were put into.

    Of the last one what numbers are found by and what the chain rests on stays. Where keys lie in no file, the one
    returned holds what is to take their place. Raises RekeyingRefused with what is left.
    """
    deployment.keys.renew()
    current, *older = deployment.keys.opening
    if not older:
        raise RekeyingRefused("只有一把密钥在用，没有可撤下的。要换密钥，请先运行 xunfang keys rotate。")
    counted = key_count(deployment)
    if left := [*_left(counted, current)]:
        raise RekeyingRefused(
            f"还有内容在旧密钥下，没有撤下：{'、'.join(left)}。请等后台作业做完（xunfang keys 可以看进度）；"
            "久等不减的，重新运行 xunfang keys rotate。"
        )
    note_withdrawn(deployment.database, deployment.keys)
    reached("keys.withdrawing")
    put = _take_away(provider, deployment.files.folder.parent)
    note_withdrawn(deployment.database, deployment.keys)  # again: whoever started in between noted what it still saw
    _record(deployment, "keys.retired", at)
    return put


def _left(counted: KeyCount, current: bytes) -> Iterator[str]:
    every = {**counted.columns, FILES: counted.files}
    for name, by_key in every.items():
        if number := by_key.total() - by_key[current]:
            yield f"{name} {number} 处"


def _take_away(provider: KeyProvider, beside: Path) -> Path:
    """Put the older secrets into a file of their own, then only what is to stay into the place of all."""
    secrets = provider.secrets()
    staying = (secrets[0], remains(secrets[-1]))
    if not isinstance(provider, FileKeys):
        to_be_set = FileKeys(beside / f"to-be-set-{new_id()}.key")
        to_be_set.write(staying)
        return to_be_set.path
    aside = FileKeys(provider.path.with_name(f"{provider.path.name}.withdrawn-{new_id()}"))
    aside.write(secrets[1:])
    provider.write(staying)
    return aside.path
