"""Background work: once at a time, with rests, and never behind somebody's back."""

import asyncio

from homeassistant.core import HomeAssistant
import pytest

from custom_components.spotify_hub.account.jobs import BackgroundJob
from custom_components.spotify_hub.api.errors import (
    ServerFaultError,
    SignInRequiredError,
    SpotifyApiError,
)
from tests.conftest import EntryFor, Later

pytestmark = pytest.mark.usefixtures("freezer")


class Work:
    """What a job does, and what goes wrong with it."""

    def __init__(self) -> None:
        """Work well."""
        self.error: SpotifyApiError | None = None
        self.runs = 0

    async def __call__(self) -> None:
        """Work once."""
        self.runs += 1
        if self.error is not None:
            raise self.error


@pytest.fixture
def work() -> Work:
    """Work."""
    return Work()


@pytest.fixture
def job(hass: HomeAssistant, entry_for: EntryFor, work: Work) -> BackgroundJob:
    """A job of Anna's."""
    return BackgroundJob(hass, entry_for(), "test", work)


async def test_it_runs_when_asked(job: BackgroundJob, work: Work, later: Later) -> None:
    """Once, at the time."""
    job.async_run_in(60)
    await later(50)
    assert work.runs == 0
    await later(20)
    assert work.runs == 1
    assert (job.last_result, job.next_run) == ("ok", None)


async def test_being_asked_again_moves_the_time(
    job: BackgroundJob, work: Work, later: Later
) -> None:
    """One run, at the time set last."""
    job.async_run_in(600)
    job.async_run_in(10)
    await later(20)
    await later(700)
    assert work.runs == 1


async def test_it_rests_longer_after_each_failure_and_recovers_by_itself(
    job: BackgroundJob, work: Work, later: Later
) -> None:
    """10 and 20 minutes for a network failure; a success ends it."""
    work.error = ServerFaultError("503")
    job.async_run_in(0)
    await later(1)
    assert job.last_result == "server_fault"
    job.async_run_in(0)
    await later(300)
    assert work.runs == 1
    await later(301)
    assert work.runs == 2
    await later(1100)
    assert work.runs == 2
    work.error = None
    await later(110)
    assert work.runs == 3
    assert job.last_result == "ok"
    job.async_run_in(0)
    await later(1)
    assert work.runs == 4


async def test_a_dead_sign_in_stops_it_for_good(
    job: BackgroundJob, work: Work, later: Later
) -> None:
    """`invalid_grant` is never retried."""
    work.error = SignInRequiredError("invalid_grant")
    job.async_run_in(0)
    await later(1)
    job.async_run_in(0)
    await later(90_000)
    assert work.runs == 1
    assert job.next_run is None


async def test_a_pause_holds_what_is_due_until_it_ends(
    job: BackgroundJob, work: Work, later: Later
) -> None:
    """Nothing is lost by switching background work off for a while."""
    job.async_pause(paused=True)
    job.async_run_in(10)
    await later(100)
    assert work.runs == 0
    job.async_pause(paused=False)
    await later(1)
    assert work.runs == 1


async def test_two_runs_never_overlap(
    hass: HomeAssistant, entry_for: EntryFor, later: Later
) -> None:
    """A run that is asked for during another is that other."""
    gate, runs = asyncio.Event(), list[int]()

    async def slow() -> None:
        runs.append(1)
        await gate.wait()

    job = BackgroundJob(hass, entry_for(), "slow", slow)
    job.async_run_in(0)
    await later_without_waiting(later)
    job.async_run_in(0)
    await later_without_waiting(later)
    assert len(runs) == 1
    gate.set()
    await later(1)
    assert job.last_result == "ok"


async def later_without_waiting(later: Later) -> None:
    """Let a second pass, but do not wait for what runs on."""
    passing = asyncio.ensure_future(later(1))
    for _ in range(5):
        await asyncio.sleep(0)
    passing.cancel()


async def test_a_pause_ends_a_run_that_waits(
    hass: HomeAssistant, entry_for: EntryFor, later: Later
) -> None:
    """Waiting for a deadline of hours is work too; afterwards it is done anew."""
    gate, runs = asyncio.Event(), list[int]()

    async def slow() -> None:
        runs.append(1)
        await gate.wait()

    job = BackgroundJob(hass, entry_for(), "slow", slow)
    job.async_run_in(0)
    await later_without_waiting(later)
    job.async_pause(paused=True)
    await later(1)
    gate.set()
    assert len(runs) == 1
    job.async_pause(paused=False)
    await later(1)
    assert len(runs) == 2
    assert (job.last_result, job.next_run) == ("ok", None)
