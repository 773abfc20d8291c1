"""The files of a new jurisdiction: from what is inherited, or after the model of one in the same province.

A model's rules are copied with names, codes and the words of its number series replaced. Nothing of its people comes
along: no demo, no phones, no single offices. Its policy documents stay its own, word for word: rules cite them until
the county's own clauses are put in their place.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from xunfang.division import Division, DivisionTree, Level, digits_of
from xunfang.rulebook.files import Files
from xunfang.rulebook.policy_cutting import PolicyText, policy_toml, whole_text
from xunfang.rulebook.policy_texts import is_policy_text, text_path
from xunfang.rulebook.scaffold import scaffold

_LEFT_OUT = ("divisions.csv", "demo.toml", "demo-year.toml")
_PHONE = re.compile(r"(?m)^(?:duty_phone|hotline)\s*=.*\n")
_BRAND = re.compile(r'(?m)^brand\s*=\s*"([^"\n]*)".*\n')
_NAME = re.compile(r'(?m)^name\s*=\s*"[^"\n]*"')
_KINDS = "区县市旗"


@dataclass(frozen=True, slots=True)
class NewCounty:
    """What a new jurisdiction is to be. `word` stands in its number series, `brand` on its pages and papers.

    `divisions` are those within it and, as far as known, those above. `model` is the layer whose rules it begins with.
    """

    id: str
    name: str
    word: str
    divisions: tuple[Division, ...]
    brand: str = ""
    model: str = ""
    policy: PolicyText | None = None

    @property
    def code(self) -> str:
        """Its division code."""
        return self.id.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Model:
    """What of the model's is replaced: its layer, what it and its places are called, and its word in number series."""

    id: str
    name: str
    word: str
    divisions: DivisionTree
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A line of a model's rules in which something was replaced, for people to look over."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CountyFiles:
    """The files of a new jurisdiction, and what was replaced in those that a model had."""

    files: Files
    replaced: tuple[Replaced, ...] = field(default=())


def county_files(county: NewCounty, today: date, files: Files, model: Model | None) -> CountyFiles:
    """Return the files of a new jurisdiction; raises ScaffoldError for a name that is wrong or taken."""
    layers = {path.split("/")[1] for path in files}
    made = dict(scaffold(county.id, county.name, layers))
    replaced: tuple[Replaced, ...] = ()
    if model is not None:
        copying = _Copying(county, model)
        own = {path: text for path, text in files.items() if path.split("/")[1] == model.id}
        copied = dict(copying.files(own))
        made |= copied
        replaced = tuple(copying.differing(own, copied))
    head = f"workflows/{county.id}"
    made[f"{head}/divisions.csv"] = _table(county.divisions)
    made[f"{head}/jurisdiction.toml"] = _branded(made[f"{head}/jurisdiction.toml"], county)
    if county.policy is not None:
        before = made[f"{head}/policies.toml"] if model is not None else ""
        made[f"{head}/policies.toml"] = f"{before}\n{policy_toml(county.policy, today)}".lstrip("\n")
        made[text_path(county.id, county.policy.mark)] = whole_text(county.policy)
    return CountyFiles(made, replaced)


def _table(divisions: tuple[Division, ...]) -> str:
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("code", "name", "level"))
    for one in sorted(divisions, key=lambda one: (len(one.code), one.code)):
        rows.writerow((one.code, one.name, str(one.level)))
    return written.getvalue()


def _branded(text: str, county: NewCounty) -> str:
    text = _NAME.sub(lambda _: f"name = {_quoted(county.name)}", text, count=1)
    if not county.brand:
        return text
    text = _BRAND.sub("", text)
    return _NAME.sub(lambda found: f"{found.group()}\nbrand = {_quoted(county.brand)}", text, count=1)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def stem_of(name: str) -> str:
    """Return a name without what kind of place it is, where something is left of it then."""
    return name[:-1] if len(name) > 2 and name[-1] in _KINDS else name


class _Copying:
    """Copies the rules of a model."""

    def __init__(self, county: NewCounty, model: Model) -> None:
        self.county, self.model = county, model
        self.places = _Places(model, county)
        self.series = re.compile(rf'{re.escape(model.word)}([^\s"〔]{{0,8}}〔)') if model.word else None
        self.codes = re.compile(rf"(?<!\d){self.places.home}\d{{0,9}}(?!\d)")

    def files(self, own: Files) -> Iterator[tuple[str, str]]:
        """Yield the files by the path that each has in the new layer."""
        for path, text in own.items():
            if not path.endswith(_LEFT_OUT):
                cited = path.endswith("/policies.toml") or is_policy_text(path)
                yield self.path(path), text if cited else self.text(path, text)

    def path(self, path: str) -> str:
        """Return where a file of the model stands in the new layer."""
        top, _, rest = path.split("/", 2)
        return f"{top}/{self.county.id}/{rest}"

    def text(self, path: str, text: str) -> str:
        """Return what a file says of the new jurisdiction."""
        if path.endswith(".toml"):
            text = _without_instances(_PHONE.sub("", text))
        if path.endswith("/jurisdiction.toml"):
            text = _BRAND.sub("", text)
        if "/scenarios/" in path:
            text = self.places.counted(self.places.renamed(text))
        for before, after in self._words():
            text = text.replace(before, after)
        if self.series:
            text = self.series.sub(rf"{self.county.word}\1", text)
        text = re.sub(rf'(?m)^(document_word\s*=\s*"){re.escape(self.model.word)}', rf"\g<1>{self.county.word}", text)
        return self.codes.sub(lambda found: self.places.code(found.group()), text)

    def _words(self) -> Iterator[tuple[str, str]]:
        """Yield what is replaced by what, the longest first."""
        model, county = self.model, self.county
        yield model.id, county.id
        if model.brand:
            yield model.brand, county.brand
        yield model.name, county.name
        if len(stem_of(model.name)) > 1:
            yield stem_of(model.name), stem_of(county.name)

    def differing(self, own: Files, copied: Files) -> Iterator[Replaced]:
        """Yield the lines of rules, not of scenarios, in which something was replaced."""
        for path, text in own.items():
            after = copied.get(self.path(path), text)
            if after == text or "/scenarios/" in path:
                continue
            kept = set(after.splitlines())
            for line in (line for line in text.splitlines() if line not in kept):
                now = self.text(path, f"{line}\n").strip()
                if now and now != line.strip():
                    yield Replaced(self.path(path), line.strip(), now)


class _Places:
    """Which place of the new jurisdiction stands for which of the model, in its invented stories."""

    def __init__(self, model: Model, county: NewCounty) -> None:
        self.model, self.new = model.divisions, DivisionTree(county.divisions)
        self.home, self.there = model.id.partition("-")[0], county.code
        self._codes = {self.home: self.there}
        self._pair(self.home, self.there)
        names = ((self.model.name(old), self.new.name(new)) for old, new in self._codes.items() if old != self.home)
        self._names = sorted(names, key=lambda pair: -len(pair[0]))

    def _pair(self, old: str, new: str) -> None:
        theirs = self.new.children(new)
        for place, child in enumerate(self.model.children(old) if theirs else ()):
            self._codes[child.code] = theirs[place % len(theirs)].code
            self._pair(child.code, self._codes[child.code])

    def code(self, code: str) -> str:
        """Return the code of what stands for a division; what is no division of the model stays."""
        return self._codes.get(code, code)

    def renamed(self, text: str) -> str:
        """Return a story with the names of its places replaced, those of places that it names by their codes."""
        for old, new in self._codes.items():
            if old != self.home and old in text:
                text = text.replace(self.model.name(old), self.new.name(new))
        return text

    def counted(self, text: str) -> str:
        """Return a story that counts as many units as the new jurisdiction has places."""
        for level in (Level.TOWNSHIP, Level.VILLAGE):
            many, now = (len(tree.of_level(level, home)) for tree, home in self._both())
            text = re.sub(rf"\bunits = {many}\b", f"units = {now}", text)
        return text

    def _both(self) -> tuple[tuple[DivisionTree, str], tuple[DivisionTree, str]]:
        return (self.model, self.home), (self.new, self.there)


_INSTANCE = re.compile(r"(?m)^\[[^\]\n]+\.instances\.[^\]\n]+\]\n(?:(?!\[).*\n)*")


def _without_instances(text: str) -> str:
    """Return units without what single ones of them are called: names, phones and words of one place."""
    return _INSTANCE.sub("", text)


def series_word(texts: Mapping[str, str], name: str) -> str:
    """Return the word that begins the number series of a jurisdiction: the first sign of its name, where they do."""
    patterns = re.findall(r'(?m)^\s*number\s*=\s*"([^"{〔]+)〔', "\n".join(texts.values()))
    return name[0] if any(pattern.startswith(name[0]) for pattern in patterns) else ""


def above_of(code: str, tree: DivisionTree, city: str) -> list[Division]:
    """Return what a new jurisdiction lies in: as the tree names it, and the city by the name that was told."""
    found = [one for n in (2, 4) if n < len(code) and (one := tree.get(code[:n]))]
    if len(code) > digits_of(Level.CITY) and city and code[:4] not in tree:
        found.append(Division(code[:4], city, Level.CITY))
    return found
