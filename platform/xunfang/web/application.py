"""Composing the web application: Flask, Flask-Admin's site, the gate, the headers and the pages."""

import io

from flask import Flask, Request
from flask_admin import Admin  # type: ignore[import-untyped]
from flask_admin.theme import Bootstrap4Theme  # type: ignore[import-untyped]

from xunfang.web.access import MB, check_declared
from xunfang.web.again import asks_again
from xunfang.web.faults import install_faults
from xunfang.web.guard import install_guard, keep_typed
from xunfang.web.headers import install_headers
from xunfang.web.measures import install_measures
from xunfang.web.menu import MENU, Menus
from xunfang.web.rendering import install_rendering
from xunfang.web.site import Site
from xunfang.web.traces import install_traces
from xunfang.web.views.accounts import AccountsView
from xunfang.web.views.alerts import AlertsView
from xunfang.web.views.audit import AuditView
from xunfang.web.views.cases import CasesView
from xunfang.web.views.circulars import CircularsView
from xunfang.web.views.dispatch import DispatchView
from xunfang.web.views.duties import DutiesView
from xunfang.web.views.factor import FactorView
from xunfang.web.views.feeds import FeedsView
from xunfang.web.views.guide import GuideView
from xunfang.web.views.health import health
from xunfang.web.views.inbox import InboxView
from xunfang.web.views.indicators import IndicatorsView
from xunfang.web.views.intake import IntakeView
from xunfang.web.views.ledgers import LedgersView
from xunfang.web.views.meetings import MeetingsView
from xunfang.web.views.oidc import oidc
from xunfang.web.views.openings import OpeningsView
from xunfang.web.views.papers import PapersView
from xunfang.web.views.password import PasswordView
from xunfang.web.views.people import PeopleView
from xunfang.web.views.photos import photos
from xunfang.web.views.public_notices import public_notices
from xunfang.web.views.publications import PublicationsView
from xunfang.web.views.queue import QueueView, SupervisionView
from xunfang.web.views.rolls import RollsView
from xunfang.web.views.rules import RulesView
from xunfang.web.views.secure import SecureView
from xunfang.web.views.sign_in import sign_in
from xunfang.web.views.signing import SigningView
from xunfang.web.views.staff import StaffView
from xunfang.web.views.studio import StudioView
from xunfang.web.views.studio_clauses import StudioClausesView
from xunfang.web.views.studio_county import NewCountyView
from xunfang.web.views.studio_deadlines import StudioDeadlinesView
from xunfang.web.views.studio_divisions import StudioDivisionsView
from xunfang.web.views.studio_duties import StudioDutiesView
from xunfang.web.views.studio_flows import StudioFlowsView
from xunfang.web.views.studio_forms import FormsView
from xunfang.web.views.studio_lists import StudioListsView
from xunfang.web.views.studio_logos import StudioLogosView
from xunfang.web.views.studio_numbers import StudioNumbersView
from xunfang.web.views.studio_papers import StudioPapersView
from xunfang.web.views.studio_routing import StudioRoutingView
from xunfang.web.views.studio_rules import StudioRulesView
from xunfang.web.views.studio_sheet import StudioSheetView
from xunfang.web.views.studio_tables import StudioTablesView
from xunfang.web.views.studio_try import TryView
from xunfang.web.views.system import SystemView
from xunfang.web.views.tasks import TasksView
from xunfang.web.views.versions_page import VersionsView
from xunfang.web.views.visits import VisitsView
from xunfang.web.wording import ASKED_AGAIN


def create_web(site: Site) -> Flask:
    """Return the web application of a site; raises UndeclaredAddressError when an address has no declared access."""
    app = Flask(__name__)
    app.request_class = _Kept
    app.extensions["xunfang"] = site
    app.config.update(
        MAX_CONTENT_LENGTH=6 * MB, MAX_FORM_MEMORY_SIZE=MB, MAX_FORM_PARTS=2000, TEMPLATES_AUTO_RELOAD=False
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    install_measures(app)
    install_traces(app)
    install_headers(app, site.https)
    install_guard(app)
    install_faults(app)
    install_rendering(app)
    for blueprint in (sign_in, oidc, photos, health, public_notices):
        app.register_blueprint(blueprint)
    _add_pages(app, site)
    check_declared(app)
    return app


class _Kept(Request):
    """A request whose files stay in memory: what people hand in never stands on the disk in clear."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> io.BytesIO:
        return io.BytesIO()


def _add_pages(app: Flask, site: Site) -> None:
    queue = QueueView(name="待办", endpoint="queue", url="/")
    admin = Admin(app, name=site.brand, index_view=queue, theme=Bootstrap4Theme(), static_url_path="/static")
    intake = IntakeView(name="填报", endpoint="intake", url="/forms")
    tasks = TasksView(name="任务", endpoint="tasks", url="/tasks")
    alerts = AlertsView(name="应急响应", endpoint="alerts", url="/alerts")
    visits = VisitsView(name="走访", endpoint="visits", url="/visits")
    duties = DutiesView(name="定期任务", endpoint="duties", url="/duties")
    meetings = MeetingsView(name="会商", endpoint="meetings", url="/meetings")
    views: tuple[SecureView, ...] = (
        queue,
        intake,
        DispatchView(name="拟办分派", endpoint="dispatch", url="/dispatch"),
        CasesView(name="个案", endpoint="cases", url="/cases"),
        PeopleView(name="救助对象档案", endpoint="people", url="/people"),
        SupervisionView(name="督办", endpoint="supervision", url="/supervision"),
        IndicatorsView(name="指标", endpoint="indicators", url="/indicators"),
        duties,
        FeedsView(name="部门报送", endpoint="feeds", url="/feeds"),
        visits,
        alerts,
        meetings,
        PublicationsView(name="公示", endpoint="publications", url="/publications"),
        RollsView(name="发放名册", endpoint="rolls", url="/rolls"),
        InboxView(name="收件箱", endpoint="inbox", url="/inbox"),
        SigningView(name="待签发", endpoint="signing", url="/signing"),
        PapersView(name="文书", endpoint="papers", url="/papers"),
        CircularsView(name="通报", endpoint="circulars", url="/circulars"),
        LedgersView(name="台账", endpoint="ledgers", url="/ledgers"),
        tasks,
        StaffView(name="代理和交接", endpoint="staff", url="/staff"),
        *_of_rules(),
        *_offices(),
        GuideView(name="使用帮助", endpoint="help", url="/guide"),
        PasswordView(name="修改密码", endpoint="password", url="/password"),
        FactorView(name="第二验证", endpoint="factor", url="/second-factor"),
    )
    admin.add_views(*views[1:])
    app.extensions[MENU] = Menus(views)
    for endpoint, again in (
        ("intake.send", intake.again), ("intake.correct", intake.correct_again), ("tasks.complete", tasks.again),
        ("duties.hand_in", duties.again), ("duties.note", duties.note_again), ("visits.send", visits.again),
        ("visits.send_anybody", visits.again_anybody), ("alerts.declare", alerts.declare_again),
        ("alerts.close", alerts.close_again), ("meetings.decide", meetings.again),
    ):  # fmt: skip
        keep_typed(app, endpoint, again)
    for endpoint in ("tasks.do", "tasks.several", "cases.do", "people.do", "intake.do", "papers.do", "signing.do"):
        keep_typed(app, endpoint, asks_again(endpoint))
    for endpoint, act in ASKED_AGAIN.items():
        keep_typed(app, endpoint, asks_again(endpoint, act))


def _of_rules() -> tuple[SecureView, ...]:
    """Return the pages about the rules themselves."""
    return (
        RulesView(name="规则说明", endpoint="rules", url="/rules"),
        VersionsView(name="规则版本", endpoint="versions", url="/studio/versions"),
        StudioView(name="规则修改", endpoint="studio", url="/studio"),
        StudioClausesView(name="条款", endpoint="studio-clauses", url="/studio/<change_set>/clauses"),
        NewCountyView(name="新建县区", endpoint="studio-county", url="/studio/new-county"),
        FormsView(name="表单", endpoint="studio-forms", url="/studio/<change_set>/forms"),
        StudioPapersView(name="文书模板", endpoint="studio-papers", url="/studio/<change_set>/papers"),
        StudioLogosView(name="徽标", endpoint="studio-logos", url="/studio/<change_set>/logos"),
        StudioNumbersView(name="文号", endpoint="studio-numbers", url="/studio/<change_set>/papers/<kind>/number"),
        StudioTablesView(name="文书表格", endpoint="studio-tables", url="/studio/<change_set>/papers/<kind>/tables"),
        TryView(name="试一试", endpoint="studio-try", url="/studio/<change_set>/trial"),
        StudioRoutingView(name="分派", endpoint="studio-routing", url="/studio/<change_set>/routing"),
        StudioDeadlinesView(name="期限", endpoint="studio-deadlines", url="/studio/<change_set>/deadlines"),
        StudioFlowsView(name="流程", endpoint="studio-flows", url="/studio/<change_set>/flows"),
        StudioDutiesView(name="年度任务", endpoint="studio-duties", url="/studio/<change_set>/duties"),
        StudioListsView(name="清单", endpoint="studio-lists", url="/studio/<change_set>/lists"),
        StudioDivisionsView(name="区划", endpoint="studio-divisions", url="/studio/<change_set>/divisions"),
        StudioRulesView(name="其他规则", endpoint="studio-rules", url="/studio/<change_set>/rules"),
        StudioSheetView(name="改动说明", endpoint="studio-sheet", url="/studio/<change_set>/sheet"),
    )


def _offices() -> tuple[SecureView, ...]:
    """Return the pages of those who begin, keep and watch a county's installation."""
    return (
        AccountsView(name="账号管理", endpoint="accounts", url="/accounts"),
        OpeningsView(name="期初导入", endpoint="openings", url="/openings"),
        SystemView(name="系统状态", endpoint="system", url="/system"),
        AuditView(name="留痕查询", endpoint="audit", url="/audit"),
    )
