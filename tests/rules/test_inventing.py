"""Somebody invented in the place of somebody real: as old, of the same sex, with a number that is nobody's."""

from datetime import date

import pytest

from xunfang.identity import birth_date, make_id, resident_id_problem, sex, years_since
from xunfang.rules.inventing import another_number

ON = date(2026, 2, 28)


@pytest.mark.parametrize("born", [date(1958, 3, 14), date(1958, 2, 28), date(2026, 2, 27), date(2024, 2, 29)])
@pytest.mark.parametrize("serial", [24, 25])
def test_another_number_is_valid_and_of_the_same_age_and_sex(born: date, serial: int) -> None:
    real = make_id("370304", born, serial)
    found = [another_number(real, ON, nth) for nth in range(3)]
    assert len({real, *found}) == 4
    for number in found:
        assert resident_id_problem(number, ON) == ""
        assert years_since(birth_date(number), ON) == years_since(born, ON)
        assert birth_date(number) != born
        assert sex(number) == sex(real)


def test_what_is_no_residents_number_has_no_like() -> None:
    assert another_number("E12345678", ON) == ""
