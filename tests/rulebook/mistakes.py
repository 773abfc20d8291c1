# ruff: noqa: E501 - a mistake is read best on one line
"""Mistakes that a county administrator would really make, each a small patch over the county's own files."""

from collections.abc import Mapping
from dataclasses import dataclass

W = "workflows/370304-boshan"
F = "forms/370304-boshan"
ROOT = "workflows/00-national"


@dataclass(frozen=True)
class Mistake:
    """In a file, `old` is replaced by `new`, once; without `old` the file is written anew, without `new` taken away.

    `also` are changes that belong to the same mistake.
    """

    name: str
    file: str
    old: str = ""
    new: str = ""
    also: "tuple[Mistake, ...]" = ()

    def made_in(self, files: Mapping[str, str]) -> dict[str, str]:
        """Return the files with this mistake in them."""
        changed = dict(files)
        if not self.old and not self.new:
            del changed[self.file]
        elif not self.old:
            changed[self.file] = self.new
        else:
            assert self.old in files[self.file], f"{self.name}: “{self.old}” stands no longer in {self.file}"
            changed[self.file] = files[self.file].replace(self.old, self.new, 1)
        for more in self.also:
            changed = more.made_in(changed)
        return changed


PROGRAMMES = f"{ROOT}/programmes.toml"
MEDICAL_AID = '[medical-aid]\nlabel = "医疗救助"\ndecided_by = "county"\ncites = ["社会救助法§24"]\n'


def capped(cap: str, within: str = "year", basis: str = '\npractice = "试验"') -> str:
    """Medical aid with a cap."""
    return f'{MEDICAL_AID}[medical-aid.caps.once]\nlabel = "一年一次"\n{cap}\nwithin = "{within}"{basis}\n'


def held(rule: str, basis: str = '\npractice = "试验"') -> str:
    """Medical aid with what is written down of it."""
    return f"{MEDICAL_AID}[medical-aid.held]\n{rule}{basis}\n"


def roster(more: str = "", programme: str = "subsistence-allowance", signed_off_by: str = "leader") -> str:
    """A roster of the bureau."""
    names = f'programme = "{programme}"\ndrafted_by = "civil-affairs"\nsigned_off_by = "{signed_off_by}"\n'
    return f'[subsistence-roll]\nlabel = "低保金发放名册"\n{names}practice = "试验"\n{more}\n'


ALL_CLOSED = 'sample = { ratio = "all", per = "month", minimum = 1 }'


def strata(layers: str, rest: str = "0.3") -> str:
    """A sample of closed cases by stratum."""
    return f"sample = {{ ratio = {rest}, strata = [{layers}] }}"


_ALONE = '{"id": "alone", "when": {"household_size": 1}, "says": "人口不符。", "at": "members"}'
_KIN = '{"title": "亲属", "type": "array", "items": {"properties": {"income": {"title": "收入", "type": "number"}}}, "maxItems": 9}'

MISTAKES = [
    # What no rule can mean, and files that are none
    Mistake("nested-without-end", f"{F}/deep.json", new='{"a": ' * 30 + "1" + "}" * 30),
    Mistake("list-instead-of-a-form", f"{F}/visits.json", new="[]"),
    Mistake("file-beyond-measure", f"{W}/meetings.toml", 'label = "', "# 会议记录\n" * 40_000 + 'label = "'),
    Mistake("line-beyond-measure", f"{W}/meetings.toml", 'label = "', f'label = "{"很" * 2_100}'),
    Mistake("file-named-in-chinese", f"{F}/走访.json", new="{}"),
    Mistake("half-a-character", f"{F}/clue-report.json", '"title": "发现人姓名"', '"title": "发现人\\ud800姓名"'),
    Mistake("unseen-character", f"{W}/units.toml", 'label = "区委宣传部"', 'label = "区委\u200b宣传部"'),
    Mistake("number-without-end", f"{W}/feeds.toml", "keep_when.amount.at_least = 20000", "keep_when.amount.at_least = inf"),
    Mistake("format-of-later", f"{W}/jurisdiction.toml", "serves = true", "serves = true\nformat = 99"),
    # How TOML is written
    Mistake("full-width-equals", f"{W}/deadlines.toml", 'label = "线索当日上报"', 'label ＝ "线索当日上报"'),
    Mistake("full-width-comma", f"{W}/routing.toml", '["BS-二(二)3-9", "BS-二(二)3-10b"]', '["BS-二(二)3-9"，"BS-二(二)3-10b"]'),
    Mistake("chinese-quotes", f"{W}/units.toml", 'label = "区委宣传部"', "label = “区委宣传部”"),
    Mistake("missing-quotes", f"{W}/deadlines.toml", 'limit = "same day"', "limit = same day"),
    Mistake("missing-equals", f"{W}/jurisdiction.toml", "serves = true", "serves true"),
    Mistake("bracket-not-closed", f"{W}/roles.toml", "", '[clerk]\nlabel = "经办人"\nmay = ["claim", "complete"\n'),
    Mistake("quote-not-closed", f"{W}/notices.toml", 'label = "线索转办单"', 'label = "线索转办单'),
    Mistake("three-quotes-not-closed", f"{W}/notices.toml", 'label = "线索转办单"', 'label = """线索转办单"'),
    Mistake("three-quotes-closed-by-others", f"{W}/notices.toml", 'label = "线索转办单"', 'label = """线索转办单"', also=(Mistake("", f"{W}/notices.toml", 'label = "督办通知单"', 'label = """督办通知单"""'),)),
    Mistake("key-twice", f"{W}/deadlines.toml", 'limit = "same day"', 'limit = "same day"\nlimit = "24 hours"'),
    Mistake("table-twice", f"{W}/units.toml", "[fire-rescue]", "[traffic-police]"),
    Mistake("two-on-a-line", f"{W}/units.toml", 'label = "区委宣传部"', 'label = "区委宣传部" superior = "leading-group"'),
    Mistake("date-in-quotes", f"{W}/policies.toml", "in_force = 2021-05-20", 'in_force = "2021-05-20"'),
    Mistake("no-such-day", f"{W}/policies.toml", "in_force = 2021-05-20", "in_force = 2021-02-30"),
    Mistake("date-with-dots", f"{W}/policies.toml", "in_force = 2021-05-20", "in_force = 2021.05.20"),
    # Keys and shapes
    Mistake("unknown-key", f"{W}/deadlines.toml", "remind = [\"1 workday before\", \"at due\", \"1 workday after\"]", "reminds = [\"at due\"]"),
    Mistake("chinese-id", f"{W}/units.toml", "[propaganda]", '["宣传部"]'),
    Mistake("remove-inside-a-table", f"{W}/units.toml", 'label = "区委宣传部"', 'label = "区委宣传部"\nremove = ["township"]'),
    Mistake("capital-id", f"{W}/units.toml", "[propaganda]", "[Propaganda]"),
    Mistake("label-missing", f"{W}/units.toml", 'label = "区委宣传部"\n', ""),
    Mistake("list-without-brackets", f"{W}/routing.toml", 'assist = ["township"]', 'assist = "township"'),
    Mistake("yes-in-quotes", f"{W}/jurisdiction.toml", "serves = true", 'serves = "true"'),
    Mistake("cites-empty", f"{W}/meetings.toml", 'cites = ["BS-三(一)-1"]', "cites = []"),
    Mistake("unknown-layout", f"{W}/notices.toml", 'layout = "letter"', 'layout = "leter"'),
    Mistake("returns-of-nobody", f"{W}/flows/clue.toml", 'deadline = "notify"', 'deadline = "notify"\nreturns = 1'),
    Mistake("returns-without-basis", f"{W}/flows/clue.toml", 'cites = ["BS-二(二)3-7", "BS-二(二)3-10b"]', 'returns = 1'),
    Mistake("deemed-outcome-misspelt", f"{W}/flows/clue.toml", 'join = "all"', 'join = "all"\non_breach = "granteed"'),
    Mistake("limit-set-by-a-text", f"{W}/deadlines.toml", 'label = "调查处理情况反馈"', 'label = "调查处理情况反馈"\nset_by = { answer = "hardship", at_most = "10 workdays" }'),
    Mistake("limit-set-without-length", f"{W}/deadlines.toml", 'label = "调查处理情况反馈"', 'label = "调查处理情况反馈"\nset_by = { answer = "visited_on", at_most = "same day" }'),
    Mistake("summer-closes-later", f"{W}/jurisdiction.toml", "[soft]", '[[office.seasons]]\nlabel = "夏季"\nfrom = "06-01"\nto = "08-31"\nhours = ["08:30-12:00", "14:30-18:00"]\n\n[soft]'),
    Mistake("seasons-overlap", f"{W}/jurisdiction.toml", "[soft]", '[[office.seasons]]\nfrom = "06-01"\nto = "08-31"\nhours = ["08:30-12:00", "14:00-17:30"]\n[[office.seasons]]\nlabel = "秋季"\nfrom = "08-31"\nto = "10-31"\nhours = ["08:30-12:00", "13:30-17:00"]\n\n[soft]'),
    Mistake("season-in-chinese", f"{W}/jurisdiction.toml", "[soft]", '[[office.seasons]]\nfrom = "6月1日"\nto = "08-31"\nhours = ["08:30-12:00", "14:00-17:30"]\n\n[soft]'),
    Mistake("unit-closes-later", f"{W}/units.toml", "[fire-rescue]\n", '[fire-rescue]\noffice.hours = ["09:00-12:00", "14:00-18:00"]\n'),
    Mistake("unit-season-closes-later", f"{W}/units.toml", "[fire-rescue]\n", '[fire-rescue]\noffice.seasons = [{ from = "06-01", to = "08-31", hours = ["09:00-12:00", "14:00-18:00"] }]\n'),
    Mistake("served-where-nothing-is", f"{W}/units.toml", "[fire-rescue]\n", '[street-office]\nlabel = "{division}街道办"\nper = "township"\ninstances.370304001.serves = ["370304", "370304999"]\n\n[fire-rescue]\n'),
    Mistake("served-twice", f"{W}/units.toml", "[fire-rescue]\n", '[street-office]\nlabel = "{division}街道办"\nper = "township"\ninstances.370304001 = { label = "甲社", serves = ["370304002", "370304001"] }\ninstances.370304003 = { serves = ["370304002"] }\n\n[fire-rescue]\n'),
    Mistake("unit-office-of-no-hours", f"{W}/units.toml", "[fire-rescue]\n", '[fire-rescue]\noffice.cites = ["BS-二(二)3-7"]\n'),
    # Names
    Mistake("unit-misspelt", f"{W}/routing.toml", 'lead = "medical-insurance-bureau"', 'lead = "medical-insurence-bureau"'),
    Mistake("clause-unknown", f"{W}/deadlines.toml", 'cites = ["BS-二(二)3-7"]', 'cites = ["BS-二(二)3-17"]'),
    Mistake("clause-full-width", f"{W}/deadlines.toml", 'cites = ["BS-二(二)3-7"]', 'cites = ["BS-二（二）3-7"]'),
    Mistake("basis-missing", f"{W}/deadlines.toml", 'cites = ["BS-二(二)3-7"]\n', ""),
    Mistake("practice-empty", f"{W}/deadlines.toml", 'practice = "方案未定办结总时限，本区要求二十个工作日内办结归档"', 'practice = ""'),
    Mistake("role-misspelt", f"{W}/routing.toml", 'confirm = "leader"', 'confirm = "leeder"'),
    Mistake("role-may-not-confirm", f"{W}/routing.toml", 'confirm = "leader"', 'confirm = "clerk"'),
    Mistake("act-unknown", f"{W}/roles.toml", "", '[clerk]\nlabel = "经办人"\nmay = ["claim", "approve"]\n'),
    Mistake("role-mixes-offices", f"{W}/roles.toml", "", '[auditor]\nlabel = "安全审计员"\nmay = ["audit", "administer"]\n'),
    Mistake("role-audits-and-works", f"{W}/roles.toml", "", '[clerk]\nlabel = "经办人"\nmay = ["claim", "complete", "audit"]\n'),
    Mistake("form-misspelt", f"{W}/flows/clue.toml", 'form = "investigation-feedback"', 'form = "investigation-feedbak"'),
    Mistake("notice-misspelt", f"{W}/flows/clue.toml", 'prints = ["transfer-slip"]', 'prints = ["transfer-slips"]'),
    Mistake("signer-may-not-sign", f"{W}/notices.toml", 'signed_off_by = "leader"', 'signed_off_by = "clerk"'),
    Mistake("superior-loop", f"{W}/units.toml", '[leading-group]\n', '[leading-group]\nsuperior = "leading-group-office"\n'),
    Mistake("division-placeholder", f"{W}/units.toml", 'label = "区委宣传部"', 'label = "{division}宣传部"'),
    # Limits
    Mistake("limit-in-chinese", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "5个工作日"'),
    Mistake("limit-two-words", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "5 work days"'),
    Mistake("limit-half-day-in-chinese", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "半天"'),
    Mistake("limit-last-workday-of-the-quarter", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "by last workday of the quarter"'),
    Mistake("limit-as-number", f"{W}/deadlines.toml", 'limit = "5 workdays"', "limit = 5"),
    Mistake("limit-missing", f"{W}/deadlines.toml", 'limit = "5 workdays"\n', ""),
    Mistake("soft-word-unknown", f"{W}/deadlines.toml", 'limit = "soft:promptly"', 'limit = "soft:prompt"'),
    Mistake("local-not-set", f"{W}/deadlines.toml", 'limit = "soft:promptly"', 'limit = "local"'),
    Mistake("remind-unreadable", f"{W}/deadlines.toml", '"1 workday before"', '"before 1 workday"'),
    Mistake("extension-no-longer", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "5 workdays"\nextend = { by = "leader", to = "3 workdays" }'),
    Mistake("extension-by-clerk", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "5 workdays"\nextend = { by = "clerk", to = "10 workdays" }'),
    Mistake("extension-without-end", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "5 workdays"\nextend = { by = "leader" }'),
    Mistake("extension-soft", f"{W}/deadlines.toml", 'limit = "5 workdays"', 'limit = "5 workdays"\nextend = { by = "leader", to = "soft:promptly" }'),
    Mistake("repeat-unreadable", f"{W}/deadlines.toml", 'remind = ["1 workday before"', 'repeat = "never"\nremind = ["1 workday before"'),
    Mistake("repeat-too-seldom", f"{W}/deadlines.toml", 'remind = ["1 workday before"', 'repeat = "90 days"\nremind = ["1 workday before"'),
    Mistake("anchor-unknown", f"{W}/deadlines.toml", 'from = "answers.found_at"', 'from = "answers.find_at"'),
    Mistake("escalate-act", f"{W}/deadlines.toml", 'act = "supervise"', 'act = "督办"'),
    Mistake("merge-in-months", f"{W}/flows/clue.toml", 'merge_within = "30 days"', 'merge_within = "1 month"'),
    # Conditions
    Mistake("need-unknown", f"{W}/routing.toml", 'when.needs.any = ["medical"]', 'when.needs.any = ["medicine"]'),
    Mistake("fact-unknown", f"{W}/routing.toml", 'when.needs.any = ["medical"]', 'when.need.any = ["medical"]'),
    Mistake("any-without-brackets", f"{W}/routing.toml", 'when.needs.any = ["medical"]', 'when.needs.any = "medical"'),
    Mistake("choices-compared-with-is", f"{W}/routing.toml", 'when.needs.any = ["medical"]', 'when.needs = "medical"'),
    Mistake("boolean-compared-with-text", f"{W}/flows/clue.toml", "when.eligible = true", 'when.eligible = "是"'),
    Mistake("number-compared-with-text", f"{W}/feeds.toml", "keep_when.amount.at_least = 20000", 'keep_when.amount.at_least = "2万"'),
    Mistake("operator-misspelt", f"{W}/feeds.toml", "keep_when.amount.at_least = 20000", "keep_when.amount.atleast = 20000"),
    Mistake("operator-on-text", f"{W}/feeds.toml", "keep_when.amount.at_least = 20000", "keep_when.name.at_least = 20000"),
    Mistake("person-fact-unknown", f"{W}/feeds.toml", "unless.person.entitled.any", "unless.person.entitle.any"),
    # Routing
    Mistake("row-id-twice", f"{W}/routing.toml", 'id = "education"', 'id = "medical"'),
    Mistake("row-leads-nowhere", f"{W}/routing.toml", 'lead = "education-sports-bureau"\n', ""),
    Mistake("hit-misspelt", f"{W}/routing.toml", 'hit = "collect"', 'hit = "all"'),
    Mistake("informs-misspelt", f"{W}/routing.toml", 'lead = "medical-insurance-bureau"', 'lead = "medical-insurance-bureau"\ninforms = ["civil-affair"]'),
    Mistake("informs-its-own-lead", f"{W}/routing.toml", 'lead = "medical-insurance-bureau"', 'lead = "medical-insurance-bureau"\ninforms = ["medical-insurance-bureau"]'),
    Mistake("row-form-misspelt", f"{W}/routing.toml", 'lead = "medical-insurance-bureau"', 'lead = "medical-insurance-bureau"\nform = "investigation-feedbak"'),
    Mistake("row-form-lacks-a-field", f"{W}/routing.toml", 'lead = "medical-insurance-bureau"', 'lead = "medical-insurance-bureau"\nform = "visit"'),
    Mistake("row-deadline-of-a-case", f"{W}/routing.toml", 'lead = "medical-insurance-bureau"', 'lead = "medical-insurance-bureau"\ndeadline = "case-closing"'),
    # Flows
    Mistake("state-and-form-by-their-names", f"{W}/flows/clue.toml", 'to = "notify"', 'to = "告知与回访"', also=(Mistake("", f"{W}/flows/clue.toml", 'form = "notify-and-survey"', 'form = "告知与回访测评表"'),)),
    Mistake("outcome-to-nowhere", f"{W}/flows/clue.toml", 'outcomes.done.to = "archived"', 'outcomes.done.to = "archive"'),
    Mistake("state-without-exit", f"{W}/flows/clue.toml", 'outcomes.done.label = "已告知并回访"\noutcomes.done.to = "archived"\n', ""),
    Mistake("flow-without-end", f"{W}/flows/emergency-aid.toml", "ends = true\n", 'outcomes.again.to = "account"\n'),
    Mistake("state-of-nobody", f"{W}/flows/emergency-aid.toml", 'unit = "township"\nform = "first-aid"', 'form = "first-aid"'),
    Mistake("requires-no-field", f"{W}/flows/clue.toml", 'requires = ["refusal_reason"]', 'requires = ["reason"]'),
    Mistake("grants-no-field", f"{W}/flows/clue.toml", 'grants = "$answers.programme"', 'grants = "$answers.program"'),
    Mistake("interrupted-by-unknown", f"{W}/flows/clue.toml", 'label = "归档"\nends = true', 'label = "公示"\nwaits = "7 days"\npublishes = "village-borad"\ninterrupted_by = "objections"\nends = true'),
    Mistake("objection-of-nobody", f"{F}/first-aid.json", '  "x-sections"', '  "x-objection": {"to": "publication"},\n  "x-sections"'),
    Mistake("objection-by-unknown", f"{F}/clue-report.json", '  "x-sections"', '  "x-objection": {"to": "publication", "by": "reporter"},\n  "x-sections"'),
    Mistake("objection-to-a-board", f"{F}/clue-report.json", '  "x-sections"', '  "x-objection": {"to": "village-board"},\n  "x-sections"'),
    Mistake("upheld-without-objections", f"{W}/flows/clue.toml", '[states.handling.outcomes.granted]\n', '[states.handling.outcomes.granted]\nupholds = true\n'),
    Mistake("against-by-a-plain-form", f"{W}/scenarios/nobody-knows-yet.toml", 'submit = "clue-report"\n', 'submit = "clue-report"\nagainst = "clue"\n'),
    Mistake("uncounted-without-basis", f"{W}/flows/clue.toml", 'cites = ["BS-二(二)3-1", "BS-二(二)3-4"]\n', "counts = false\n"),
    Mistake("form-opens-two-flows", f"{W}/flows/emergency-aid.toml", 'start = "first-aid"', 'start = "first-aid"\nopens_on = ["clue-report"]'),
    Mistake("join-misspelt", f"{W}/flows/clue.toml", 'join = "all"', 'join = "first"'),
    Mistake("join-of-one", f"{W}/flows/clue.toml", 'form = "notify-and-survey"', 'form = "notify-and-survey"\njoin = "any"'),
    Mistake("undecided-misspelt", f"{W}/flows/clue.toml", 'join = "all"', 'join = "first-decided"\nundecided = ["refered"]'),
    Mistake("role-of-a-state-misspelt", f"{W}/flows/clue.toml", 'form = "notify-and-survey"', 'form = "notify-and-survey"\nrole = "leeder"'),
    Mistake("role-that-cannot-complete", f"{W}/flows/clue.toml", 'form = "notify-and-survey"', 'form = "notify-and-survey"\nrole = "leader"'),
    Mistake("role-beside-confirm", f"{W}/flows/clue.toml", 'routes_by = "clue"', 'routes_by = "clue"\nrole = "leader"'),
    # Papers, ledgers, indicators
    Mistake("circular-nobody-signs", f"{W}/notices.toml", "[supervision-notice]", '[circular]\nlabel = "通报"\nlayout = "document"\nabout = "overdue"\ncopies = ["health-bureau"]\ntemplate = "transfer-slip.html"\npractice = "试验"\n\n[supervision-notice]'),
    Mistake("paper-to-one-unit-twice", f"{W}/notices.toml", 'seal = "', 'to = ["civil-affairs", "health-bureau", "civil-affairs"]\ncopies = ["health-bureau"]\nseal = "'),
    Mistake("paper-to-nobody-known", f"{W}/notices.toml", 'seal = "', 'to = ["civil-affair"]\nseal = "'),
    Mistake("number-without-n", f"{W}/notices.toml", "博社救转〔{year}〕{n}号", "博社救转〔{year}〕号"),
    Mistake("number-placeholder", f"{W}/notices.toml", "博社救转〔{year}〕{n}号", "博社救转〔{years}〕{n}号"),
    Mistake("template-missing", f"{W}/notices.toml", '[transfer-slip]\n', '[transfer-slip]\ntemplate = "transfer-slips.html"\n'),
    Mistake("ledger-column-misspelt", f"{W}/ledgers.toml", '"clue.found_at", "clue.source"', '"clue.find_at", "clue.source"'),
    Mistake("ledger-label-without-column", f"{W}/ledgers.toml", '"task.units" = "承办单位"', '"task.unites" = "承办单位"'),
    Mistake("indicator-state", f"{W}/indicators.toml", 'where.state = "handling"', 'where.state = "handing"'),
    Mistake("indicator-fact", f"{W}/indicators.toml", "part.where.completed_in_time = true", "part.where.complete_in_time = true"),
    Mistake("indicator-outcome", f"{W}/indicators.toml", "part.where.closed = true", 'part.where.outcome.in = ["doen", "不符合条件"]', also=(Mistake("", f"{W}/ledgers.toml", 'of = "person"', 'of = "person"\nwhere.entitled.any = ["medical-ai"]'),)),
    # Duties and feeds
    Mistake("duty-reported-twice", f"{W}/duties.toml", 'to = "service-centre"', 'to = ["service-centre", "township", "service-centre"]'),
    Mistake("duty-reported-to-itself", f"{W}/duties.toml", 'of = "township"\nto = "service-centre"', 'of = "township"\nto = ["service-centre", "township"]'),
    Mistake("duty-due-other-period", f"{W}/duties.toml", 'due = "day 5"', 'due = "last Friday of the quarter"'),
    Mistake("duty-due-outside-ten-days", f"{W}/duties.toml", 'every = "month"\ndue = "day 5"', 'every = "ten days"\ndue = "day 15"'),
    Mistake("duty-starting-every-month", f"{W}/duties.toml", 'every = "month"', 'every = "month"\nstarting = 2026-01-05'),
    Mistake("duty-due", f"{W}/duties.toml", 'due = "Monday"', 'due = "周一"'),
    Mistake("duty-never", f"{W}/duties.toml", 'on = "event"\nfrom = "answers.occurred_on"               # the day of the event, not the day it was entered\n', ""),
    Mistake("duty-on-what-never-happens", f"{W}/duties.toml", 'on = "event"\n', 'on = "case.archive"\n'),
    Mistake("duty-anchor", f"{W}/duties.toml", 'from = "answers.occurred_on"', 'from = "answers.occured_on"'),
    Mistake("stratum-with-two-shares", f"{W}/duties.toml", ALL_CLOSED, strata('{ when.willing = true, ratio = 0.5, count = 5 }, { when.willing = false }')),
    Mistake("stratum-of-no-fact", f"{W}/duties.toml", ALL_CLOSED, strata('{ when.wiling = true, ratio = 0.5 }')),
    Mistake("stratum-of-no-clause", f"{W}/duties.toml", ALL_CLOSED, strata('{ when.willing = true, ratio = 0.5, cites = ["BS-9"] }')),
    Mistake("stratum-left-open", f"{W}/duties.toml", ALL_CLOSED, strata('{ when.willing = true, ratio = "local" }')),
    Mistake("sample-in-each-hamlet", f"{W}/duties.toml", ALL_CLOSED, 'sample = { ratio = 0.3, at_least.vilage = 1 }'),
    Mistake("drawn-without-ids", f"{W}/scenarios/drawn.toml", new='label = "抽查"\n[[steps]]\nat = 2026-05-31T17:00:00\ndraw = "return-visits"\nthings = [{ id = "甲" }, { willing = true }, { id = "甲" }]\nexpect.drawn = 2\n'),
    Mistake("duty-while-unknown", f"{W}/duties.toml", 'on = "event"\n', 'while = "cold-wave"\n'),
    Mistake("duty-level-of-nothing", f"{W}/duties.toml", 'every = "month"', 'every = "month"\nfrom_level = "orange"'),
    Mistake("off-hours-of-nobody", f"{W}/jurisdiction.toml", "[soft]", '[[off_hours]]\nduring = ["night"]\nunit = "service-center"\nrole = "duty-offcer"\n\n[soft]'),
    Mistake("off-hours-when", f"{W}/jurisdiction.toml", "[soft]", '[[off_hours]]\nduring = ["nights"]\nunit = "service-centre"\npractice = "值班表"\n\n[soft]'),
    Mistake("off-hours-of-a-unit", f"{W}/units.toml", "[fire-rescue]\n", '[fire-rescue]\noff_hours = [{ unit = "fire-rescue", role = "watch", practice = "值班表" }]\n'),
    Mistake("rhythms-of-what-nobody-visits", f"{W}/duties.toml", 'every = "month"\ndue = "day 5"', 'every = "month"\ndue = "day 5"\nrhythms = [{ every = "week", places = ["370304102"] }]'),
    Mistake("rhythm-of-a-level-of-nothing", f"{W}/duties.toml", 'satisfied_by = "visit"\n', 'satisfied_by = "visit"\nrhythms = [{ every = "day", from_level = "orange" }, { every = "day", while = "cold-wave" }, { every = "day", season = { from = "06-31", to = "09-30" } }]\n'),
    Mistake("rhythms-and-an-event", f"{W}/duties.toml", 'satisfied_by = "visit"\n', 'satisfied_by = "visit"\non = "event"\nrhythms = [{ every = "day", cites = ["BS-9-9"], for.catgories.any = ["subsistence"] }]\n'),
    Mistake("equivalents-of-no-way", f"{W}/duties.toml", 'satisfied_by = "visit"\n', 'satisfied_by = "visit"\nequivalents = [{ by = ["phone"], practice = "试验" }]\n'),
    Mistake("equivalents-unread", f"{W}/duties.toml", 'satisfied_by = "visit"\n', 'satisfied_by = "visit"\nway = "way"\nin_full = ["home-visit", "phone"]\nequivalents = [{ by = ["phone", "fax"], at_most = "2 of 2", practice = "试验" }]\n'),
    Mistake("equivalents-of-a-field-there-is-not", f"{W}/duties.toml", 'satisfied_by = "visit"\n', 'satisfied_by = "visit"\nway = "wya"\nin_full = ["home-visit"]\n'),
    Mistake("duty-by-oclock", f"{W}/duties.toml", 'every = "month"\ndue = "day 5"', 'every = "month"\ndue = "day 5"\nby = "18时"'),
    Mistake("duty-by-an-hour-of-no-day", f"{W}/duties.toml", 'on = "event"', 'on = "event"\nby = "18:00"'),
    Mistake("instead-of-what-nobody-owes", f"{W}/duties.toml", 'on = "event"\n', 'on = "event"\ninstead_of = "patrol"\n'),
    Mistake("instead-of-a-duty-misspelt", f"{W}/duties.toml", 'on = "event"\n', 'on = "event"\ninstead_of = "township-montly"\n'),
    Mistake("instead-of-what-others-owe", f"{W}/duties.toml", 'on = "event"\n', 'on = "event"\ninstead_of = "township-monthly"\n'),
    Mistake("quota-of-no-number", f"{W}/duties.toml", 'form = "monthly-report"\n', 'form = "monthly-report"\nquota = { counts = "visit", out_of = "households", at_least = "1/3", in_all = "all", within = "year" }\n'),
    Mistake("fill-of-nothing", f"{W}/duties.toml", 'form = "monthly-report"\n', 'form = "monthly-report"\nfills.clues_closed = { where.flow = "clue" }\nfills.clue_found = { of = "case" }\nfills.persons_aided = { of = "visit", sum = "amounts" }\n'),
    Mistake("fill-without-period", f"{W}/duties.toml", 'form = "return-visit"\n', 'form = "return-visit"\nfills.satisfied = { sums = "satisfied" }\n'),
    Mistake("prefill-of-what-visits-do", f"{W}/duties.toml", 'satisfied_by = "visit"\n', 'satisfied_by = "visit"\nprefill = "clue-ledger"\n'),
    Mistake("equation-unread", f"{F}/monthly-report.json", '  "x-sections"', '  "x-equations": ["clues_closed < clues_found", "clues_closed <= clues_find"],\n  "x-computed-titles": {"rate": "办结率"},\n  "x-sections"'),
    Mistake("quota-unread", f"{W}/duties.toml", 'form = "monthly-report"\n', 'form = "monthly-report"\nquota = { counts = "households_visited", at_least = "三分之一", in_all = "all", within = "year" }\n'),
    Mistake("quota-over-no-whole-periods", f"{W}/duties.toml", 'form = "monthly-report"\n', 'form = "monthly-report"\nquota = { counts = "households_visited", at_least = 1, in_all = 2, within = "month" }\n'),
    Mistake("quota-and-an-event", f"{W}/duties.toml", 'on = "event"\n', 'on = "event"\nquota = { counts = "households_visited", at_least = 1, in_all = 2, within = "year" }\n'),
    Mistake("or-else-nobody", f"{W}/duties.toml", 'of = "traffic-police"\n', 'of = "traffic-police"\nor_else = "vilage"\n'),
    Mistake("or-else-who-is-not-above", f"{W}/duties.toml", 'of = "traffic-police"\n', 'of = "traffic-police"\nor_else = "village"\n'),
    Mistake("duty-while-and-on", f"{W}/duties.toml", 'on = "event"', 'on = "event"\nwhile = "cold-wave"'),
    Mistake("alert-level-unnamed", f"{W}/alerts.toml", "", '[cold-wave]\nlabel = "寒潮"\nlevels = ["yellow", "red"]\nlabels = { yellow = "黄色预警", orange = "橙色预警" }\nby = ["township"]\npractice = "试验"\n'),
    Mistake("alert-by-nobody-known", f"{W}/alerts.toml", "", '[cold-wave]\nlabel = "寒潮"\nlevels = ["red"]\nlabels = { red = "红色预警" }\nby = ["township", "emergency"]\nrole = "leeder"\n'),
    Mistake("alert-without-levels", f"{W}/alerts.toml", "", '[cold-wave]\nlabel = "寒潮"\nlevels = []\nby = ["township"]\npractice = "试验"\n'),
    Mistake("feed-unless-entitled-to-nothing-known", f"{W}/feeds.toml", 'unless.person.entitled.any = ["disaster-relief"]', 'unless.person.entitled.any = ["灾害救助", "disaster-releif"]'),
    Mistake("feed-column", f"{W}/feeds.toml", "columns.platform", "columns.plattform"),
    # Forms
    Mistake("json-trailing-comma", f"{F}/visit.json", "", '{\n  "title": "走访记录表",\n  "type": "object",\n}\n'),
    Mistake("json-missing-comma", f"{F}/clue-report.json", '"title": "困难线索登记表",', '"title": "困难线索登记表"'),
    Mistake("json-key-twice", f"{F}/clue-report.json", '    "willing": {', '    "remarks": {"title": "补充", "type": "string", "maxLength": 50},\n    "willing": {'),
    Mistake("json-comment", f"{F}/clue-report.json", '  "type": "object",', '  // 村级填写\n  "type": "object",'),
    Mistake("text-without-size", f"{F}/clue-report.json", '"title": "就学情况", "type": "string", "maxLength": 200', '"title": "就学情况", "type": "string"'),
    Mistake("pattern-with-backslash-d", f"{F}/monthly-report.json", "[0-9]", "\\\\d"),
    Mistake("pattern-nested", f"{F}/monthly-report.json", '"pattern": "', '"pattern": "([0-9]+)+'),
    Mistake("field-list-unknown", f"{F}/clue-report.json", '"x-list": "finder-role"', '"x-list": "finder"'),
    Mistake("field-section-unknown", f"{F}/clue-report.json", '"x-section": "discovery"', '"x-section": "discover"'),
    Mistake("field-key-misspelt", f"{F}/clue-report.json", '"x-hint": "选到村（社区），线索按此转办。"', '"hint": "选到村（社区），线索按此转办。"'),
    Mistake("field-name-chinese", f"{F}/clue-report.json", '"remarks": {', '"备注": {'),
    Mistake("paper-of-no-kind", f"{F}/clue-report.json", '"format": "resident-id"', '"format": "identity-paper", "x-paper": "id_type"'),
    Mistake("contradiction-nowhere", f"{F}/clue-report.json", '  "x-sections"', '  "x-contradictions": [{"id": "alone", "when": {"household_size": 1}, "says": "人口不符。", "at": "member"}],\n  "x-sections"'),
    Mistake("date-bound", f"{F}/clue-report.json", '"format": "date-time"', '"format": "date-time", "x-not-after": "now"'),
    Mistake("when-on-later-field", f"{F}/clue-report.json", '"x-when": {"willing": true}', '"x-when": {"consent": true}'),
    Mistake("required-no-field", f"{F}/clue-report.json", '"required": ["found_at"', '"required": ["find_at"'),
    Mistake("x-after-loop", f"{F}/clue-report.json", '"x-after": "needs"', '"x-after": "schooling"'),
    Mistake("person-no-field", f"{F}/clue-report.json", '"x-person": {"name": "name"', '"x-person": {"name": "full_name"'),
    Mistake("computed-function", f"{F}/clue-report.json", "age(id_number, found_at)", "ages(id_number, found_at)"),
    Mistake("computed-syntax", f"{F}/clue-report.json", "household_income / 12 / household_size", "household_income / 12 / (household_size"),
    Mistake("computed-full-width", f"{F}/clue-report.json", "household_income / 12 / household_size", "household_income ÷ 12 ÷ household_size"),
    Mistake("remove-no-list", f"{W}/routing.toml", 'otherwise.lead = "township"', 'remove = true\notherwise.lead = "township"'),
    Mistake("history-of-both", f"{W}/flows/clue.toml", "[states.dispatch]", '[history.nobody]\nlabel = "入户未遇"\noutcomes = ["handling.emergency"]\nwhile.willing = false\n\n[states.dispatch]'),
    Mistake("cap-in-words", PROGRAMMES, MEDICAL_AID, capped('at_most = "一次"')),
    Mistake("cap-of-half-a-time", PROGRAMMES, MEDICAL_AID, capped("at_most = 1.5")),
    Mistake("cap-without-basis", PROGRAMMES, MEDICAL_AID, capped("at_most = 1", basis="")),
    Mistake("cap-of-no-standard", PROGRAMMES, MEDICAL_AID, capped('at_most = "6 * $standards.subsistance"\nsum = "amount"')),
    Mistake("cap-within-a-fortnight", PROGRAMMES, MEDICAL_AID, capped("at_most = 1", within="2 weeks")),
    Mistake("held-for-a-while", PROGRAMMES, MEDICAL_AID, held('lasts = "a while"')),
    Mistake("held-by-no-field", PROGRAMMES, MEDICAL_AID, held('amount = "amuont"')),
    Mistake("held-without-basis", PROGRAMMES, MEDICAL_AID, held('lasts = "6 months"', basis="")),
    Mistake("held-as-no-category", PROGRAMMES, MEDICAL_AID, held('category = "subsistance"')),
    Mistake("cap-passed-by-nobody", PROGRAMMES, MEDICAL_AID, capped('at_most = 1\noverride = { by = "leeder", reason = "findings", practice = "试验" }')),
    Mistake("times-with-a-cross", f"{W}/routing.toml", 'when.needs.any = ["medical"]', 'when.household_income.above = "6×$standards.subsistence"'),
    Mistake("computed-fact", f"{F}/clue-report.json", "standards.subsistence", "standards.subsistance"),
    Mistake("serves-nothing-known", f"{F}/clue-report.json", '"deadline:report-clue"', '"deadline:report-clues"'),
    # Lists, programmes, places, calendars
    Mistake("entry-retired-in-words", f"{ROOT}/lists.toml", '[need.medical]\nlabel = "医疗救助"', '[need.medical]\nlabel = "医疗救助"\nretired = "去年底"'),
    Mistake("programme-flow", f"{ROOT}/programmes.toml", 'decided_by = "county"', 'decided_by = "county"\nflow = "clues"'),
    Mistake("division-level", f"{W}/divisions.csv", "370304001,城东街道,township", "370304001,城东街道,village"),
    Mistake("division-chinese-level", f"{W}/divisions.csv", "370304001,城东街道,township", "370304001,城东街道,乡级"),
    Mistake("division-twice", f"{W}/divisions.csv", "370304001,城东街道,township", "370304001,城东街道,township\n370304001,城东,township"),
    Mistake("make-up-day-on-a-weekday", f"{ROOT}/calendars/2026.toml", '2026-02-14 = "春节调休上班"', '2026-02-13 = "春节调休上班"'),
    Mistake("holiday-in-another-year", f"{ROOT}/calendars/2026.toml", "2026-04-04, 2026-04-05", "2025-04-04, 2026-04-05"),
    Mistake("office-hours", f"{W}/jurisdiction.toml", "[soft]", '[office]\nhours = ["8点半-12点"]\n[soft]'),
    Mistake("office-hours-backwards", f"{W}/jurisdiction.toml", "[soft]", '[office]\nhours = ["13:30-17:30", "08:30-12:00"]\n[soft]'),
    # Layers and files
    Mistake("slower-without-clause", f"{ROOT}/deadlines.toml", "", '[case-closing]\nlabel = "办结"\nlimit = "10 workdays"\nfrom = "case.opened"\npractice = "全国统一"\n'),
    Mistake("file-misnamed", f"{W}/deadline.toml", "", '[feedback]\nlabel = "反馈"\nlimit = "3 workdays"\nfrom = "task.opened"\n'),
    Mistake("folder-misnamed", f"{W}/flow/clue.toml", "", 'label = "困难线索办理"\n'),
    Mistake("layer-misnamed", "workflows/博山区/units.toml", "", '[fire-rescue]\nlabel = "消防"\n'),
    Mistake("layer-copied", f"{W}-backup/units.toml", "", '[fire-rescue]\nlabel = "消防"\n'),
    Mistake("excel-instead-of-toml", f"{W}/units.csv", "", "propaganda,区委宣传部\n"),
    Mistake("jurisdiction-missing", f"{W}/jurisdiction.toml"),
    # Scenarios
    Mistake("scenario-clause", f"{W}/scenarios/nobody-knows-yet.toml", 'proves = ["BS-三(一)-1"]', 'proves = ["BS-三(一)-11"]'),
    Mistake("scenario-form", f"{W}/scenarios/nobody-knows-yet.toml", 'submit = "clue-report"', 'submit = "clue-reports"'),
    Mistake("scenario-key", f"{W}/scenarios/nobody-knows-yet.toml", "expect.proposed", "expects.proposed"),
    Mistake("scenario-base", f"{W}/scenarios/nobody-knows-yet.toml", 'base = "typical"', 'base = "typicle"'),
    Mistake("scenario-answer", f"{W}/scenarios/nobody-knows-yet.toml", "answers.needs", "answers.need"),
    Mistake("scenario-unit", f"{W}/scenarios/nobody-knows-yet.toml", 'lead = "service-centre"', 'lead = "service-center"'),
    Mistake("scenario-time", f"{W}/scenarios/nobody-knows-yet.toml", "at = 2026-04-15T10:00:00", 'at = "2026-04-15 10:00"'),
    # Joins, posts, fields
    Mistake("undecided-of-all", f"{W}/flows/clue.toml", 'join = "all"', 'join = "all"\nundecided = ["referred"]'),
    Mistake("undecided-every-one", f"{W}/flows/clue.toml", 'join = "all"', 'join = "first-decided"\nundecided = ["granted", "special-aid", "referred", "ineligible", "declined"]'),
    Mistake("role-of-no-unit", f"{W}/flows/clue.toml", 'unit = "service-centre"\nform = "notify-and-survey"', 'form = "notify-and-survey"\nrole = "clerk"'),
    Mistake("posts-what-is-hidden", f"{W}/flows/clue.toml", '[states.notify]\n', '[states.notify]\npublishes = "village-board"\nposts = ["phone", "household_sizes"]\n'),
    Mistake("posts-nowhere", f"{W}/flows/clue.toml", '[states.notify]\n', '[states.notify]\nposts = ["household_size"]\n'),
    Mistake("decision-of-nobody", f"{W}/flows/clue.toml", '[states.notify]\n', '[states.notify]\noutcomes.done.on_decision = ["refuse"]\n'),
    Mistake("decision-misspelt", f"{W}/flows/clue.toml", '[states.notify]\n', '[states.notify]\nmeeting = "joint-meeting"\noutcomes.done.on_decision = ["assign", "one-case-one-plan", "refused"]\n'),
    Mistake("nobody-otherwise", f"{W}/routing.toml", 'otherwise.lead = "township"\notherwise.cites = ["BS-二(二)3-4"]\n', "", also=(Mistake("", f"{ROOT}/routing.toml"),)),
    Mistake("any-of-nothing", f"{W}/routing.toml", 'when.needs.any = ["medical"]', "when.any_of = []"),
    Mistake("any-of-a-word", f"{W}/routing.toml", 'when.needs.any = ["medical"]', 'when.any_of = ["medical"]'),
    Mistake("bounds-crossed", f"{F}/clue-report.json", '"minimum": 1, "maximum": 30', '"minimum": 30, "maximum": 1'),
    Mistake("day-that-is-none", f"{F}/clue-report.json", '"format": "date-time", "x-hint"', '"format": "date-time", "x-not-before": "2026-02-30", "x-hint"'),
    Mistake("bound-on-a-number", f"{F}/clue-report.json", '"minimum": 1, "maximum": 30', '"minimum": 1, "maximum": 30, "x-not-after": "today"'),
    Mistake("contradiction-twice", f"{F}/clue-report.json", '  "x-sections"', f'  "x-contradictions": [{_ALONE}, {_ALONE}],\n  "x-sections"'),
    Mistake("pattern-without-ends", f"{F}/monthly-report.json", '"pattern": "^', '"pattern": "'),
    Mistake("column-alone", f"{F}/clue-report.json", '"household_size": {', f'"kin": {_KIN}, "household_size": {{', also=(Mistake("", f"{F}/clue-report.json", '"x-computed": {', '"x-computed": {"share": "household_income / kin.income", '),)),
    Mistake("paper-without-check", f"{F}/clue-report.json", '"format": "resident-id"', '"format": "identity-paper", "x-paper": "sex"'),
    Mistake("roster-column-misspelt", f"{W}/rosters.toml", "", roster('standard = "subsistance"\ncolumns = ["name", "ammount", "cents"]\nlabels.bank = "银行"')),
    Mistake("roster-of-once", f"{W}/rosters.toml", "", roster(programme="medical-aid"), also=(Mistake("", PROGRAMMES, MEDICAL_AID, held('lasts = "once"')),)),
    Mistake("roster-excludes-itself", f"{W}/rosters.toml", "", roster('excludes = ["subsistence-allowance"]')),
    Mistake("roster-signed-by-clerk", f"{W}/rosters.toml", "", roster(signed_off_by="clerk")),
    Mistake("roster-duty-of-another", f"{W}/rosters.toml", "", roster('duty = "township-monthly"')),
]  # fmt: skip
