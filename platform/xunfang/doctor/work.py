"""Jobs that nobody could carry out or that are late, and tasks that are long overdue."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from xunfang.actions.jobs import JOBS
from xunfang.ailments import Ailment
from xunfang.clock import local, local_date
from xunfang.desk.administration import LATE
from xunfang.doctor.patient import Patient
from xunfang.store import MOST_COUNTED, connection, oldest_due, overdue_since, parked_kinds

LONG = timedelta(days=30)


def parked(patient: Patient) -> Iterator[Ailment]:
    """Jobs that were tried in vain and wait for a person."""
    with connection(patient.deployment.database) as reader:
        found = parked_kinds(reader)
    for jurisdiction in dict.fromkeys(found):
        if jurisdiction and jurisdiction not in patient.of:
            continue
        kinds = Counter(found[jurisdiction])
        listed = "、".join(f"{JOBS[kind].label if kind in JOBS else kind}{many}项" for kind, many in kinds.items())
        advice = "请系统管理员在“系统状态”页看原因，解决后按“重新办理”。"
        yield Ailment("JOBS_PARKED", f"{kinds.total()}项作业反复失败，已停放：{listed}。", advice, jurisdiction)


def late_jobs(patient: Patient) -> Iterator[Ailment]:
    """The oldest job that should have been carried out and was not."""
    with connection(patient.deployment.database) as reader:
        oldest, many = oldest_due(reader, patient.at)
    if oldest is not None and patient.at - oldest > LATE:
        count = f"{many}项以上" if many == MOST_COUNTED else f"{many}项"
        what = f"{count}作业到期还没有办理，最早的应于{local(oldest):%Y-%m-%d %H:%M}执行。"
        advice = "后台作业停着的，请启动；运行着的，请看服务器是否过忙，必要时另起一个 xunfang work。"
        yield Ailment("JOBS_LATE", what, advice)


def long_overdue(patient: Patient) -> Iterator[Ailment]:
    """Tasks overdue for more than a month: how many, and the day of the oldest."""
    for name in patient.of:
        with connection(patient.deployment.database) as reader:
            oldest, many = overdue_since(reader, name, patient.at - LONG)
        if oldest is not None:
            count = f"{many}项以上" if many == MOST_COUNTED else f"{many}项"
            what = f"{count}任务超期{LONG.days}天以上还没有办结，最早的应于{local_date(oldest)}办结。"
            advice = "请承办单位的上级在“督办”页逐件查明，督促办结或转办。"
            yield Ailment("TASKS_LONG_OVERDUE", what, advice, name, notice=True)
