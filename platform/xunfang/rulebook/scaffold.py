"""The first files of a new jurisdiction: a layer that compiles, with comments that say what to write where."""

import json
import re

from xunfang.division import Level, digits_of
from xunfang.rulebook.kinds import KINDS

_CODE = re.compile(r"([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9})-[a-z][a-z0-9-]*")


class ScaffoldError(ValueError):
    """The new layer cannot be named so; the message says why."""


def scaffold(layer: str, name: str, existing: set[str]) -> dict[str, str]:
    """Return the files of a new layer by path; raises ScaffoldError for a name that is wrong or taken."""
    if not _CODE.fullmatch(layer):
        raise ScaffoldError(f"“{layer}”应写作“区划代码-拼音”，区划代码为 2、4、6 或 9 位数字，如 45-guangxi。")
    if layer.split("-", 1)[0] in {other.split("-", 1)[0] for other in existing}:
        raise ScaffoldError(f"区划代码 {layer.split('-', 1)[0]} 已经有一个文件夹了。")
    if not name.strip() or not name.isprintable():
        raise ScaffoldError("辖区名称不能为空，也不能有换行。")
    head, quoted = f"workflows/{layer}", json.dumps(name.strip(), ensure_ascii=False)
    made = {f"{head}/{file}": text.replace("{name}", quoted) for file, text in _FILES.items()}
    if len(layer.split("-", 1)[0]) == digits_of(Level.TOWNSHIP):
        made[f"{head}/jurisdiction.toml"] = TOWNSHIP_NOTE + made[f"{head}/jurisdiction.toml"]
    return made


TOWNSHIP_NOTE = """\
# 乡镇的文件夹是单独的辖区：本乡镇自己设平台、自己立案时才用，并要写进 config.toml 的 serves。
# 县（区）的个案一律按县（区）文件夹的规则办，居住在本乡镇的也一样，这里的时限、分派管不到。
# 县（区）只想给本乡镇另定时限的，请在县（区）的 deadlines.toml 写 limits，条件写本乡镇各村的代码。
"""


_FILES: dict[str, str] = {
    **{kind.where: kind.begins for kind in KINDS.values() if kind.begins},
    "divisions.csv": "code,name,level\n",
    "scenarios/base.toml": """\
# 情景里反复用到的答案，起个名字放在这里，各情景用 base = "typical" 引用。
""",
}
