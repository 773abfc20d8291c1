"""The format of rule files. Frozen: a later one brings a function that reads this one, and keeps it for ever."""

from xunfang.rulebook.findings import Findings
from xunfang.rulebook.merge import Part

FORMAT = 1
"""What this version writes and reads. A jurisdiction.toml may say `format = 1`; one that says nothing means it."""


def check_format(jurisdiction: Part, findings: Findings) -> None:
    """Note files of a later format than this version reads; they are refused rather than misread."""
    said = jurisdiction.data.get("format", FORMAT)
    if isinstance(said, int) and said > FORMAT:
        message = f"规则文件是第 {said} 版格式，本程序只认到第 {FORMAT} 版"
        findings.error(jurisdiction, ("format",), "FORMAT_TOO_NEW", message, "请升级程序后再使用这些文件")
