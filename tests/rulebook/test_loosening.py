# ruff: noqa: E501 - a way of saying something is read best on one line
"""A lower layer loosens what stands above it: every way to say a time or a bound, changed, replaced whole and removed.

Each way has the nation's words, then the county's: `looser` ones are told at a place, unless `cited`; `tighter` ones
are not.
"""

import re
from dataclasses import dataclass

import pytest

from rulebook.test_lint import BOSHAN, FILES, N, W, told
from xunfang.errors import Problem, Severity

CODES = {"PROMISE_SLOWER", "CAP_RAISED", "SAMPLE_SMALLER", "WANTED_FEWER"}
CLAUSE = 'cites = ["BS-三(一)-1"]'
GONE = '{{ cites = ["BS-三(一)-1"] }}'


def laid(file: str, text: str) -> str:
    """A file with more lines: those of a table that it has go there, and what stands before any table to its head."""
    for block in re.split(r"(?m)^(?=\[)", text):
        header, _, body = block.partition("\n") if block.startswith("[") else ("", "", block)
        there = (
            re.search(rf"(?m)^{re.escape(header)}[^\n]*\n", file) if header and not header.startswith("[[") else None
        )
        if there:
            file = f"{file[: there.end()]}{body}\n{file[there.end() :]}"
        else:
            file = f"{file}\n{block}\n" if header else f"{block}\n{file}"
    return file


@dataclass(frozen=True)
class Way:
    """One way to say a time or a bound: where, what the nation says, what the county says, and where it is told."""

    name: str
    above: dict[str, str]
    looser: dict[str, dict[str, str]]
    key: str
    cited: tuple[dict[str, str], ...] = ()
    tighter: tuple[dict[str, str], ...] = ()

    def files(self, below: dict[str, str]) -> dict[str, str]:
        files = dict(FILES)
        for folder, told_ in ((N, self.above), (W, below)):
            for name, text in told_.items():
                path = f"{folder}/{name}.toml"
                files[path] = laid(files.get(path, ""), text)
        return files


def deadline(text: str) -> dict[str, str]:
    return {"deadlines": f'[upper]\nlabel = "上级时限"\nfrom = "task.opened"\npractice = "全国统一"\n{text}'}


def own(text: str, clause: bool = False) -> dict[str, str]:
    return {"deadlines": f"[upper]\n{text}" + (f"\n{CLAUSE}" if clause else "")}


URGENT = '{ when.urgency = "emergency", limit = "%s" }'
FAST = f'limit = "5 workdays"\nlimits = [{URGENT % "24 hours"}]'
ANOTHER = '{ when.needs.any = ["medical"], limit = "3 workdays" }'

TIMES = [
    Way("limit", deadline('limit = "5 workdays"'),
        {"changed": own('limit = "8 workdays"'), "in other words": own('limit = "2 weeks"')},
        "upper.limit", (own('limit = "8 workdays"', True),), (own('limit = "3 workdays"'), own('limit = "5 workdays"'))),
    Way("row", deadline(FAST),
        {"changed": own(f'limits = [{URGENT % "3 workdays"}]'),
         "another in front": own(f'limits = [{ANOTHER}, {URGENT % "24 hours"}]'),
         "wider in front": own('limits = [{ when.urgency.in = ["urgent", "emergency"], limit = "3 workdays" }]')},
        "upper.limits[1].limit|upper.limits[1]", (own(f'limits = [{URGENT % "3 workdays"}]', True), own('limits = [{ when.urgency = "emergency", limit = "3 workdays", cites = ["BS-三(一)-1"] }]')),
        (own(f'limits = [{URGENT % "12 hours"}]'), own(f'limits = [{URGENT % "24 hours"}, {ANOTHER}]'), own(f'limits = [{{ when.urgency = "urgent", limit = "2 workdays" }}, {URGENT % "24 hours"}]'))),
    Way("row-gone", deadline(FAST),
        {"removed": own('remove = ["limits"]'), "replaced whole": own('limits = [{ when.urgency = "urgent", limit = "2 workdays" }]')},
        "upper.limits", (own(f'remove.limits = {GONE.format()}'), own('limits = [{ when.urgency = "urgent", limit = "2 workdays" }]', True)),
        (own('remove = ["limits"]\nlimit = "1 hour"'),)),
    Way("from", deadline('limit = "5 workdays"'),
        {"changed": own('from = "task.completed"'), "to an answer": own('from = "answers.found_at"')},
        "upper.from", (own('from = "task.completed"', True),), (own('from = "case.opened"'),)),
    Way("within", deadline('limit = "5 workdays"\nwithin = "whole"\n[whole]\nlabel = "全案"\nlimit = "9 workdays"\nfrom = "case.opened"\npractice = "试验"'),
        {"removed": own('remove = ["within"]'), "changed": own('within = "case-closing"')},
        "upper.within", (own('remove = ["within"]', True), own(f"remove.within = {GONE.format()}")), (own('limit = "4 workdays"'),)),
    Way("extend", deadline('limit = "5 workdays"\nextend = { by = "leader", to = "10 workdays" }'),
        {"changed": own('extend = { by = "leader", to = "20 workdays" }'), "removed": own('remove = ["extend"]'),
         "in a row": own('limits = [{ when.urgency = "urgent", limit = "2 workdays", extend = { by = "leader", to = "20 workdays" } }]')},
        "upper.extend|upper.extend.to|upper.limits[1].extend.to", (own('extend = { by = "leader", to = "20 workdays", cites = ["BS-三(一)-1"] }'), own(f"remove.extend = {GONE.format()}")),
        (own('extend = { by = "leader", to = "7 workdays" }'),)),
    Way("set_by", deadline('limit = "10 workdays"\nset_by = { answer = "visited_on", at_most = "6 workdays" }'),
        {"changed": own('set_by = { answer = "visited_on", at_most = "9 workdays" }'), "removed": own('remove = ["set_by"]')},
        "upper.set_by|upper.set_by.at_most", (own('set_by = { answer = "visited_on", at_most = "9 workdays", cites = ["BS-三(一)-1"] }'), own(f"remove.set_by = {GONE.format()}")),
        (own('set_by = { answer = "visited_on", at_most = "4 workdays" }'), own('remove = ["set_by"]\nlimit = "6 workdays"'))),
    Way("set_by-added", deadline('limit = "5 workdays"'),
        {"added": own('set_by = { answer = "visited_on", at_most = "9 workdays" }')}, "upper.set_by.at_most", (), (own('set_by = { answer = "visited_on", at_most = "5 workdays" }'),)),
    Way("repeat", deadline('limit = "5 workdays"\nrepeat = "2 workdays"'),
        {"changed": own('repeat = "4 workdays"'), "removed": own('remove = ["repeat"]')},
        "upper.repeat", (own('repeat = "4 workdays"', True),), (own('repeat = "1 workdays"'),)),
    Way("escalate", deadline('limit = "5 workdays"\nescalate = [{ after = "1 workday", to = "superior", act = "supervise" }]'),
        {"later": own('escalate = [{ after = "3 workdays", to = "superior", act = "supervise" }]'), "none": own("escalate = []"), "removed": own('remove = ["escalate"]')},
        "upper.escalate", (own("escalate = []", True),), (own('escalate = [{ after = "0 workdays", to = "superior", act = "supervise" }]'),)),
    Way("escalate-at-once", deadline('limit = "5 workdays"\nescalate = [{ after = "0 workdays", to = "superior", act = "supervise" }]'), {"later": own('escalate = [{ after = "1 workday", to = "superior", act = "supervise" }]')}, "upper.escalate"),
    Way("deadline-gone", deadline('limit = "same day"\nuntil = "clue.submitted"'),
        {"removed": {"deadlines": 'remove = ["upper"]'}}, "upper", ({"deadlines": f"remove.upper = {GONE.format()}"},)),
    Way("soft", {**deadline('limit = "soft:later"'), "jurisdiction": '[soft]\nlater = "3 workdays"'},
        {"changed": {"jurisdiction": '[soft]\nlater = "9 workdays"'}, "removed": {"jurisdiction": '[soft]\nremove = ["later"]', **own('limit = "9 workdays"')}},
        "soft.later|upper.limit", ({"jurisdiction": '[soft]\nremove = ["later"]', **own('limit = "9 workdays"', True)},),
        ({"jurisdiction": '[soft]\nlater = "2 workdays"'}, {"jurisdiction": '[soft]\nlater = "9 workdays"', **own('limit = "3 workdays"')})),
]  # fmt: skip

EARLY = {"jurisdiction": '[[office.seasons]]\nfrom = "06-01"\nto = "08-31"\nhours = ["08:00-12:00", "13:00-16:00"]'}
UNIT = {"units": '[upper]\nlabel = "上级单位"\noffice.hours = ["08:30-12:00", "13:30-16:30"]'}
PLACE = {
    "units": '[upper]\nlabel = "{division}上级单位"\nper = "township"\n[upper.instances.370304001]\noffice.hours = ["08:30-12:00", "13:30-16:30"]'
}

OFFICES = [
    Way("office", {},
        {"changed": {"jurisdiction": '[office]\nhours = ["08:30-12:00", "14:00-18:00"]'}}, "office.hours",
        ({"jurisdiction": f'[office]\nhours = ["08:30-12:00", "14:00-18:00"]\n{CLAUSE}'},), ({"jurisdiction": '[office]\nhours = ["08:30-12:00", "13:30-17:00"]'},)),
    Way("office-season", EARLY,
        {"removed": {"jurisdiction": '[office]\nremove = ["seasons"]'}, "replaced whole": {"jurisdiction": '[[office.seasons]]\nfrom = "06-01"\nto = "07-31"\nhours = ["08:00-12:00", "13:00-16:00"]'}},
        "office.hours", ({"jurisdiction": f'[office]\nremove = ["seasons"]\n{CLAUSE}'}, {"jurisdiction": f"[office]\nremove.seasons = {GONE.format()}\n{CLAUSE}"}),
        ({"jurisdiction": '[[office.seasons]]\nfrom = "05-01"\nto = "09-30"\nhours = ["08:00-12:00", "13:00-16:00"]'},)),
    Way("office-gone", EARLY,
        {"removed": {"jurisdiction": 'remove = ["office"]'}}, "office", ({"jurisdiction": f"remove.office = {GONE.format()}"},)),
    Way("office-of-a-unit", UNIT,
        {"changed": {"units": '[upper]\noffice.hours = ["08:30-12:00", "13:30-17:00"]'}, "removed": {"units": '[upper]\nremove = ["office"]'}},
        "upper.office|upper.office.hours", ({"units": f"[upper]\nremove.office = {GONE.format()}"}, {"units": f'[upper]\noffice.hours = ["08:30-12:00", "13:30-17:00"]\noffice.{CLAUSE}'}),
        ({"units": '[upper]\noffice.hours = ["08:30-12:00", "13:30-16:00"]'},)),
    Way("office-of-a-place", PLACE,
        {"changed": {"units": '[upper.instances.370304001]\noffice.hours = ["08:30-12:00", "13:30-17:00"]'}, "removed": {"units": '[upper.instances.370304001]\nremove = ["office"]'}},
        "upper.instances.370304001.office|upper.instances.370304001.office.hours", ({"units": f"[upper.instances.370304001]\nremove.office = {GONE.format()}"},)),
]  # fmt: skip

SLOW = '[slow]\nlabel = "慢"\nlimit = "9 workdays"\nfrom = "task.opened"\npractice = "本区"'


def flow(state: str, head: str = "") -> dict[str, str]:
    states = f'[states.first]\nlabel = "第一步"\nunit = "civil-affairs"\noutcomes.yes.to = "second"\noutcomes.no.to = "second"\npractice = "全国统一"\n{state}\n[states.second]\nlabel = "第二步"\nends = true'
    return {
        "flows/upper": f'label = "上级流程"\nnumber = "〔{{year}}〕{{n}}号"\nstart = "first"\nopens_on = ["visit"]\n{head}\n{states}'
    } | deadline('limit = "5 workdays"')


def spread(state: str) -> dict[str, str]:
    """The flow whose first step is done by whoever a table names."""
    told_ = flow(state)
    first = (
        '[states.zero]\nunit = "service-centre"\nroutes_by = "clue"\noutcomes.given.to = "first"\npractice = "试验"\n'
    )
    text = (
        told_["flows/upper"]
        .replace('unit = "civil-affairs"', "per_route = true")
        .replace('start = "first"', 'start = "zero"')
    )
    return {**told_, "flows/upper": f"{text}\n{first}"}


def state(text: str, more: dict[str, str] | None = None) -> dict[str, str]:
    return {"flows/upper": f"[states.first]\n{text}", **(more or {})}


MORE = {"deadlines": SLOW}
WHOLE = 'case_deadline = "upper"'
CASE = SLOW.replace("task.opened", "case.opened")


def whole() -> dict[str, str]:
    """The flow whose cases have a limit of their own."""
    return {file: text.replace("task.opened", "case.opened") for file, text in flow("", WHOLE).items()}


PACES = [
    Way("state-deadline", flow('deadline = "upper"'),
        {"another": state('deadline = "slow"', MORE), "removed": state('remove = ["deadline"]')},
        "states.first.deadline", (state(f'deadline = "slow"\n{CLAUSE}', MORE), state(f"remove.deadline = {GONE.format()}"), state('deadline = "slow"', {"deadlines": f"{SLOW}\n{CLAUSE}"})),
        (state('deadline = "slow"', {"deadlines": SLOW.replace("9", "4")}),)),
    Way("case-deadline", whole(),
        {"another": {"flows/upper": 'case_deadline = "slow"', "deadlines": CASE}, "removed": {"flows/upper": 'remove = ["case_deadline"]'}},
        "case_deadline", ({"flows/upper": f"remove.case_deadline = {GONE.format()}"},), ({"flows/upper": 'case_deadline = "slow"', "deadlines": CASE.replace("9", "4")},)),
    Way("waits", flow('waits = "7 days"'), {"changed": state('waits = "9 days"')}, "states.first.waits", (state(f'waits = "9 days"\n{CLAUSE}'),), (state('waits = "5 days"'),)),
    Way("waits-added", flow(""), {"added": state('waits = "9 days"')}, "states.first.waits", (state(f'waits = "9 days"\n{CLAUSE}'),)),
    Way("counts", whole(), {"added": state("counts = false")}, "states.first.counts", (state(f"counts = false\n{CLAUSE}"),)),
    Way("resets_on", flow('deadline = "upper"\nresets_on = { return = "none", transfer = "none" }'),
        {"changed": state('resets_on.transfer = "task"'), "removed": state('remove = ["resets_on"]'), "one removed": state('resets_on.remove = ["transfer"]')},
        "states.first.resets_on.transfer|states.first.resets_on.return", (state(f'resets_on.transfer = "task"\n{CLAUSE}'),)),
    Way("returns", spread("returns = 1"), {"changed": state("returns = 2"), "removed": state('remove = ["returns"]')}, "states.first.returns", (state(f"returns = 2\n{CLAUSE}"),), (state("returns = 0"),)),
    Way("on_breach", flow('deadline = "upper"\non_breach = "yes"'), {"changed": state('on_breach = "no"'), "removed": state('remove = ["on_breach"]')}, "states.first.on_breach", (state(f'on_breach = "no"\n{CLAUSE}'),)),
]  # fmt: skip


def duty(text: str) -> dict[str, str]:
    return {
        "duties": f'[upper]\nlabel = "上级任务"\nof = "service-centre"\nto = "leading-group-office"\npractice = "全国统一"\n{text}'
    }


def mine(text: str, clause: bool = False) -> dict[str, str]:
    return {"duties": f"[upper]\n{text}" + (f"\n{CLAUSE}" if clause else "")}


SAMPLE = 'on = "case.archived"\nsample = { ratio = 0.3, minimum = 2, per = "month", at_least.village = 1, strata = [{ when.willing = false, ratio = "all" }, { when.household_size.at_least = 5, count = 4 }] }'
DRAWN = 'sample = {{ ratio = {0}, minimum = {1}, per = "{2}", at_least.village = {3}, strata = [{4}] }}'
ALL = '{ when.willing = false, ratio = "all" }'
FOUR = "{ when.household_size.at_least = 5, count = 4 }"
VISITS = 'every = "month"\nsatisfied_by = "visit"\nrhythms = [{ every = "week", places = ["370304001"] }]\nway = "way"\nin_full = ["home-visit"]\nequivalents = [{ by = ["phone"], at_most = "1 of 3", practice = "试验" }]'

DUTIES = [
    Way("every", duty('every = "month"\ndue = "day 5"'), {"changed": mine('every = "quarter"')}, "upper.every", (mine('every = "quarter"', True),), (mine('every = "week"\nremove = ["due"]'),)),
    Way("due", duty('every = "month"\ndue = "day 5"'), {"changed": mine('due = "day 10"'), "removed": mine('remove = ["due"]')}, "upper.due", (mine('due = "day 10"', True),), (mine('due = "day 3"'),)),
    Way("on_holiday", duty('every = "month"\non_holiday = "previous"'), {"changed": mine('on_holiday = "next"'), "removed": mine('remove = ["on_holiday"]')}, "upper.on_holiday", (mine('on_holiday = "next"', True),)),
    Way("duty-limit", duty('on = "event"\nlimit = "3 workdays"'), {"changed": mine('limit = "5 workdays"'), "removed": mine('remove = ["limit"]')}, "upper.limit", (mine('limit = "5 workdays"', True),), (mine('limit = "2 workdays"'),)),
    Way("for", duty('every = "month"\nsatisfied_by = "visit"\nfor.categories.any = ["subsistence", "vagrant"]'), {"changed": mine('for.categories.any = ["subsistence"]')}, "upper.for", (mine('for.categories.any = ["subsistence"]', True),), (mine('remove = ["for"]'),)),
    Way("at_least", duty('every = "month"\nat_least = 2\nsatisfied_by = "visit"'), {"changed": mine("at_least = 1"), "removed": mine('remove = ["at_least"]')}, "upper.at_least", (mine("at_least = 1", True),), (mine("at_least = 3"),)),
    Way("rhythms", duty(VISITS), {"removed": mine('remove = ["rhythms"]'), "replaced whole": mine('rhythms = [{ every = "week", places = ["370304002"] }]'), "rarer": mine('rhythms = [{ every = "2 weeks", places = ["370304001"] }]')}, "upper.rhythms",
        (mine('remove = ["rhythms"]', True),), (mine('rhythms = [{ every = "day", places = ["370304001", "370304002"] }]'), mine('remove = ["rhythms"]\nevery = "week"'))),
    Way("equivalents", duty(VISITS), {"changed": mine('equivalents = [{ by = ["phone"], at_most = "1 of 2", practice = "试验" }]'), "without limit": mine('equivalents = [{ by = ["phone"], practice = "试验" }]'), "in full": mine('in_full = ["home-visit", "phone"]\nequivalents = [{ by = ["neighbours"], at_most = "1 of 9", practice = "试验" }]')},
        "upper.equivalents", (mine('equivalents = [{ by = ["phone"], at_most = "1 of 2", cites = ["BS-三(一)-1"] }]'),), (mine('equivalents = [{ by = ["phone"], at_most = "1 of 4", practice = "试验" }]'),)),
    Way("duty-gone", duty('every = "month"'), {"removed": {"duties": 'remove = ["upper"]'}}, "upper", ({"duties": f"remove.upper = {GONE.format()}"},)),
    Way("sample", duty(SAMPLE), {"removed": mine('remove = ["sample"]\nlimit = "3 workdays"')}, "upper.sample", (mine(f'remove.sample = {GONE.format()}\nlimit = "3 workdays"'),)),
    Way("ratio", duty(SAMPLE), {"changed": mine("sample.ratio = 0.2")}, "upper.sample.ratio", (mine("sample.ratio = 0.2", True),), (mine("sample.ratio = 0.4"),)),
    Way("minimum", duty(SAMPLE), {"changed": mine("sample.minimum = 1"), "removed": mine('sample.remove = ["minimum"]'), "seldom": mine('sample.per = "quarter"')}, "upper.sample.minimum", (mine("sample.minimum = 1", True),), (mine('sample.per = "quarter"\nsample.minimum = 6'),)),
    Way("at_least-of-each", duty(SAMPLE), {"removed": mine('sample.remove = ["at_least"]'), "replaced": mine('sample.at_least = { remove = ["village"], township = 1 }')}, "upper.sample.at_least.village", (mine('sample.remove = ["at_least"]', True),), (mine("sample.at_least.village = 2"),)),
    Way("strata", duty(SAMPLE), {"removed": mine('sample.remove = ["strata"]'), "one left out": mine(f"sample.strata = [{FOUR}]"), "less of one": mine(f'sample.strata = [{{ when.willing = false, ratio = 0.5 }}, {FOUR}]'),
        "fewer": mine(f"sample.strata = [{ALL}, {{ when.household_size.at_least = 5, count = 3 }}]"), "another in front": mine(f'sample.strata = [{{ when.needs.any = ["medical"], ratio = 0 }}, {ALL}, {FOUR}]')},
        "upper.sample.ratio|upper.sample.strata[1]|upper.sample.strata[2]", (mine('sample.remove = ["strata"]', True), mine(f'sample.strata = [{{ when.willing = false, ratio = 0.5, cites = ["BS-三(一)-1"] }}, {FOUR}]')),
        (mine(f'sample.strata = [{ALL}, {{ when.household_size.at_least = 4, ratio = "all" }}]'), mine(f'sample.strata = [{ALL}, {FOUR}, {{ when.needs.any = ["medical"], ratio = 0.5 }}]'))),
    Way("stratum-added", duty('on = "case.archived"\nsample = { ratio = 0.3 }'), {"added": mine('sample.strata = [{ when.needs.any = ["medical"], ratio = 0 }]')}, "upper.sample.strata[1]", (), (mine('sample.strata = [{ when.needs.any = ["medical"], ratio = 0.5 }]'),)),
]  # fmt: skip

CAP = {
    "programmes": '[medical-aid.caps.once]\nlabel = "一年一次"\nat_most = 100\nsum = "amount"\nwithin = "year"\nsame = ["needs", "residence"]\noverride = { by = "clerk", reason = "findings", practice = "试验" }\npractice = "试验"'
}


def cap(text: str, clause: bool = False) -> dict[str, str]:
    return {"programmes": f"[medical-aid.caps.once]\n{text}" + (f"\n{CLAUSE}" if clause else "")}


def caps(text: str) -> dict[str, str]:
    return {"programmes": f"[medical-aid.caps]\n{text}"}


LIKE = 'twice = { label = "又一条", at_most = %s, sum = "amount", within = "year", practice = "试验" }'
ROLE = {
    "roles": '[upper]\nlabel = "上级角色"\nmay = ["claim"]\nstaffed = [{ in = "village", at_least = 2, practice = "全国统一" }]'
}
MEETING = {
    "meetings": '[upper]\nlabel = "上级会议"\nconvenes = "leading-group-office"\nmembers = ["civil-affairs"]\nquorum = "two-thirds"\npractice = "全国统一"'
}

TABLE = '[upper]\nlabel = "上级分派表"\nhit = "first"\nconfirm = "nobody"\notherwise = { lead = "township"%s, practice = "试验" }\n[[upper.rows]]\nid = "one"\nwhen.way.in = ["phone"]\nlead = "civil-affairs"\n%s\npractice = "试验"'
ROW = {"routing": '[[upper.rows]]\nid = "one"\nwhen.way.in = ["phone"]\nlead = "civil-affairs"\n%s'}


def routed(row_: str, otherwise: str = "") -> dict[str, str]:
    made = spread('deadline = "upper"')
    made["flows/upper"] = made["flows/upper"].replace('routes_by = "clue"', 'routes_by = "upper"')
    fast = '[fast]\nlabel = "快"\nlimit = "2 workdays"\nfrom = "task.opened"\npractice = "全国统一"'
    return {**made, "deadlines": f"{made['deadlines']}\n{fast}", "routing": TABLE % (otherwise, row_)}


def row_(text: str, more: dict[str, str] | None = None) -> dict[str, str]:
    return {"routing": ROW["routing"] % text, **(more or {})}


BASED = 'practice = "本区"'
ROWS = [
    Way("row-deadline", routed('deadline = "fast"'), {"another": row_(f'deadline = "slow"\n{BASED}', MORE), "left out": row_(BASED)},
        "upper.rows[1].deadline", (row_(f'deadline = "slow"\n{CLAUSE}', MORE),), (row_(f'deadline = "fast"\n{BASED}'),)),
    Way("row-deadline-added", routed(""), {"added": row_(f'deadline = "slow"\n{BASED}', MORE), "behind a row by clause": {"routing": ROW["routing"].replace('["phone', '["self').replace('one"', 'two"') % CLAUSE + "\n" + ROW["routing"] % f'deadline = "slow"\n{BASED}', **MORE}, "in a row of its own": {"routing": ROW["routing"].replace("[\"phone", "[\"self").replace("one\"", "two\"") % f'deadline = "slow"\n{BASED}', **MORE}},
        "upper.rows[1].deadline|upper.rows[2].deadline", (), (row_(f'deadline = "fast"\n{BASED}'),)),
    Way("otherwise-deadline", routed("", ', deadline = "fast"'), {"another": {"routing": '[upper]\notherwise.deadline = "slow"', **MORE}, "removed": {"routing": '[upper]\notherwise.remove = ["deadline"]'}},
        "upper.otherwise.deadline", ({"routing": f'[upper]\notherwise.deadline = "slow"\notherwise.{CLAUSE}', **MORE},)),
]  # fmt: skip

BOUNDS = [
    Way("cap", CAP, {"at_most": cap("at_most = 200"), "within": cap('within = "6 months"'), "same": cap('same = ["needs", "residence", "name"]'), "sum removed": cap('remove = ["sum"]')},
        "medical-aid.caps.once.at_most|medical-aid.caps.once.within|medical-aid.caps.once.sum|medical-aid.caps.once.same|medical-aid.caps.once.override", (cap("at_most = 200", True), cap('remove = ["sum"]', True), cap('override = { by = "clerk", reason = "findings", cites = ["BS-三(一)-1"] }')),
        (cap("at_most = 50"), cap('remove = ["same"]'), cap('remove = ["override"]'))),
    Way("cap-gone", CAP, {"removed": caps('remove = ["once"]'), "all removed": {"programmes": '[medical-aid]\nremove = ["caps"]'}, "for a wider one": caps(f'remove = ["once"]\n{LIKE % 200}')},
        "medical-aid.caps.once", (caps(f"remove.once = {GONE.format()}"), {"programmes": f"[medical-aid]\nremove.caps = {GONE.format()}"}), (caps(f'remove = ["once"]\n{LIKE % 50}'),)),
    Way("staffed", ROLE, {"changed": {"roles": '[upper]\nstaffed = [{ in = "village", at_least = 1, practice = "本区" }]'}, "none": {"roles": "[upper]\nstaffed = []"}, "removed": {"roles": '[upper]\nremove = ["staffed"]'}}, "upper.staffed",
        ({"roles": '[upper]\nstaffed = [{ in = "village", at_least = 1, cites = ["BS-三(一)-1"] }]'}, {"roles": f"[upper]\nremove.staffed = {GONE.format()}"}), ({"roles": '[upper]\nstaffed = [{ in = "village", at_least = 3, practice = "本区" }]'},)),
    Way("quorum", MEETING, {"changed": {"meetings": '[upper]\nquorum = "half"'}, "removed": {"meetings": '[upper]\nremove = ["quorum"]'}}, "upper.quorum", ({"meetings": f'[upper]\nquorum = "half"\n{CLAUSE}'},), ({"meetings": '[upper]\nquorum = "all"'},)),
]  # fmt: skip

FEAST = '[holidays.own]\nname = "本区节日"\ndays = [2026-08-06, 2026-08-07]\n'
NEXT = {"calendars/2028": f'year = 2028\npublished = true\nsource = "通知"\n{FEAST.replace("2026", "2028")}'}


def year(text: str) -> dict[str, str]:
    return {"calendars/2026": text}


DAYS = [
    Way("days-off", {}, {"added": year(FEAST), "more of a holiday": year("[holidays.new-year]\ndays = [2026-01-01, 2026-01-02, 2026-01-03, 2026-01-05, 2026-01-06]"), "a year of its own": NEXT},
        "holidays.own.days|holidays.new-year.days", (year(f'{FEAST}source = "某自治区办公厅通知"'), {"calendars/2028": f'{NEXT["calendars/2028"]}source = "某自治区办公厅通知"'}),
        (year(FEAST.replace("2026-08-06, 2026-08-07", "2026-08-08")), year("[holidays.new-year]\ndays = [2026-01-01]\n[workdays]\nremove.2026-01-04.cites = [\"BS-三(一)-1\"]"))),
    Way("make-up-day", {}, {"removed": year('[workdays]\nremove = ["2026-01-04"]'), "all removed": year('remove = ["workdays"]')}, "workdays.2026-01-04|workdays.2026-02-14|workdays.2026-02-28|workdays.2026-05-09|workdays.2026-09-20|workdays.2026-10-10", (year(f"[workdays]\nremove.2026-01-04 = {GONE.format()}"), year(f"remove.workdays = {GONE.format()}"))),
]  # fmt: skip

WAYS = [*TIMES, *DAYS, *OFFICES, *PACES, *ROWS, *DUTIES, *BOUNDS]


def _found(way: Way, below: dict[str, str]) -> list[Problem]:
    problems = told(way.files(below))
    assert [str(each) for each in problems if each.severity is Severity.ERROR and each.code not in CODES] == []
    return [each for each in problems if each.code in CODES]


LOOSER = [(way, said) for way in WAYS for said in way.looser]


@pytest.mark.parametrize(("way", "said"), LOOSER, ids=[f"{way.name}: {said}" for way, said in LOOSER])
def test_what_is_looser_is_told_where_it_is_said(way: Way, said: str) -> None:
    found = _found(way, way.looser[said])
    assert found
    assert {each.key for each in found} <= set(way.key.split("|"))
    assert all(each.file.startswith(f"workflows/{BOSHAN}/") and "本级" in each.message and each.hint for each in found)


CITED = [(way, text) for way in WAYS for text in way.cited]


@pytest.mark.parametrize(("way", "text"), CITED, ids=[way.name for way, _ in CITED])
def test_with_a_clause_of_its_own_a_layer_may_be_looser(way: Way, text: dict[str, str]) -> None:
    assert _found(way, text) == []


TIGHTER = [(way, text) for way in WAYS for text in (*way.tighter, {})]


@pytest.mark.parametrize(("way", "text"), TIGHTER, ids=[way.name for way, _ in TIGHTER])
def test_what_is_tighter_or_the_same_needs_none(way: Way, text: dict[str, str]) -> None:
    assert _found(way, text) == []
