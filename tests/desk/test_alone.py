"""Whoever reads needs no web: the desk comes without the pages and without the libraries they are made with."""

import subprocess
import sys


def test_reading_loads_nothing_of_the_web() -> None:
    asked = "import sys, xunfang.desk; print({'flask', 'flask_admin', 'jinja2', 'xunfang.web'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
