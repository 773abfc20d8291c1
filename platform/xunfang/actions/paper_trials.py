"""Trying a paper of a draft on a real case 用真实个案看文书: what was printed of it before, set as the draft sets it.

Nobody learns by it what the printed paper did not show: of anything else that a template now says, a sample is printed.
It is opened as the paper itself is, by the same people, and that is recorded.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xunfang.actions.acting import acting
from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.papers import NoticeOrder, order_of
from xunfang.casework import may_open
from xunfang.casework.permits import READY
from xunfang.errors import NotAllowed, NotFound
from xunfang.rulebook.model import NoticeKind, Rulebook
from xunfang.rules.sample_papers import sample_notice_facts
from xunfang.store import Notice, Place

Facts = Mapping[str, Any]
MARK = "草稿预览　不作凭证"
_NAMED = re.compile(r'["\']([\w/.-]+\.html)["\']')
_OF_NOBODY = frozenset({"notice", "issuer", "unit", "deadline", "cites", "contact", "signer"})
"""What a paper says of itself and of offices."""


def may_try_on_cases(actor: Actor) -> bool:
    """Return whether somebody may open papers of cases at all."""
    return not actor.acts.isdisjoint({"reveal", "print"})


def paper_on_case(
    deployment: Deployment, actor: Actor, notice_id: str, draft: Rulebook, kind: str, change_set: str, at: datetime
) -> NoticeOrder:
    """Return a paper of a case as a draft would print it; that it was opened is recorded before it is shown.

    Raises NotFound, NotAllowed as `open_notice` does.
    """
    found = draft.notices.get(kind)
    with acting(deployment, actor, at) as act:
        notice = act.scoped.notice(notice_id)
        if found is None or notice.kind != kind or notice.facts is None or notice.status not in READY:
            raise NotFound("没有这份文书，或者它还没有制成。")
        if not may_open(actor, notice.unit, notice.addressees):
            raise NotAllowed("这份文书载有个人信息，只有制发、接收单位的文书岗位或有权查看加密内容的岗位可以打开。")
        printed = deployment.keys.open_values(notice.facts, Place("notice", "facts", notice.id))
        data = {"kind": kind, "number": notice.number, "notice": notice.id, "change_set": change_set}
        act.event("notice.opened", case=notice.case, task=notice.task, data=data)
    return order_of(draft, kind, _as_printed(deployment, notice, found, draft, printed), MARK)


def _as_printed(deployment: Deployment, notice: Notice, kind: NoticeKind, draft: Rulebook, printed: Facts) -> Facts:
    """Return facts for a draft's template: those that the paper said when it was printed, samples of all others."""
    rules = deployment.rulebooks.release(notice.release)
    said = "\n".join(_texts(rules, f"layouts/{rules.notices[notice.kind].layout or 'letter'}.html", notice.kind))
    sample = sample_notice_facts(draft, kind)
    facts = {root: _mixed(root, value, printed.get(root), said) for root, value in sample.items()}
    return {**facts, "notice": {**facts["notice"], "label": kind.label}}


def _texts(rules: Rulebook, layout: str, kind: str) -> Iterator[str]:
    """Yield the texts that a paper was printed from: its template, its layout, and what these take in."""
    waiting, seen = [rules.notices[kind].template, layout], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen and name in rules.templates:
            seen.add(name)
            yield rules.templates[name]
            waiting += _NAMED.findall(rules.templates[name])


def _mixed(root: str, sample: Any, printed: Any, said: str) -> Any:
    if root in _OF_NOBODY:
        return sample if printed is None else printed
    if isinstance(printed, list):
        return [_row(sample, row, said) for row in printed]
    if isinstance(printed, dict) and isinstance(sample, dict):
        return {key: printed[key] if key in printed and _says(said, f"{root}.{key}") else sample[key] for key in sample}
    return sample


def _row(sample: Sequence[Facts], printed: Facts, said: str) -> dict[str, Any]:
    """Return one of several results: each is told under a name that the template itself gives it."""
    like = sample[0] if sample else {}
    return {key: printed[key] if key in printed and _says(said, f".{key}") else value for key, value in like.items()}


def _says(said: str, name: str) -> bool:
    return re.search(rf"{re.escape(name)}\b", said) is not None
