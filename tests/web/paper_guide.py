"""Writes docs/guide.md, the guide for reading on paper, from the texts that the site shows: `make guide`.

.venv/bin/python tests/web/paper_guide.py    rewrites docs/guide.md
"""

from collections.abc import Mapping
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader
from PIL import Image

from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.files import read_files
from xunfang.rulebook.model import Rulebook
from xunfang.web.access import ACCESS
from xunfang.web.views.guide import CHAPTERS, Chapter, chapters_for, errands_for

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide.md"
IMAGES = ROOT / "docs" / "images" / "guide"
TEMPLATES = ROOT / "platform" / "xunfang" / "web" / "templates"
ROLES_OF = "00-national"
HOTLINE = "本地服务热线"
NARROW = 400
FOR_ALL = ("labels", "trouble")

PICTURES: Mapping[str, str] = {
    "report-form": "手机上一次只填一节",
    "report-sent": "看到案号才算报上",
    "work-queue": "待办：先办红色的超期，再办今日到期",
    "work-case": "个案：谁在什么时候前办什么",
    "work-phone": "手机上的待办",
    "dispatch-page": "拟办分派：看过拟办意见，确认或者改派",
    "supervise-page": "督办：下级单位超期和被督办的任务",
    "papers-page": "文书：点名称打开，打印、盖章、送达",
    "papers-circular": "通报：印发以后不能再改，所通报的单位都已告知",
    "registry-person": "救助对象档案：一人一页，享受过什么、办过什么、下一步是什么",
    "duties-figures": "月报打开时已经填好，每个数字都能看是哪几条",
    "duties-list": "名单核对：哪一行有什么问题，下载原表改好再报",
    "meetings-held": "会商：议题、到会、逐件议决",
    "visits-phone": "手机上的走访名单",
    "publications-one": "公示：内容、期限和异议",
    "rolls-one": "发放名册：乡镇汇总和到户清册，更正、补发各有一行",
    "indicators-page": "指标：每个数字都能打开",
    "indicators-circular": "起草通报：各单位有几件、哪几件已经列好，只改文字和勾选",
    "ledgers-one": "台账：筛选以后导出、打印",
    "reveal-box": "写明理由才能查看",
    "accounts-page": "账号管理",
    "system-page": "系统状态",
    "trouble-wrong": "点红字，直接到要改的那一栏",
    "trouble-late": "同事先办了一步",
    "trouble-signal": "没有信号时提交，填报留在本机",
}
"""Every picture, named by its chapter and a word of its own, with its caption."""

OPENING = """# 使用帮助

写给每天用这个系统的人。登录后点页面右上角的“使用帮助”，看到的是同样的内容，而且只有您的岗位用得到的部分。
【】里是要按的按钮，“”里是页面上的字。图中的人员、个案均为虚构。

本文由 `make guide` 从网站的帮助页生成：要改文字，请改 `platform/xunfang/web/templates/guide/`，再运行一次。

## 各岗位先看什么

岗位和权限由各地配置，下面是全国通用的一套；本地增设的岗位，以登录后看到的为准。
“[遇到问题怎么办](#遇到问题怎么办)”人人都看；办个案的，再看“[颜色和标签的意思](#颜色和标签的意思)”。

| 岗位 | 今天先做 | 要看的部分 |
| --- | --- | --- |
"""


class Reader:
    """Somebody who may do these acts; by default every act there is."""

    def __init__(self, acts: frozenset[str] | None = None) -> None:
        every: frozenset[str] = frozenset().union(*(access.acts for access in ACCESS.values()))
        self.actor: Any = SimpleNamespace(acts=every if acts is None else acts)

    def may(self, act: str) -> bool:
        """Return whether the reader may do an act."""
        return act in self.actor.acts


def body_of(chapter: Chapter, reader: Any = None) -> str:
    """Return the text of a chapter as the site shows it to a reader, by default to one who may do everything."""
    site = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return site.get_template(f"guide/{chapter.id}.html").render(member=reader or Reader(), hotline=HOTLINE)


class Markdown(HTMLParser):
    """The few elements that the guide is written in, as Markdown."""

    AROUND: Mapping[str, tuple[str, str]] = {
        "p": ("\n\n", ""),
        "note": ("\n\n> ", ""),
        "ol": ("\n", ""),
        "summary": ("\n\n### ", ""),
        "dl": ("\n\n| 标签 | 意思 |\n| --- | --- |", ""),
        "dt": ("\n| ", ""),
        "dd": (" | ", " |"),
        "strong": ("**", "**"),
        "code": ("`", "`"),
        "press": ("【", "】"),
        "tag": ("“", "”"),
    }

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.step, self.open = "", 0, [""]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; one of a class that the guide knows goes by the name of its class."""
        named = (dict(attrs).get("class") or tag).split()[0]
        self.step = self.step + 1 if tag == "li" else 0 if tag == "ol" else self.step
        known = named if named in self.AROUND and self.open[-1] != "dt" else tag
        self.open.append(known)
        self.text += f"\n{self.step}. " if tag == "li" else self.AROUND.get(known, ("", ""))[0]

    def handle_endtag(self, tag: str) -> None:
        self.text += self.AROUND.get(self.open.pop(), ("", ""))[1]

    def handle_data(self, data: str) -> None:
        self.text += data.replace("\n", "") if data.strip() else ""


def as_markdown(text: str) -> str:
    """Return the text of a chapter as Markdown; a colon goes outside of bold, or the bold would not end there."""
    parts = Markdown(text).text.split("**")  # every second one is bold; a colon that ends it stands behind it
    bold = [f"**{part.removesuffix('：')}**{'：' * part.endswith('：')}" for part in parts[1::2]]
    return "".join(part for pair in zip_longest(parts[::2], bold, fillvalue="") for part in pair).strip()


def written(rulebook: Rulebook) -> str:
    """Return docs/guide.md as it ought to be."""
    rows = "".join(_row(role.label, Reader(frozenset(role.may))) for role in rulebook.roles.values())
    parts = (f"\n## {each.title}\n\n{as_markdown(body_of(each))}\n{_pictures_of(each)}" for each in CHAPTERS)
    return OPENING + rows + "".join(parts)


def _row(label: str, reader: Any) -> str:
    errands = "；".join(errand.title for errand in errands_for(reader))
    own = (chapter for chapter in chapters_for(reader) if chapter.id not in FOR_ALL)
    parts = "、".join(f"[{chapter.title}](#{chapter.title})" for chapter in own)
    return f"| {label} | {errands} | {parts} |\n"


def _pictures_of(chapter: Chapter) -> str:
    names = [name for name in PICTURES if name.partition("-")[0] == chapter.id]
    return "".join(f"\n{_picture(name)}\n" for name in names if (IMAGES / f"{name}.png").exists())


def _picture(name: str) -> str:
    with Image.open(IMAGES / f"{name}.png") as image:
        width = 280 if image.width <= NARROW else 720
    return f'<img src="images/guide/{name}.png" width="{width}" alt="{PICTURES[name]}">\n\n{PICTURES[name]}'


if __name__ == "__main__":
    GUIDE.write_text(written(compile_rulebook(read_files(ROOT), ROLES_OF)), "utf-8")
