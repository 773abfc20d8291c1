"""How a cell that is written into somebody's workbook looks: a style put behind those that there are."""

import re

from xunfang.sheets.parsing import Splice, parser, spliced

_FONT = '<{p}font><{p}sz val="11"/><{p}color rgb="FFC00000"/><{p}name val="宋体"/></{p}font>'
_FORMAT = (
    '<{p}xf numFmtId="49" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" '
    'applyAlignment="1"><{p}alignment vertical="top" wrapText="1"/></{p}xf>'
)


def with_style(xml: bytes) -> tuple[int | None, bytes]:
    """Return the number of a new style, red and wrapped, and the styles with it; None where there can be none."""
    counted = {"fonts": 0, "cellXfs": 0}
    begun, ended, path = dict[str, int](), dict[str, tuple[int, str]](), list[str]()
    reader = parser()

    def start(name: str, _: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if path and path[-1] in counted:
            counted[path[-1]] += 1
        if local in counted and len(path) == 1:
            begun[local] = reader.CurrentByteIndex
        path.append(local)

    def end(name: str) -> None:
        local = path.pop()
        if local in counted and len(path) == 1:
            ended[local] = (reader.CurrentByteIndex, name.removesuffix(local))

    reader.StartElementHandler, reader.EndElementHandler = start, end
    reader.Parse(xml, True)
    if set(ended) != set(counted) or not all(counted.values()):
        return None, xml
    added = {"fonts": _FONT, "cellXfs": _FORMAT}
    splices: list[Splice] = []
    for name, count in counted.items():
        here, prefix = ended[name]
        splices.append((here, here, added[name].format(p=prefix, font=counted["fonts"]).encode()))
        tag = xml[begun[name] : (close := xml.index(b">", begun[name]))]
        splices.append((begun[name], close, re.sub(rb'count="\d+"', f'count="{count + 1}"'.encode(), tag)))
    return counted["cellXfs"], b"".join(spliced(xml, sorted(splices)))
