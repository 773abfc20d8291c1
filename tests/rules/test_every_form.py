"""Every form of every jurisdiction has a valid sample, and the engine can say what would follow from it."""

from datetime import timedelta
from pathlib import Path

import pytest

from xunfang.rulebook.compile import compile_rulebook, jurisdictions
from xunfang.rulebook.files import read_files
from xunfang.rules.explain import explanation
from xunfang.rules.intake import decide
from xunfang.rules.sample import sample_answers, sample_moment
from xunfang.rules.sample_papers import sample_notice_facts

FILES = read_files(Path(__file__).parents[2])


@pytest.mark.parametrize("jurisdiction", jurisdictions(FILES))
def test_every_form_is_explained_and_every_paper_has_its_facts(jurisdiction: str) -> None:
    rulebook = compile_rulebook(FILES, jurisdiction)
    if not rulebook.info.serves:
        return  # a layer only for others has no divisions to live in
    at = sample_moment(rulebook) + timedelta(hours=1)
    for form in rulebook.forms.values():
        told = explanation(rulebook, decide(rulebook, form.id, sample_answers(rulebook, form), at))
        assert told["valid"], (form.id, told["problems"])
        opened = [flow for flow in rulebook.flows.values() if form.id in flow.opens_on]
        assert not opened or told["tasks"] or told["proposed"], f"{form.id} opens a case that nobody gets"
    for kind in rulebook.notices.values():
        facts = sample_notice_facts(rulebook, kind)
        assert facts["notice"]["kind"] == kind.id
        assert facts["issuer"]["label"] or not kind.seal
