"""Alerts 应急响应: events that open and end, such as a cold wave, a flood, an epidemic; alerts.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.kind import Kind

RESPONSE = "响应"


@dataclass(frozen=True, slots=True)
class AlertKind:
    """A kind of event that is declared for places, stands at a level, and is closed.

    `levels` rise from the first to the last, `labels` names them. Members of the units `by` declare it, those with
    `role` alone where it names one. `form` is the summary on which it is closed, "" for a few words.
    """

    id: str
    label: str
    levels: tuple[str, ...]
    labels: Mapping[str, str]
    by: tuple[str, ...]
    role: str
    form: str
    basis: Basis

    @property
    def response(self) -> str:
        """What it is called while it is on: 寒潮应急响应, and no more than its own name where that says so already."""
        return self.label if self.label.endswith(RESPONSE) else f"{self.label}应急{RESPONSE}"

    def rank(self, level: str) -> int:
        """Return how high a level is, from 0; one that the rules do not know any more is the lowest."""
        return self.levels.index(level) if level in self.levels else 0


def build(draft: Draft) -> Mapping[str, Any]:
    """Return the kinds of event, by id."""
    found = {
        key: AlertKind(
            id=key,
            label=entry.text("label"),
            levels=entry.names("levels"),
            labels=entry.data.get("labels", {}),
            by=entry.names("by"),
            role=entry.text("role"),
            form=entry.text("form"),
            basis=entry.basis(),
        )
        for key, entry in draft.entries("alerts")
    }
    return {"alerts": found}


def link(draft: Draft) -> None:
    """Check the names in every kind of event, and that each of its levels has one."""
    for kind in draft.rules.alerts.values():
        for unit in kind.by:
            draft.check_name("alerts", (kind.id, "by"), unit, "units")
        draft.check_name("alerts", (kind.id, "role"), kind.role, "roles")
        draft.check_name("alerts", (kind.id, "form"), kind.form, "forms")
        draft.check_basis("alerts", (kind.id,), kind.basis)
        _check_labels(draft, kind)


def _check_labels(draft: Draft, kind: AlertKind) -> None:
    for level in kind.levels:
        if level not in kind.labels:
            message, hint = f"级别“{level}”没有名称，页面上无法显示", f'在 labels 中写 {level} = "<名称>"'
            draft.error("alerts", (kind.id, "levels"), "LEVEL_UNNAMED", message, hint)
    for level in set(kind.labels) - set(kind.levels):
        message, hint = f"levels 中没有“{level}”", did_you_mean(level, kind.levels)
        draft.error("alerts", (kind.id, "labels", level), "NAME_UNKNOWN", message, hint)


ALERTS = Kind(
    "alerts",
    build,
    link,
    label="应急响应",
    heading="应急响应",
    labelled=True,
    cites=True,
    lived="启动、调整、解除，期间的任务按时下达和停止",
)
