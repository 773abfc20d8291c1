"""Logos: whatever a drawing could do beyond being looked at is refused, and what is kept is read as it was written."""

import base64

import pytest

from xunfang.rulebook.compile import compile_rulebook
from xunfang.rulebook.logos import (
    LogoRefused,
    checked,
    drawn,
    logo_path,
    pictured,
    reworded,
    template_name,
    words_of,
)

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 20"'
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 30).decode()
LOOPED = '<linearGradient id="a" xlink:href="#b"/><linearGradient id="b" xlink:href="#a"/><rect width="9" height="9"/>'


def svg(body: str, attributes: str = "") -> str:
    return f"{HEAD}{attributes}>{body}</svg>"


@pytest.mark.parametrize(
    "hostile",
    [
        svg("<script>alert(1)</script>"),
        svg('<g><g><SCRIPT xmlns="http://www.w3.org/2000/svg">1</SCRIPT></g></g>'),
        svg('<rect width="1" height="1" onload="alert(1)"/>'),
        svg('<rect width="1" height="1" ONCLICK="alert(1)"/>'),
        svg("<foreignObject><p>x</p></foreignObject>"),
        svg('<a href="https://example.com"><rect width="1" height="1"/></a>'),
        svg('<image href="https://example.com/x.png" width="1" height="1"/>'),
        svg('<image href="file:///etc/passwd" width="1" height="1"/>'),
        svg('<image href="data:image/svg+xml;base64,PHN2Zz4=" width="1" height="1"/>'),
        svg(f'<image href="data:image/png;base64,{base64.b64encode(b"<svg onload=1>xx").decode()}"/>'),
        svg('<use href="#x"/>'),
        svg('<rect width="1" height="1" fill="url(https://example.com/x)"/>'),
        svg('<rect width="1" height="1" style="fill:url(//example.com/x)"/>'),
        svg('<rect width="1" height="1" fill="u\\rl(x)"/>'),
        svg("<style>@import url(https://example.com/x.css);</style>"),
        svg('<animate attributeName="href" values="javascript:alert(1)"/>'),
        svg('<set attributeName="onload" to="alert(1)"/>'),
        svg("<text>字</text>"),
        svg('<svg><rect width="1" height="1"/></svg>'),
        svg(LOOPED),
        svg('<clipPath id="c"><path d="M0 0" clip-path="url(#c)"/></clipPath><rect width="1" height="1"/>'),
        svg("<g>" * 40 + '<rect width="1" height="1"/>' + "</g>" * 40),
        svg('<rect width="1" height="1"/>' * 2_001),
        svg('<rect width="1" height="1"/>').replace("0 0 40 20", "0 0 4000 2"),
        svg('<rect width="1" height="1"/>').replace(' viewBox="0 0 40 20"', ""),
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + svg("<desc>&b;</desc>"),
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + svg('<rect width="1" height="1"/>'),
        svg("<![CDATA[<script>1</script>]]>"),
        svg('<rect width="1" height="1"'),
        svg("<metadata>只有说明</metadata>"),
        svg(f'<path d="{"M0 0 " * 70_000}"/>'),
        "<html><script>1</script></html>",
        "",
    ],
)
def test_what_could_do_more_than_be_looked_at_is_refused(hostile: str) -> None:
    with pytest.raises(LogoRefused, match=r"。\Z"):
        drawn(hostile, "标志")


def test_a_drawing_keeps_its_shapes_and_loses_what_its_program_added() -> None:
    logo = drawn(
        '<?xml version="1.0" encoding="utf-8"?><!-- Generator --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        + svg(
            '<metadata>某人 某处</metadata><defs><linearGradient id="g"><stop offset="0" style="stop-color:#f00;x:y"/>'
            '</linearGradient></defs><g inkscape:label="层" class="a"><path d="M0,0L9 9z" style="fill:url(#g)"/></g>'
            f'<image width="4" height="4" xlink:href="data:image/png;base64,{PIXEL}"/>',
            ' fill="none" width="40mm" xmlns:inkscape="urn:x" onhello="no"'.replace(' onhello="no"', ""),
        ),
        "  博山<救助>标志 ",
    )
    assert logo.alt == "博山<救助>标志"
    assert words_of(logo.text) == "博山<救助>标志"
    assert logo.ratio == 2
    assert '<g fill="none">' in logo.text
    assert '<stop offset="0" stop-color="#f00"/>' in logo.text
    assert '<path d="M0,0L9 9z" fill="url(#g)"/>' in logo.text
    assert PIXEL in logo.text
    for gone in ("metadata", "inkscape", "class", "Generator", "DOCTYPE", "某人"):
        assert gone not in logo.text
    assert checked(logo.text) == logo
    assert reworded(logo, "新的说明").text == logo.text.replace("博山&lt;救助&gt;标志", "新的说明")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("<title>标志</title>", "<title></title>"),
        ("<title>标志</title>\n", ""),
        ("<rect", "<script/><rect"),
        ("<rect", '<rect onload="x"'),
        ("</svg>", "<metadata/></svg>"),
        ("<svg ", "<!DOCTYPE svg><svg "),
    ],
)
def test_a_file_that_somebody_wrote_otherwise_is_no_logo(was: str, now: str) -> None:
    text = drawn(svg('<rect width="4" height="4"/>'), "标志").text
    assert was in text
    with pytest.raises(LogoRefused):
        checked(text.replace(was, now, 1))


def test_a_picture_is_carried_as_data_and_not_a_large_one() -> None:
    logo = pictured(base64.b64decode(PIXEL), "png", 30, 10, "标志")
    assert logo.ratio == 3
    assert checked(logo.text) == logo
    with pytest.raises(LogoRefused, match="太大"):
        pictured(b"\x89PNG\r\n\x1a\n" + b"0" * 200_001, "png", 30, 10, "标志")


def test_a_county_has_the_logo_of_the_layer_above_until_it_has_one_of_its_own() -> None:
    province, county = (drawn(svg(f'<rect width="{n}" height="9"/>'), alt) for n, alt in ((9, "省标"), (8, "县标")))
    head = 'name = "{}"\n'
    files = {
        "workflows/00-national/jurisdiction.toml": head.format("全国"),
        "workflows/37-province/jurisdiction.toml": head.format("省"),
        logo_path("37-province", "mark"): province.text,
        "workflows/370304-county/jurisdiction.toml": head.format("县"),
        "workflows/371000-other/jurisdiction.toml": head.format("别的县"),
    }

    def marks(files: dict[str, str], layer: str) -> str:
        return words_of(compile_rulebook(files, layer).templates[template_name("mark")])

    assert marks(files, "370304-county") == "省标"
    files[logo_path("370304-county", "mark")] = county.text
    assert [marks(files, layer) for layer in ("370304-county", "371000-other")] == ["县标", "省标"]
