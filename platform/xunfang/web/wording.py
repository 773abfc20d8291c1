"""The words of the pages themselves: what was done, which cases a list shows, what is asked once more."""

from xunfang.casework import VERBS

DONE: dict[str, str] = {
    **{verb.id: verb.done for verb in VERBS.values() if verb.done},
    "export-long": "行数较多，正在后台写。写好后收件箱里会有消息，在本页下方下载。",
    "list-received": "文件已收到，正在核对。",
    "list-again": "这份文件以前已经报过，没有重复收。下面是那一次的情况。",
    "list-columns": "已记住，正在重新核对。",
    "list-hand-over": "名单已报送。",
    "list-discard": "已撤回，这份名单不报。",
    "list-take-in": "正在核收，线索由系统逐条登记。",
    "list-undo": "正在撤销。",
    "opening-received": "文件已收到，正在核对。核对完还没有导入任何内容。",
    "opening-again": "这份文件以前已经上传过，没有重复收。下面是那一次的情况。",
    "opening-columns": "已记住，正在重新核对。",
    "opening-discard": "已撤回，这份表不导入。",
    "opening-take-in": "正在导入。",
    "opening-undo": "正在撤销。",
    "compared": "核实结论已记录。两处登记各自保留，不合并。",
    "reconsidered": "结论已撤销，疑问重新等待核实；原来的结论和理由保留。",
    "papers-left": "有的文书刚刚有变动或不由您签发，没有办理；其余已办好。请看过最新情况后再办。",
    "sheet": "公示单正在印，印好后收件箱会提醒，在页面下方打开。",
    "visit": "走访记录已保存，已计入走访任务。",
    "password": "密码已修改。",
    "account-created": "账号已开通，请把初始密码当面告知本人。",
    "account-changed": "账号已更新。",
    "account-disabled": "账号已停用。",
    "account-enabled": "账号已恢复使用。",
    "work-handed-over": "已交接，接手的同事或本单位已收到消息；各项任务的期限不变。",
    "deputy-named": "代理人已指定，对方已收到消息。",
    "deputy-ended": "代理已结束。",
    "identity-bound": "已绑定统一身份认证账号，本人可以用它登录。",
    "identity-unbound": "已解除绑定，本人只能用用户名和密码登录。",
    "factor-removed": "第二验证已解除，以后登录只用密码。",
    "factor-reset": "该账号的第二验证已解除，本人须重新登录、重新绑定。",
    "unlocked": "账号已解锁，本人可以再次登录。",
    "sessions-ended": "该账号的登录已全部退出，须重新登录。",
    "read": "已标为已读。",
    "all-read": "全部消息已标为已读。",
    "clock": "已确认服务器时间无误，暂停的作业和操作继续办理。",
    "count": "已开始重新统计，完成后刷新本页就能看到。",
    "retried": "作业已重新排入队列，稍后再看结果。",
}

CASES_SHOWN = (("", "全部"), ("open", "在办"), ("archived", "已归档"), ("void", "作废、撤回、并案"))
"""Which cases a list can show; "all" are those that were not put away."""

ASKED_AGAIN: dict[str, str] = {
    "alerts.level": "调整级别",
    "meetings.call": "召集会议",
    "meetings.add": "加入议题",
    "meetings.hold": "办理会议",
    "meetings.minute": "办理会议纪要",
    "meetings.item": "办理议题",
    "rolls.begin": "起草名册",
    "rolls.do": "办理名册",
    "rolls.line": "办理名册",
    "rolls.workbook": "打开名册文件",
    "dispatch.confirm": "确认分派",
    "dispatch.several": "确认分派",
    "cases.reveal": "查看加密内容",
    "cases.print": "制作文书",
    "people.reveal": "查看加密内容",
    "cases.compare": "核实身份疑问",
    "cases.reconsider": "撤销核实结论",
}
"""Acts that a page which outlived its session asks for once more, instead of losing what was typed."""
