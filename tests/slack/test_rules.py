"""Each rule of the sheet has a test that names its number, and no test names another."""

from tests.slack import rules


def test_each_rule_has_its_tests() -> None:
    assert rules.tests().keys() == rules.rules().keys()
    assert min(rules.rules()) == 1
    assert len(rules.rules()) == max(rules.rules())
