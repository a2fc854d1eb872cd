"""The benchmark of the archive measures what it says."""

from itertools import chain

import pytest

from custom_components.spotify_hub.archive.records import Source
from scripts.benchmarks import archive
from scripts.benchmarks.listening_years import ACCOUNTS, listening


def test_years_of_listening_are_always_the_same() -> None:
    """So many plays of three accounts, the latest of them watched."""
    sightings = list(chain.from_iterable(listening(3000)))
    assert sightings == list(chain.from_iterable(listening(3000)))
    assert {one.account for one in sightings} == set(ACCOUNTS)
    told = [one for one in sightings if one.source is not Source.RECENT]
    assert len(told) == 3000
    assert 0.05 < sum(one.source is Source.LIVE for one in told) / 3000 < 0.3


def test_every_question_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Whether the goals are met is seen only with a million plays."""
    archive.run(2000)
    printed = capsys.readouterr().out
    assert "2,000 plays of" in printed
    assert all(f"  {name}  " in printed for name in (*archive.FAST, *archive.OTHERS))
    assert "3.00 of at most    3.00  met" in printed
