"""Policy documents 政策文件 and their clauses 条款: policies.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.kind import Kind


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document 政策文件."""

    id: str
    title: str
    number: str
    issuer: str
    in_force: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause 条款 of a policy. `not_software` says why no software can carry it out; empty otherwise."""

    id: str
    policy: str
    text: str
    reviewed: date | None
    not_software: str
    layer: str


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the policy documents and all their clauses, by id."""
    documents = draft.whole("policies").tables("documents") if "policies" in draft.parts else []
    clauses = (_clause(key, *named) for key, document in documents for named in document.tables("clauses"))
    return {
        "policies": {key: _policy(key, document) for key, document in documents},
        "clauses": {clause.id: clause for clause in clauses},
    }


def _policy(key: str, entry: Entry) -> Policy:
    data = entry.data
    return Policy(key, data["title"], entry.text("number"), entry.text("issuer"), data["in_force"], data.get("until"))


def _clause(policy: str, key: str, entry: Entry) -> Clause:
    layer = entry.part.origin(entry.path).layer
    return Clause(key, policy, entry.text("text"), entry.data.get("reviewed"), entry.text("not_software"), layer)


def link(draft: Draft) -> None:
    """Note nothing: a policy names no other rule."""


POLICIES = Kind(
    "policies",
    build,
    link,
    label="政策文件",
    title="政策文件和条款",
    holds_names=True,
    begins="""\
# 本级政策文件和条款：先在这里写条款，规则才能引用（cites）。
#
# [documents.XX]
# title = "……工作方案"
# number = "×政办字〔2026〕1号"
# issuer = "……人民政府办公室"
# in_force = 2026-01-01
# [documents.XX.clauses."XX-1"]
# text = "条款原文"
# reviewed = 2026-01-01                    # 上次对照原文核对的日期
""",
)
