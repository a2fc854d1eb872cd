"""No pitfall of listening histories is without a test that names it."""

import re

from tests.project import ROOT

PAGE = ROOT / "docs" / "architecture.md"


def test_each_pitfall_is_named_by_a_test() -> None:
    """Those that the page on the architecture lists, and no other."""
    text = PAGE.read_text().partition("| pitfall | |")[2]
    listed = {int(number) for number in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert listed == set(range(1, 12))
    named = {
        int(number)
        for path in (ROOT / "tests").rglob("test_*.py")
        for names in re.findall(r'"""Pitfalls? ([\d and]+)', path.read_text())
        for number in re.findall(r"\d+", names)
    }
    assert named == listed
