"""Fills 预先填好: what a duty's form is filled in with beforehand, field by field, and how that is counted."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xunfang.rulebook.basis import Basis
from xunfang.rulebook.conditions import Condition
from xunfang.rulebook.draft import Draft
from xunfang.rulebook.entry import Entry
from xunfang.rulebook.facts import check_selection, columns_of, known_facts, roots_unknown
from xunfang.rulebook.findings import did_you_mean
from xunfang.rulebook.positions import Path
from xunfang.worktime import Every

if TYPE_CHECKING:  # duties stand on these
    from xunfang.rulebook.kinds.duties import Duty

NUMBERS = frozenset({"integer", "number"})
_BY = {"case": ("opened", "closed", "standing"), "entitlement": ("standing", "held", "begun", "ended")}
"""By which of its days a thing counts, where there is a choice: the first is the usual one."""
_USUAL = {"entitlement": "standing", "person": "standing"}
"""How things are counted that have no day of their own: those there when the period is over."""
_HOWS = ("of", "sums", "tells")


@dataclass(frozen=True, slots=True)
class Fill:
    """What one field of a duty's form holds before anybody fills it in.

    With `of` the things of a kind are counted of which `where` holds, or `sum` of them is added up; `each`: every
    person once. `by` says which of their days is to lie in the period, or that they are "standing" when it is over: a
    stock, as entitlements and people are unless it says otherwise. `whose` whether they are those of the unit
    itself instead of all where it works. With `sums` it is the sum of what the returns that the duty collects tell in
    that field. With `tells` it is the "period", the "unit", the "person" who fills it in, or the units whose returns
    are "missing".
    """

    field: str
    of: str
    where: Condition
    sum: str
    each: str
    by: str
    whose: str
    sums: str
    tells: str
    basis: Basis

    @property
    def counts_by(self) -> str:
        """How a thing comes to be counted, where it is not said the usual way of its kind."""
        return self.by or _USUAL.get(self.of, "")

    @property
    def is_counted(self) -> bool:
        """Whether things are counted for it."""
        return bool(self.of)


def fills_in(entry: Entry) -> tuple[Fill, ...]:
    """Return what the form of a duty is filled in with, in the order of the rules."""
    if "fills" not in entry.data:
        return ()
    fills = entry.sub("fills")
    return tuple(_fill(name, fills.sub(name)) for name in fills.data)


def _fill(name: str, entry: Entry) -> Fill:
    if sum(key in entry.data for key in _HOWS) != 1:
        message = f"“{name}”怎样预先填好没有说清：of、sums、tells 写且只写一个"
        hint = 'of = "case" 是数个案，sums = "<字段>" 是汇总各单位所报，tells = "period" 是报告期'
        entry.error("", "FILL_UNCLEAR", message, hint)
    return Fill(
        field=name,
        of=entry.text("of"),
        where=entry.condition_or_always("where"),
        sum=entry.text("sum"),
        each=entry.text("each"),
        by=entry.text("by"),
        whose=entry.text("whose"),
        sums=entry.text("sums"),
        tells=entry.text("tells"),
        basis=entry.basis(),
    )


def check_fills(draft: Draft, duty: "Duty") -> None:
    """Note fields that the form has not, facts that there are not, and what no period or return tells."""
    if duty.fills and (duty.every is Every.TWO_WEEKS or not (duty.every or duty.collects)):
        hint = "写每月、每季度等按期报送的任务；因事而起、每两周一次的不能预先填好"
        draft.error("duties", (duty.id, "fills"), "FILL_WITHOUT_PERIOD", "没有固定的报告期，数不出来", hint)
    for fill in duty.fills:
        _check_field(draft, duty, fill)
        path: Path = (duty.id, "fills", fill.field)
        if fill.basis.cites or fill.basis.practice:
            draft.check_basis("duties", path, fill.basis)
        if fill.of:
            _check_counted(draft, path, fill)
        else:
            _check_returns(draft, duty, path, fill)


def _check_field(draft: Draft, duty: "Duty", fill: Fill) -> None:
    form = draft.rules.forms.get(duty.form)
    if form is None and duty.form:
        return
    wanted = {"text", "long-text"} if fill.tells else NUMBERS
    fields = {name for name, field in form.fields.items() if field.kind in wanted} if form else set()
    if fill.field not in fields:
        kind = "文字" if fill.tells else "数字"
        message = f"《{form.title}》中没有{kind}字段“{fill.field}”" if form else "没有写 form，无处可填"
        hint = did_you_mean(fill.field, fields)
        draft.error("duties", (duty.id, "fills", fill.field), "FILL_FIELD_UNKNOWN", message, hint)


def _check_counted(draft: Draft, path: Path, fill: Fill) -> None:
    check_selection(draft, "duties", (*path, "where"), fill.of, fill.where)
    known = known_facts(draft, fill.of) | columns_of(draft, fill.of)
    root = fill.sum.partition(".")[0] if "." in fill.sum else fill.of
    if fill.sum and fill.sum not in known and root not in roots_unknown(draft):
        message = f"“{fill.sum}”没有任何来源，不能相加"
        draft.error("duties", (*path, "sum"), "FACT_UNKNOWN", message, did_you_mean(fill.sum, known))
    allowed = _BY.get(fill.of, ())
    if fill.by and fill.by not in allowed:
        message = f"这一类不能按“{fill.by}”计"
        hint = f"可用的有：{'、'.join(allowed)}" if allowed else "请删去 by"
        draft.error("duties", (*path, "by"), "VALUE_UNKNOWN", message, hint)


def _check_returns(draft: Draft, duty: "Duty", path: Path, fill: Fill) -> None:
    returns = draft.rules.duties.get(duty.collects)
    if (fill.sums or fill.tells == "missing") and not duty.collects:
        hint = '请补上 collects = "<定期任务编号>"'
        draft.error("duties", path, "FILL_UNCLEAR", "这项任务不汇总别的任务（没有写 collects），没有可汇总的", hint)
    form = draft.rules.forms.get(returns.form) if returns else None
    numbers = {name for name, field in form.fields.items() if field.kind in NUMBERS} if form else set()
    if form and fill.sums and fill.sums not in numbers:
        message = f"所汇总的《{form.title}》中没有数字字段“{fill.sums}”"
        draft.error("duties", (*path, "sums"), "FILL_FIELD_UNKNOWN", message, did_you_mean(fill.sums, numbers))
