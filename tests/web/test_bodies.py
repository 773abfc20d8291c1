"""What an address says it takes, the reception before it and the nginx before that let through."""

import re

from conftest import ROOT
from flask import Flask

from xunfang.reception import Bodies
from xunfang.web.access import ACCESS
from xunfang.web.bodies import large_bodies


def test_no_address_says_that_it_takes_more_than_the_reception_reads_for_it(web: Flask) -> None:
    bodies = Bodies(larger=large_bodies(web))
    addresses = {rule.endpoint: re.sub(r"<[^>]+>", "x", rule.rule) for rule in web.url_map.iter_rules()}
    assert [name for name, path in addresses.items() if bodies.most(path) < ACCESS[name].body] == []
    taking_more = {name for name, path in addresses.items() if bodies.most(path) > bodies.most("/")}
    assert {"feeds.hand_in", "openings.bring", "studio.take"} <= taking_more


def test_wherever_more_than_a_photo_is_taken_nginx_lets_it_through(web: Flask) -> None:
    shipped = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    ((pattern, most),) = re.findall(r"location ~ (\S+) \{[^}]*client_max_body_size (\d+)m;", shipped)
    large = large_bodies(web)
    assert [start for start in large if not re.match(pattern, start)] == []
    assert int(most) * 1024 * 1024 >= max(large.values())
