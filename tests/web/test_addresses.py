"""Addresses that are made by putting a key between two halves are those that the framework makes itself."""

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

from xunfang.web.addresses import quick_addresses

KEY = "01a22e5b216f7e81bd5be3797cf56e27"


def test_of_every_page_with_one_key_the_address_is_the_same(web: Flask) -> None:
    quick, tried = quick_addresses(), 0
    with web.test_request_context():
        for rule in web.url_map.iter_rules():
            if len(rule.arguments) == 1 and rule.endpoint != "static":
                (name,) = rule.arguments
                key = "7" if "int:" in rule.rule else KEY
                for _ in range(2):
                    assert quick(rule.endpoint, **{name: key}) == url_for(rule.endpoint, **{name: key})
                tried += 1
    assert tried > 50


@pytest.mark.parametrize(
    "values",
    [{}, {"case_id": KEY, "done": "x"}, {"case_id": "a/b"}, {"case_id": "张三"}, {"case_id": KEY, "_anchor": "tasks"}],
)
def test_whatever_else_an_address_tells_it_is_the_frameworks(web: Flask, values: dict[str, str]) -> None:
    endpoint = "cases.show" if values else "queue.index"
    with web.test_request_context():
        assert quick_addresses()(endpoint, **values) == url_for(endpoint, **values)


def test_a_query_of_one_word_and_a_site_below_another_folder_are_heeded(web: Flask) -> None:
    quick = quick_addresses()
    for root in ("", "/xunfang"):
        with web.test_request_context(environ_overrides={"SCRIPT_NAME": root}):
            assert quick("queue.index", after=KEY) == f"{root}/?after={KEY}"
            assert quick("cases.show", case_id=KEY) == f"{root}/cases/{KEY}"


def test_a_page_that_is_not_there_is_refused(web: Flask) -> None:
    with web.test_request_context(), pytest.raises(BuildError):
        quick_addresses()("no.page", key=KEY)
