"""docs/voice.md lists the sentences that are heard."""

from scripts.sentences import MARK, NAMES, PAGE, load, page


def test_the_page_is_up_to_date() -> None:
    """`python -m scripts.sentences` would change nothing."""
    text = PAGE.read_text()
    assert MARK in text
    assert text == page(text, load())


def test_every_language_has_a_name() -> None:
    """And is told of."""
    assert load().keys() == NAMES.keys()
