"""Duties with one of their terms altered."""

from collections.abc import Iterator
from dataclasses import replace

from xunfang.prove.mutant import Mutant, mutant
from xunfang.rulebook.model import Duty, Rulebook


def of_strata(rulebook: Rulebook, duty: Duty) -> Iterator[Mutant]:
    """Without a stratum its things are drawn like the rest."""
    sample = duty.sample
    for number, stratum in enumerate(sample.strata if sample else (), 1):
        assert sample is not None
        fewer = replace(sample, strata=tuple(other for other in sample.strata if other is not stratum))
        changed = {**rulebook.duties, duty.id: replace(duty, sample=fewer)}
        yield from mutant(rulebook, f"定期任务 {duty.id} 去掉第{number}层", stratum.basis, duties=changed)


def of_duty(rulebook: Rulebook, duty: Duty) -> Iterator[Mutant]:
    """Yield what becomes of a duty without each of its own terms."""
    if duty.by:
        until_night = {**rulebook.duties, duty.id: replace(duty, by=None)}
        yield from mutant(rulebook, f"定期任务 {duty.id} 改为到当日24时", duty.basis, duties=until_night)
    if duty.quota:
        unmeasured = {**rulebook.duties, duty.id: replace(duty, quota=None)}
        yield from mutant(rulebook, f"定期任务 {duty.id} 不计任务量", duty.basis, duties=unmeasured)
    for unit in duty.to if len(duty.to) > 1 else ():
        without = replace(duty, to=tuple(other for other in duty.to if other != unit))
        duties = {**rulebook.duties, duty.id: without}
        yield from mutant(rulebook, f"定期任务 {duty.id} 不报 {unit}", duty.basis, duties=duties)
    if duty.or_else:
        nobody = {**rulebook.duties, duty.id: replace(duty, or_else="")}
        yield from mutant(rulebook, f"定期任务 {duty.id} 没有该单位的地方无人承担", duty.basis, duties=nobody)
    if duty.instead_of:
        both = {**rulebook.duties, duty.id: replace(duty, instead_of="")}
        yield from mutant(rulebook, f"定期任务 {duty.id} 不再代替平时的任务", duty.basis, duties=both)
    for rhythm in duty.rhythms:
        fewer = replace(duty, rhythms=tuple(other for other in duty.rhythms if other is not rhythm))
        changed = {**rulebook.duties, duty.id: fewer}
        yield from mutant(rulebook, f"定期任务 {duty.id} 去掉一项分类频次", rhythm.basis, duties=changed)
    for equivalent in duty.equivalents:
        others = tuple(other for other in duty.equivalents if other is not equivalent)
        changed = {**rulebook.duties, duty.id: replace(duty, equivalents=others)}
        yield from mutant(rulebook, f"定期任务 {duty.id} 去掉一项折抵", equivalent.basis, duties=changed)
