"""新建县区: what was typed in the wizard, read into the files of a new jurisdiction and examined, by step."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xunfang.desk.studio.county_faces import STEPS, CountyPage, Found, Made, UnitRow
from xunfang.desk.studio.files import file_label
from xunfang.division import Division, Level, digits_of
from xunfang.errors import Problem
from xunfang.prove.examined import Examining
from xunfang.rulebook.county_units import UnitOffer, units_offered, with_units
from xunfang.rulebook.division_lists import DivisionList, read_list, rows_of
from xunfang.rulebook.files import Files
from xunfang.rulebook.model import Rulebook
from xunfang.rulebook.new_county import CountyFiles, Model, NewCounty, above_of, county_files, series_word
from xunfang.rulebook.policy_cutting import PolicyText, clauses_in
from xunfang.rulebook.scaffold import ScaffoldError
from xunfang.rulebook.splicing import SpliceRefused

_NEEDED = "请选上它。确实没有的，装上以后在“规则修改”里先改用到它的规则，再撤这个单位。"
Given = Mapping[str, Sequence[str]]
_ORDER = [step for step, _ in STEPS]
_PINYIN, _MARK = re.compile(r"[a-z][a-z0-9]{1,29}"), re.compile(r"[A-Za-z0-9]{1,12}")
_LONGEST = {"name": 30, "city": 30, "brand": 30, "word": 4, "doc_title": 120, "doc_number": 60, "doc_issuer": 60}
_STEP_OF = {
    "jurisdiction.toml": "place",
    "divisions.csv": "divisions",
    "units.toml": "units",
    "policies.toml": "policy",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a new jurisdiction is built: one's own rules in force with their files, and the day."""

    book: Rulebook
    files: Files
    today: date

    @property
    def above(self) -> Files:
        """The files of the layers above, which a new jurisdiction shares."""
        return {path: text for path, text in self.files.items() if path.split("/")[1] != self.book.id}


class Reading:
    """What was typed, read step by step; `wrong` is what is not right, by field, of the first step that has any."""

    def __init__(self, ground: Ground, given: Given) -> None:
        self.ground, self.given = ground, given
        self.wrong: dict[str, str] = {}

    def said(self, name: str) -> str:
        """Return what was typed in a field, "" for nothing."""
        found = self.given.get(name, ())
        return found[0].strip() if found else ""

    @property
    def model(self) -> bool:
        """Whether the rules begin as a copy of one's own."""
        return self.said("base") != "above"

    @property
    def id(self) -> str:
        """The layer of the new jurisdiction."""
        return f"{self.said('code')}-{self.said('pinyin')}"

    def until(self, step: str) -> str:
        """Return the step to be shown when one is asked for: an earlier one that is not right."""
        for each in _ORDER[: _ORDER.index(step)]:
            self.wrong = dict(_CHECKS[each](self)) if each in _CHECKS else {}
            if self.wrong:
                return each
        return step

    def place(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with what it is called, by field."""
        code, home = self.said("code"), self.ground.book.code
        lengths = {digits_of(Level.COUNTY), len(home)}
        if not (code.isascii() and code.isdigit()) or len(code) not in lengths:
            yield "code", f"写{'或'.join(map(str, sorted(lengths)))}位区划代码。"
        elif code[:2] != home[:2]:
            yield "code", f"只能新建本省的，代码以 {home[:2]} 开头：别省的上级规则不在这里。"
        elif code in {path.split("/")[1].partition("-")[0] for path in self.ground.files}:
            yield "code", "这个代码已经有规则了。"
        if not _PINYIN.fullmatch(self.said("pinyin")):
            yield "pinyin", "写小写拼音，如 linzi。"
        if not self.said("name"):
            yield "name", "写辖区名称，如临淄区。"
        if self.model and self._series() and not self.said("word"):
            yield "word", "写文号里代表本辖区的字，如“临”。"
        for name, most in _LONGEST.items():
            if len(self.said(name)) > most or not self.said(name).isprintable():
                yield name, f"最多{most}个字，不能换行。"

    def _series(self) -> str:
        own = {path: text for path, text in self.ground.files.items() if path.split("/")[1] == self.ground.book.id}
        return series_word(own, self.ground.book.info.name)

    def listed(self) -> DivisionList:
        """Return the divisions that were pasted."""
        return read_list(rows_of(self.said("list")), self.said("code"))

    def divisions(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the divisions."""
        found = self.listed()
        if found.problems:
            more = f"（还有{len(found.problems) - 5}处）" if len(found.problems) > 5 else ""
            yield "list", "".join(found.problems[:5]) + more
        elif not found.divisions:
            yield "list", f"没有一行是 {self.said('code')} 以下的区划。"

    def policy(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the policy."""
        if not self.said("policy"):
            return
        if not self.said("doc_title"):
            yield "doc_title", "写文件标题。"
        if not _MARK.fullmatch(self.said("doc_mark")):
            yield "doc_mark", "写几个字母，作条款编号的开头，如 LZ。"
        if self._day() is None:
            yield "doc_date", "选施行日期。"

    def _day(self) -> date | None:
        try:
            return date.fromisoformat(self.said("doc_date"))
        except ValueError:
            return None

    def text(self) -> PolicyText | None:
        """Return the policy document, None where there is none."""
        day = self._day()
        if not self.said("policy") or day is None:
            return None
        number, issuer = self.said("doc_number"), self.said("doc_issuer")
        mark = self.said("doc_mark").upper()
        return PolicyText(mark, self.said("doc_title"), number, issuer, day, self.said("policy"))

    def county(self) -> NewCounty:
        """Return what the new jurisdiction is to be."""
        code, book = self.said("code"), self.ground.book
        level = next(level for level in Level if digits_of(level) == len(code))
        own = Division(code, self.said("name"), level)
        above = above_of(code, book.divisions, self.said("city"))
        divisions = (*above, own, *self.listed().divisions)
        model = book.id if self.model else ""
        words = (self.said("word") or self.said("name")[:1], divisions)
        return NewCounty(self.id, self.said("name"), *words, self.said("brand"), model, self.text())

    def begun(self) -> CountyFiles:
        """Return its files before its units are chosen; raises ScaffoldError."""
        book = self.ground.book
        like = Model(book.id, book.info.name, self._series(), book.divisions, book.info.brand) if self.model else None
        return county_files(self.county(), self.ground.today, self.ground.files, like)

    def units(self, begun: Files) -> list[UnitRow]:
        """Return the units that may be kept, as proposed, or as they were ticked and named for the same ground."""
        seen = self.said("units_of") == f"{self.id}.{self.said('base')}"
        ticked = set(self.given.get("unit", ())) if seen else set()
        offers = units_offered({**self.ground.above, **begun}, self.id)
        return [
            UnitRow(
                each,
                (self.said(f"label:{each.id}") if seen else "") or self._proposed(each),
                not seen or each.id in ticked,
            )
            for each in offers
        ]

    def _proposed(self, offer: UnitOffer) -> str:
        """Return a unit's name, with what kind of place the model is replaced at its head: 区民政局 in a 县."""
        was, now = self.ground.book.info.name[-1], self.said("name")[-1]
        return (
            f"{now}{offer.label[1:]}"
            if self.model and offer.label.startswith(was) and now in "区县市旗"
            else offer.label
        )


_CHECKS = {"place": Reading.place, "divisions": Reading.divisions, "policy": Reading.policy}


def county_page(ground: Ground, given: Given, step: str, examiner: Examining) -> CountyPage:
    """Return a step of the wizard, or an earlier one that is not right; raises TooOften."""
    reading = Reading(ground, given)
    shown = reading.until(step if step in _ORDER else _ORDER[0])
    units, made = [], None
    if shown in ("units", "check"):
        try:
            begun = reading.begun()
            units = reading.units(begun.files)
            made = _made(reading, begun, units, examiner) if shown == "check" else None
        except ScaffoldError as error:
            shown, reading.wrong = "place", {"code": str(error)}
        except SpliceRefused as error:
            shown, reading.wrong = "units", {"unit": str(error)}
    listed = reading.listed() if reading.said("list") and reading.said("code") else DivisionList((), ())
    book = ground.book
    return CountyPage(
        step=shown,
        province=book.divisions.name(book.code[:2]),
        model=book.info.name,
        above="、".join(_layers(ground)),
        given=given,
        wrong=reading.wrong,
        units=units,
        divisions=listed.divisions,
        others=listed.others,
        clauses=clauses_in(reading.said("policy")),
        made=made,
    )


def _layers(ground: Ground) -> Iterator[str]:
    for layer in ground.book.chain[:-1]:
        text = ground.files.get(f"workflows/{layer}/jurisdiction.toml", "")
        found = re.search(r'(?m)^name\s*=\s*"([^"\n]+)"', text)
        yield found.group(1) if found else layer


def _made(reading: Reading, begun: CountyFiles, units: Sequence[UnitRow], examiner: Examining) -> Made:
    ground, layer = reading.ground, reading.id
    whole = {**ground.above, **begun.files}
    whole = with_units(whole, layer, {row.offer.id: row.label for row in units if row.kept})
    examined = examiner.examine(whole, layer, ground.today, whose=ground.book.id)
    labels = {row.offer.id: row.offer.label for row in units}
    found = [_found(each, whole, labels, stops=True) for each in examined.problems]
    own = (each for each in examined.warnings if each.file.split("/")[1:2] == [layer])
    found += [_found(each, whole, labels, stops=False) for each in own]
    files = {path: text for path, text in whole.items() if path.split("/")[1] == layer}
    scenarios = sum("/scenarios/" in path and not path.endswith("/base.toml") for path in files)
    return Made(reading.county(), files, begun.replaced, found, scenarios)


def _found(problem: Problem, files: Files, labels: Mapping[str, str], *, stops: bool) -> Found:
    """Return a problem by its step, units and files called by their names."""
    name, line = problem.file.rpartition("/")[2], f"第{problem.line}行" if problem.line else ""
    label = file_label(problem.file, files.get(problem.file, "")) if problem.file.count("/") > 1 else problem.file
    said, gone = problem.message, re.search(r"没有名为“([^”]+)”的单位", problem.message)
    if gone and gone.group(1) in labels:
        said = f"{label}{line}用到“{labels[gone.group(1)]}”，这个单位没有选上"
        return Found(
            "units", said, "请选上它。确实没有的，装上以后在“规则修改”里先改用到它的规则，再撤这个单位。", stops
        )
    step = _STEP_OF.get(name, "check")
    return Found(step, said if step != "check" else f"{label}{line}：{said}", problem.hint, stops)
