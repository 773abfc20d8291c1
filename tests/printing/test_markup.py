import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xunfang.printing import PrintError
from xunfang.printing.markup import MAX_ELEMENTS, MAX_NESTING, _feed_plainly, _Reader, read, write

PAGE = "<html><head><title>样</title></head><body>{}</body></html>"


def refused(body: str) -> PrintError:
    with pytest.raises(PrintError) as caught:
        read(PAGE.format(body))
    return caught.value


def test_what_is_read_is_written_back_escaped() -> None:
    html = PAGE.format('<p class="a">甲 &amp; &lt;乙&gt;<br><span>丙</span></p>')
    assert write(read(html)) == html


@pytest.mark.parametrize(
    "body",
    [
        "<script>1</script>",
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a href="http://127.0.0.1/">甲</a>',
        "<svg></svg>",
        '<iframe src="x"></iframe>',
        '<base href="file:///">',
        '<p style="position:fixed">甲</p>',
        '<p onclick="x">甲</p>',
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1/x.png">',
        '<img src="data:image/svg+xml;base64,AAAA">',
        '<img src="data:text/html,甲">',
        '<td colspan="10000000">甲</td>',
        '<td rowspan="-1">甲</td>',
        "<style>@import 'x'</style>",
        "<style>p{background:url(file:///etc/passwd)}</style>",
        "<style>p{display:flex}</style>",
        "<style>p{d\\69splay:grid}</style>",
        "<style>@font-face{font-family:x}</style>",
        "<p>未结束",
        "<p>甲</span></p>",
        "<b><i>甲</b></i>",
        "<?php ?>",
    ],
)
def test_what_is_not_in_the_closed_language_is_refused(body: str) -> None:
    assert refused(body).code == "TEMPLATE_BROKEN"


def test_nesting_and_number_of_elements_are_bounded() -> None:
    assert refused("<div>" * (MAX_NESTING + 1)).code == "TEMPLATE_BROKEN"
    assert refused("<br>" * (MAX_ELEMENTS + 1)).code == "TOO_LONG"


def test_a_text_without_a_layout_says_what_its_first_line_should_be() -> None:
    with pytest.raises(PrintError, match="extends layout"):
        read("<p>甲</p>")


def test_a_wrong_pair_of_tags_is_named_with_its_place() -> None:
    assert "</th>与前面的<td>" in refused("<table><tr><td>姓名</th></tr></table>").message


PIECES = st.sampled_from(
    [
        "<p>", "</p>", '<p class="a">', "<br>", "<br/>", "<b >", "</b>", "<td colspan='2'>", '<td colspan="2">',
        "</td>", "<!-- x -->", "<!DOCTYPE html>", "甲", "a & b", "&amp;", "&lt;乙&gt;", "&", " ", "\n", "<", ">",
        "< p>", "<P>", '<p class="&amp;">', "<?x?>", "<style>", "p > b { color: red }", "</style>",
        "<style>p{}</style>", "<title>", "</title>", "<script>", "</", "<p a>",
    ]
)  # fmt: skip


@settings(max_examples=100)
@given(st.lists(PIECES, max_size=12))
def test_what_is_plain_is_read_as_the_standard_library_reads_it(pieces: list[str]) -> None:
    html = PAGE.format("".join(pieces))
    slow, fast = _Reader(), _Reader()
    try:
        slow.feed(html)
        slow.close()
        expected: object = slow._top
    except PrintError as error:
        expected = error.message
    try:
        found: object = fast._top if _feed_plainly(fast, html) else expected
    except PrintError as error:
        found = error.message
    assert found == expected


def test_the_papers_of_a_county_are_plain() -> None:
    assert _feed_plainly(_Reader(), PAGE.format('<p class="a">甲 &amp; 乙</p><style>p > b { color: red }</style>'))
    assert not _feed_plainly(_Reader(), PAGE.format("<td colspan='2'>甲</td>"))
