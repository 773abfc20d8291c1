"""Characters as they are entered: what nobody can see is taken out, what no paper can show is named."""

import re
import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs"}
_VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_KEPT = "\n\t"
_PRINTABLE = """
    20-7E A0-AC AE-103 110-113 11A-11B 128-12B 143-144 147-148 14C-14F 152-153 168-16D 192 1A0-1A1 1AF-1B0 1CD-1DC
    1F8-1F9 251 261 2BB 2C7 2C9-2CB 2D9 2EA-2EB 300-301 304 307 30C 391-3A1 3A3-3A9 3B1-3C9 401 410-44F 451 1E3E-1E3F
    1EA0-1EF9 2002-2003 2010-2016 2018-201A 201C-201E 2020-2022 2025-2027 2030 2032-2033 2035 2039-203C 2042 2047-2049
    2051 2074 20A9 20AB-20AC 20DD-20DE 2100 2103 2105 2109-210A 210F 2113 2116 2121-2122 2126-2127 212B 212E 2135 213B
    2160-216B 2170-217B 2190-2199 21B8-21B9 21C4-21C6 21CB-21CC 21D0 21D2 21D4 21E6-21E9 21F5 2200 2202-2203 2205-220B
    220F 2211-2213 2215 221A 221D-2220 2223 2225-222E 2234-2237 223D 2243 2245 2248 224C 2260-2262 2264-2267 226A-226B
    226E-226F 2272-2273 2276-2277 2282-2287 228A-228B 2295-2299 22A0 22A5 22BF 22DA-22DB 22EF 2305-2307 2312 2318
    2329-232A 23B0-23B1 23BE-23CC 23CE 23DA-23DB 2423 2460-25AB 25B1-25B3 25B6-25B7 25BC-25BD 25C0-25C1 25C6-25C7
    25C9-25CC 25CE-25D3 25E2-25E6 25EF 2600-2603 2605-2606 2609 260E-260F 2616-2617 261C-261F 262F 2640-2642 2660-266F
    2672-267D 26A0 26BD-26BE 2702 2713 271A 273D 273F-2740 2756 2776-2793 27A1 2934-2935 29BF 29FA-29FB 2B05-2B07 2B1A
    2B95 2E3A-2E3B 2E80-2E99 2E9B-2EF3 2F00-2FD5 2FF0-2FFB 3000-303F 3041-3096 3099-30FF 3105-312F 3131-3163 3165-318E
    3190-31BB 31C0-31E3 31F0-321E 3220-332B 332D-4DBF 4E00-9FFF F901-F903 F905-F906 F90A-F90C F915-F91A F91D-F91F
    F92C-F92D F92F F931-F935 F937 F939-F93A F943 F947-F948 F94A F94E F952-F953 F95E F962-F968 F96E F972-F974 F976
    F979-F97B F97E-F980 F984-F985 F98A-F98C F98E F991 F993 F995 F998 F99B-F99C F99E-F99F F9A5 F9AE F9B5 F9B7-F9B8
    F9BA-F9BB F9BD-F9BE F9C0 F9C5-F9C6 F9D0 F9D8-F9DA F9DC-F9E4 F9E7 F9E9 F9F1 F9F4-F9F5 F9FA-F9FB F9FD F9FF FA02
    FA05-FA08 FA0A FA0C-FA0F FA11 FA13-FA14 FA18 FA1F-FA21 FA23-FA24 FA27-FA29 FA2F FA33-FA35 FA37-FA38 FA3A FA47 FA49
    FA4B FA5C-FA5E FB00-FB04 FE10-FE19 FE30-FE52 FE54-FE66 FE68-FE6B FF01-FF9F FFA1-FFBE FFC2-FFC7 FFCA-FFCF FFD2-FFD7
    FFDA-FFDC FFE0-FFE6 FFE8-FFEE 1F100-1F10C 1F110-1F16C 1F170-1F1AC 1F200-1F202 1F210-1F23B 1F240-1F248 1F250-1F251
    20000-2A6D6 2A700-2B734 2B740-2B81D 2B820-2CEA1 2CEB0-2EBE0 2F878 2F884 2F8B6 2F920
"""
"""What some face of every role of the press has (printing/fonts.py), rare characters too; a test compares."""


def seen(text: str) -> str:
    """Return a text without what nobody sees: control characters, marks of direction, spaces of no width.

    Line ends and tabs stay; every other way to end a line becomes one that is known.
    """
    if text.isprintable() and not _VARIANTS.search(text):
        return text
    lines = re.sub("\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", _VARIANTS.sub("", text))
    return "".join(sign for sign in lines if sign in _KEPT or unicodedata.category(sign) not in _UNSEEN)


def compact(text: str) -> str:
    """Return a number as people paste it without blanks and what nobody sees, its digits and letters half-width."""
    return "".join(unicodedata.normalize("NFKC", seen(text)).split())


def unprintable(text: str) -> str:
    """Return the first character of a text that no face of the press has, or ""."""
    found = None if text.isascii() else _STRANGE.search(text)
    return found[0] if found else ""


def unprintable_words(text: str, where: str) -> str:
    """Return what is told of a text in which a character stands that no paper can show, "" for any other."""
    strange = unprintable(text)
    if strange and not is_text(strange):
        return f"{where}中有无法识别的字符，请重新填写。"
    return f"{where}中的“{strange}”（U+{ord(strange):04X}）印不出来，请删去，或者换一个写法。" if strange else ""


def is_text(text: str) -> bool:
    """Return whether a text can be written at all: half of a character, as broken programs send it, cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _class_of(ranges: str) -> str:
    ends = (each.partition("-")[::2] for each in ranges.split())
    return "".join(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, last in ends)


_STRANGE = re.compile(rf"[^\n\t{_class_of(_PRINTABLE)}]")
