"""What is said in each language is understood, done and answered."""

from collections.abc import Sequence
from types import ModuleType

import pytest

from . import dutch, english, french, german, italian, spanish
from .stage import Case, Stage

LANGUAGES: dict[str, ModuleType] = {
    "de": german,
    "en": english,
    "es": spanish,
    "fr": french,
    "it": italian,
    "nl": dutch,
}
SUBJECTS = ("ASKING", "KEEPING", "STARTING", "STEERING", "EVENING")
FULL = ("en", "de")


def cases(language: str, subject: str) -> Sequence[Case]:
    """Return what is said of a subject."""
    found: Sequence[Case] = getattr(LANGUAGES[language], subject)
    return found


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_said_is_done(
    stage: Stage, subtests: pytest.Subtests, language: str, subject: str
) -> None:
    """Questions are answered; music is kept, started, steered, and ends by itself."""
    await stage.try_all(cases(language, subject), language, subtests)


@pytest.mark.parametrize("language", LANGUAGES)
def test_enough_is_said(language: str) -> None:
    """Sixty sentences in English and German, twenty in each other language."""
    texts = [case.text for one in SUBJECTS for case in cases(language, one)]
    assert len(set(map(str.casefold, texts))) >= (60 if language in FULL else 20)


@pytest.mark.parametrize("language", FULL)
def test_it_is_said_everywhere_and_by_everybody(language: str) -> None:
    """In both rooms and on a phone, by people known and unknown, to both accounts."""
    tried = [case for one in SUBJECTS for case in cases(language, one)]
    assert {case.room for case in tried} == {"Kitchen", "Living room", None}
    assert {case.user for case in tried} == {"anna", "ben", None}
    changed = {subject.partition(".")[0] for case in tried for subject in case.change}
    assert changed == {"anna", "ben"}
