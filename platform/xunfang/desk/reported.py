"""The door to reports 报表: what a form is filled in with, what lies behind a figure, and the table of all returns."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from xunfang.actions.deployment import Actor, Deployment
from xunfang.actions.reports import Prepared, prepared_report, words_for
from xunfang.casework.reports import CountedFigure, shown
from xunfang.clock import local_date
from xunfang.desk.counting import walk
from xunfang.desk.faces.reported import (
    FigureFace,
    FigureRows,
    FilledFace,
    ReportFigures,
    ReturnRow,
    TableFace,
    TableLine,
)
from xunfang.desk.labels import Labels
from xunfang.desk.releases import Releases
from xunfang.desk.tables_of import Column, checks_of, columns_of, heads_of, line_of, wrong_in
from xunfang.desk.wording import DUTY_STATUS
from xunfang.errors import NotFound
from xunfang.rulebook.model import Basis, Fill, IntakeForm, Rulebook
from xunfang.rules.describe.fills import fill_words
from xunfang.rules.duties import period_words
from xunfang.rules.reports import SUM, Return, added_up, figure_of, missing_units, owners_for, summed
from xunfang.rules.units import division_of
from xunfang.store.reading.duties import DutyFile
from xunfang.store.scoped import ScopedReader, scoped
from xunfang.store.tables import ReportedFigure


@dataclass(frozen=True, slots=True)
class _Report:
    """What is owed with what it is filled in with, and the names of its release."""

    stored: DutyFile
    prepared: Prepared
    labels: Labels


@dataclass(frozen=True, slots=True)
class ReportReadings:
    """Answers what reports are filled in with, within the sight of the person who asks."""

    deployment: Deployment

    @contextmanager
    def _reader(self, actor: Actor) -> Iterator[ScopedReader]:
        with scoped(self.deployment.database, actor.scope) as reader:
            yield reader

    def _rules(self, actor: Actor) -> Releases:
        return Releases(self.deployment.rulebooks, actor.jurisdiction)

    def _report(self, reader: ScopedReader, actor: Actor, duty_period: str) -> _Report | None:
        """Return what is owed with what fills it in; raises NotFound out of sight, None where nothing is filled in."""
        stored = reader.duty_file(duty_period)
        rulebook = self._rules(actor).of(stored.owed.release)
        prepared = prepared_report(reader.reported, rulebook, stored.owed)
        return _Report(stored, prepared, self._rules(actor).labels(stored.owed.release)) if prepared else None

    def filled(self, actor: Actor, duty_period: str) -> FilledFace:
        """Return what the form holds on which something owed is handed in; raises NotFound out of sight."""
        with self._reader(actor) as reader:
            report = self._report(reader, actor, duty_period)
        if report is None:
            return FilledFace({}, {})
        prepared = report.prepared
        texts = words_for(prepared, actor.name)
        texts |= {each.field: shown(each.value) for each in prepared.figures if each.value is not None}
        missing = _named(prepared, missing_units(prepared.returns), report.labels)
        entries = {name: (text,) for name, text in texts.items() if text}
        return FilledFace(entries, {face.field: face for face in _faces(report)}, missing)

    def figures(self, actor: Actor, duty_period: str) -> ReportFigures:
        """Return the figures of a report for its page, as they were handed in or as they are counted now."""
        with self._reader(actor) as reader:
            report = self._report(reader, actor, duty_period)
            kept = reader.reported.sealed(duty_period) if report else {}
        if report is None:
            return ReportFigures()
        figures = tuple(_sealed(face, kept.get(face.field)) for face in _faces(report))
        over = report.stored.owed.status != "owed"
        shown_now = figures if not over or kept else ()
        counts = any(fill.of for fill in report.prepared.fills)
        return ReportFigures(shown_now, bool(kept), _form(report.prepared) is not None, counts and not over)

    def rows(self, actor: Actor, duty_period: str, field: str, after: str, at: datetime) -> FigureRows:
        """Return a page of what lies behind a figure, as far as it is in sight; raises NotFound."""
        with self._reader(actor) as reader:
            report = self._report(reader, actor, duty_period)
            if report is None:
                raise NotFound()
            kept = reader.reported.sealed(duty_period)
            found = _rows_of(report, field, kept.get(field))
            fill = report.prepared.fill(field)
            figure = figure_of(report.prepared.rulebook, report.prepared.duty, fill)
            if figure is None:
                return found
            owners = owners_for(report.prepared.rulebook, fill, report.prepared.owed.unit)
            things, more = walk(reader, self._rules(actor), figure, report.prepared.period, owners, None, after, at)
        return replace(found, things=tuple(things), after=more)

    def table(self, actor: Actor, duty_period: str) -> TableFace:
        """Return the table of a report: of all that it collects, or its own line; raises NotFound where it has none."""
        with self._reader(actor) as reader:
            report = self._report(reader, actor, duty_period)
            if report is None or _form(report.prepared) is None:
                raise NotFound()
            kept = reader.reported.sealed(duty_period)
        return _table(report, kept)


def _form(prepared: Prepared) -> IntakeForm | None:
    """Return the form whose numbers are the columns of the table: that of the returns, or the report's own."""
    rulebook, duty = prepared.rulebook, prepared.duty
    of = rulebook.duties.get(duty.collects, duty)
    form = rulebook.forms.get(of.form)
    return form if form and columns_of(form) else None


def _faces(report: _Report) -> Iterator[FigureFace]:
    prepared, labels = report.prepared, report.labels
    counted = {figure.field: figure for figure in prepared.figures}
    for fill in prepared.fills:
        if fill.field in counted:
            basis = fill.basis if fill.basis.cites or fill.basis.practice else prepared.duty.basis
            how = fill_words(prepared.rulebook, prepared.duty, fill)
            yield _face(prepared, counted[fill.field], how, labels, basis)


def _face(prepared: Prepared, figure: CountedFigure, how: str, labels: Labels, basis: Basis) -> FigureFace:
    form = prepared.rulebook.forms.get(prepared.duty.form)
    field = form.fields.get(figure.field) if form else None
    return FigureFace(
        field=figure.field,
        title=field.title if field else figure.field,
        how=how,
        counted=shown(figure.value),
        things=figure.things,
        counted_at=figure.counted_at,
        basis=labels.basis(basis),
    )


def _sealed(face: FigureFace, row: ReportedFigure | None) -> FigureFace:
    """Return a figure as it was handed in."""
    if row is None:
        return face
    return replace(
        face, counted=row.counted, things=row.things, counted_at=row.counted_at, told=row.told, reason=row.reason
    )


def _rows_of(report: _Report, field: str, row: ReportedFigure | None) -> FigureRows:
    prepared, labels = report.prepared, report.labels
    fill, owed = prepared.fill(field), prepared.owed
    face = next((each for each in _faces(report) if each.field == field), None) or _total_face(report, fill)
    returns = tuple(_return_row(each, fill.sums, labels) for each in prepared.returns) if fill.sums else ()
    period = period_words(prepared.rulebook, owed.duty, owed.every, owed.begins_on)
    return FigureRows(owed.id, prepared.duty.label, period, labels.unit(owed.unit), _sealed(face, row), (), returns)


def _total_face(report: _Report, fill: Fill) -> FigureFace:
    """Return the total of a column of returns that the summary itself does not hold."""
    if not fill.sums:
        raise NotFound()
    prepared = report.prepared
    returns = prepared.rulebook.duties[prepared.duty.collects]
    title = prepared.rulebook.forms[returns.form].fields[fill.sums].title
    total, given = summed(prepared.returns, fill.sums), sum(each.answers is not None for each in prepared.returns)
    how = fill_words(prepared.rulebook, prepared.duty, fill)
    return FigureFace(fill.field, title, how, shown(total), given, None, report.labels.basis(prepared.duty.basis))


def _return_row(each: Return, field: str, labels: Labels) -> ReturnRow:
    told = shown((each.answers or {}).get(field)) or ("0" if each.status == "nil" else "")
    status = DUTY_STATUS.get(each.status, "尚未下达")
    return ReturnRow(labels.unit(each.unit), each.period.label, told, status, each.key, each.at)


def _table(report: _Report, kept: dict[str, ReportedFigure]) -> TableFace:
    prepared, labels, form = report.prepared, report.labels, _form(report.prepared)
    assert form is not None
    columns, collects = columns_of(form), bool(prepared.duty.collects)
    lines = tuple(_lines(report, form, columns))
    whole = added_up(form, prepared.returns) if collects else (_own(report) or {})
    label = labels.place(prepared.rulebook.code) if collects else ""
    first = "单位" if collects else "填报单位"
    own = tuple(_sealed(face, kept.get(face.field)) for face in _faces(report)) if collects else ()
    return TableFace(
        duty=prepared.owed.id,
        title=_title(prepared),
        period=prepared.period.label,
        unit=labels.unit(prepared.owed.unit),
        heads=heads_of(columns, first),
        units=tuple(column.unit for column in columns),
        fields=tuple(_opened(prepared, column) for column in columns),
        lines=lines,
        total=line_of(form, columns, f"{label}合计", whole) if collects else None,
        missing=_named(prepared, missing_units(prepared.returns), labels),
        checks=tuple(checks_of(form, columns)),
        wrong=wrong_in(form, whole),
        chain=tuple(_chain(report)),
        own=own,
        basis=labels.basis(prepared.duty.basis),
    )


def _title(prepared: Prepared) -> str:
    form = prepared.rulebook.forms.get(prepared.duty.form)
    return form.title if form else prepared.duty.label


def _opened(prepared: Prepared, column: Column) -> str:
    """Return the field that the total of a column opens: what sums it, or the column itself; "" for none."""
    collects = prepared.duty.collects
    for fill in prepared.fills:
        if (fill.sums if collects else fill.field) == column.name and not fill.tells:
            return fill.field
    return f"{SUM}{column.name}" if collects and not column.computed else ""


def _own(report: _Report) -> dict[str, object] | None:
    return dict(report.stored.submission.answers) if report.stored.submission else None


def _lines(report: _Report, form: IntakeForm, columns: tuple[Column, ...]) -> Iterator[TableLine]:
    prepared, labels = report.prepared, report.labels
    if not prepared.duty.collects:
        counted = {figure.field: figure.value for figure in prepared.figures if figure.value is not None}
        told = _own(report) or (counted if prepared.owed.status == "owed" else {})
        status = DUTY_STATUS.get(prepared.owed.status, "")
        yield line_of(form, columns, _named(prepared, [prepared.owed.unit], labels)[0], told, prepared.owed.id, status)
        return
    several = len({each.period for each in prepared.returns}) > 1
    for each in prepared.returns:
        label = (
            f"{labels.unit(each.unit)} {each.period.label}" if several else _short(prepared.rulebook, each.unit, labels)
        )
        nil = {column.name: 0 for column in columns if not column.computed} if each.status == "nil" else {}
        status = DUTY_STATUS.get(each.status, "尚未下达")
        yield line_of(form, columns, label, each.answers or nil, each.key, status)


def _named(prepared: Prepared, units: Iterable[str], labels: Labels) -> tuple[str, ...]:
    return tuple(_short(prepared.rulebook, unit, labels) for unit in units)


def _short(rulebook: Rulebook, unit: str, labels: Labels) -> str:
    """Return what a unit is called in a table: its division, where units are told apart by that."""
    division = division_of(unit)
    return rulebook.divisions.name(division) if division else labels.unit(unit)


def _chain(report: _Report) -> Iterator[tuple[str, str]]:
    """Yield who fills in, checks and signs, by title, as the report's own form asks; blank where nobody was told."""
    prepared, told = report.prepared, _own(report) or {}
    form = prepared.rulebook.forms.get(prepared.duty.form)
    for field in form.fields.values() if form else ():
        if field.sign:
            yield field.title, str(told.get(field.name, ""))
    ended = report.stored.owed.ended_at
    yield "填表日期", local_date(ended).isoformat() if ended else ""
