"""Alerts in sentences."""

from collections.abc import Iterator

from xunfang.rulebook.model import AlertKind, Rulebook
from xunfang.rules.describe.lines import Line, line
from xunfang.rules.describe.words import each_unit_words


def lines(rulebook: Rulebook) -> Iterator[Line]:
    """Yield every kind of event: its levels, who declares it, and on what it is closed."""
    for kind in rulebook.alerts.values():
        yield line(rulebook, kind.id, _alert(rulebook, kind), kind.basis)


def _alert(rulebook: Rulebook, kind: AlertKind) -> str:
    parts = [f"{kind.label}由低到高分为{'、'.join(kind.labels.get(level, level) for level in kind.levels)}"]
    who = "、".join(each_unit_words(rulebook, unit) for unit in kind.by)
    role = f"的{rulebook.roles[kind.role].label}" if kind.role in rulebook.roles else ""
    parts.append(f"由{who}{role}就本辖区启动、调整级别和解除")
    form = rulebook.forms.get(kind.form)
    parts.append(f"解除时填写《{form.title}》" if form else "解除时写明总结")
    return "，".join(parts)
