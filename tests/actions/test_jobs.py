"""Every kind of job that casework wants, or the exchange of keys, has a label, and somebody who carries it out."""

from xunfang.actions.jobs import JOBS
from xunfang.actions.rekeying import RESEAL
from xunfang.casework import jobs


def test_every_kind_of_job_is_listed_with_a_label_of_its_own() -> None:
    wanted = {value for name, value in vars(jobs).items() if name.isupper() and isinstance(value, str)}
    assert {*wanted, RESEAL} == set(JOBS)
    assert len({kind.label for kind in JOBS.values()}) == len(JOBS)
