"""使用帮助: what to do, chosen by the acts of the person who reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xunfang.web.access import CASEWORK, RULES, SIGNED_IN, Access, access_of, by
from xunfang.web.guard import member
from xunfang.web.views.secure import SecureView, expose

if TYPE_CHECKING:
    from xunfang.web.site import Member

MOST_ERRANDS = 3


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the guide; its text is `guide/<id>.html`, its readers are those whose acts open `access`."""

    id: str
    title: str
    access: Access
    of_events: bool = False  # only where the rules know any


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to do today: on which page, and for whom."""

    endpoint: str
    title: str
    words: str
    access: Access


CHAPTERS = (
    Chapter("dispatch", "确认分派", access_of("dispatch.confirm")),
    Chapter("signing", "签发文书", access_of("signing.index")),
    Chapter("report", "上报线索", access_of("intake.form")),
    Chapter("work", "办理任务", by("claim", "complete", "assist")),
    Chapter("registry", "查看和维护救助对象档案", by("accept", "complete", "confirm-dispatch", "supervise")),
    Chapter("duties", "报送定期任务", by("complete", "confirm-dispatch", "supervise")),
    Chapter("alerts", "遇到极端天气等：应急响应", by("complete", "confirm-dispatch", "declare"), of_events=True),
    Chapter("meetings", "开会研究个案", by("complete", "confirm-dispatch", "supervise")),
    Chapter("visits", "走访", by("complete", "confirm-dispatch", "supervise")),
    Chapter("publications", "公示", by("complete", "confirm-dispatch", "supervise")),
    Chapter("rolls", "起草和签发发放名册", by("complete", "sign-off")),
    Chapter("supervise", "督办和催办", by("supervise", "urge")),
    Chapter("indicators", "看指标", by("supervise", "confirm-dispatch")),
    Chapter("whole", "归并、作废、重新办理和归档", by("confirm-dispatch", "supervise")),
    Chapter("papers", "制作和送达文书", access_of("cases.print")),
    Chapter("ledgers", "看台账和导出", by("complete", "confirm-dispatch", "supervise")),
    Chapter("reveal", "查看加密内容", access_of("cases.reveal")),
    Chapter("openings", "刚开始用：从 Excel 导入原来的名册和台账", access_of("openings.index")),
    Chapter("studio", "修改和复核规则", access_of("studio.index")),
    Chapter("accounts", "管理账号", access_of("accounts.index")),
    Chapter("system", "查看系统状态", access_of("system.index")),
    Chapter("versions", "对照、改用和退回规则版本", access_of("versions.index")),
    Chapter("audit", "核查留痕", access_of("audit.index")),
    Chapter("labels", "颜色和标签的意思", CASEWORK),
    Chapter("trouble", "遇到问题怎么办", SIGNED_IN),
)

ERRANDS = (
    Errand("studio.index", "改规则", "改动先写在改动单里，检查、复核、发布以前，现行规则不变。", by("edit-rules")),
    Errand("studio.index", "复核规则改动", "看改了什么、依据哪一条，同意的通过，不同意的退回。", by("review-rules")),
    Errand("dispatch.index", "确认分派", "新线索等您一句话：同意的确认，不合适的改派。", by("confirm-dispatch")),
    Errand("queue.index", "先办急的", "从红色的超期、橙色的今日到期办起。", by("complete")),
    Errand("queue.index", "签收新任务", "待签收的任务先签收，同事就不会重复办理。", by("claim")),
    Errand("intake.index", "发现困难，当天上报", "走访、来电中发现有人过不下去的，当天填报。", by("submit")),
    Errand("supervision.index", "看哪里拖了", "先看超期最久的，该催的催，该打电话的打电话。", by("supervise")),
    Errand("queue.index", "看协办任务", "按要求帮群众办好。", by("assist")),
    Errand("inbox.index", "看收件箱", "新任务、催办都在这里。", CASEWORK),
    Errand("inbox.index", "看收件箱", "送来复核的、退回的规则改动都在这里。", RULES),
    Errand("accounts.index", "办账号", "新到岗的开通，调动的调整。", access_of("accounts.index")),
    Errand("accounts.index", "停用离岗的账号", "离岗当天就停用，不转给别人用。", access_of("accounts.index")),
    Errand("system.index", "看系统状态", "有“需要处理”的，当天联系运维人员。", access_of("system.index")),
    Errand("versions.index", "看规则改了什么", "发布前后对照两版，看在办个案要不要改用。", access_of("versions.index")),
    Errand("audit.index", "查留痕", "先看谁查看过加密内容、谁改动过账号。", access_of("audit.index")),
)
"""The most pressing first; a person's own three are the first three that the person's acts allow."""


class GuideView(SecureView):
    """The guide, one page for each person; the header of every page leads to it."""

    in_menu = False

    @expose("/")
    def index(self) -> str:
        """Show what the person may do, step by step."""
        person, knows_events = member(), bool(self.rulebook.alerts)
        chapters = [each for each in chapters_for(person) if knows_events or not each.of_events]
        words = {"chapters": chapters, "errands": errands_for(person)}
        return str(self.render("guide/index.html", **words))


def chapters_for(person: "Member") -> Sequence[Chapter]:
    """Return the parts of the guide that a person's acts make useful."""
    return [chapter for chapter in CHAPTERS if chapter.access.allows(person)]


def errands_for(person: "Member") -> Sequence[Errand]:
    """Return the few things a person does first in a day."""
    return [errand for errand in ERRANDS if errand.access.allows(person)][:MOST_ERRANDS]
