"""Being woken by what was said in the evening; hearing of it, and taking it back."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from tests.conftest import AccountEntry, Later

from .conftest import House


@pytest.fixture(autouse=True)
def _evening(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let it be ten in the evening by the clock at home."""
    at = dt_util.parse_datetime("2027-03-02 22:00")
    assert at is not None
    freezer.move_to(at.replace(tzinfo=dt_util.get_default_time_zone()))


@pytest.fixture
async def named(house: House, later: Later) -> House:
    """A house that knows its playlists by name."""
    await later(6)
    await later(2)
    return house


async def test_somebody_is_woken_once(
    hass: HomeAssistant, named: House, anna: AccountEntry, later: Later
) -> None:
    """At the time that was said, in that room, by that music, over a restart."""
    said = await named.say("wake me up with dinner jazz at 7:30")
    assert said.words == (
        "I will wake you at 7:30 AM on Kitchen with Dinner Jazz, "
        "in 9 hours and 30 minutes."
    )
    assert not named.on("anna").playing
    await hass.config_entries.async_reload(anna.entry_id)
    await hass.async_block_till_done()
    (alarm,) = anna.runtime_data.routines.alarm_clock.alarms
    await later(alarm.at - named.now() - 5)
    assert not named.on("anna").playing
    await later(6)
    assert named.on("anna").playing
    assert named.on("anna").speaker == "Kitchen"
    assert named.on("anna").context is not None
    assert "There is no alarm" in (await named.say("is there a music alarm")).words


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            (
                ("which music alarms are there", "There is no alarm with music."),
                (
                    "wake me up with my liked songs at 6:45 am",
                    "I will wake you at 6:45 AM on Kitchen with your liked songs, in 8 hours and 45 minutes.",
                ),
                (
                    "when will you wake me with music?",
                    "I will wake you at 6:45 AM on Kitchen with your liked songs, in 8 hours and 45 minutes.",
                ),
                (
                    "wake me at half past five with dinner jazz in the living room",
                    "I will wake you at 5:30 AM on Living Room TV with Dinner Jazz, in 7 hours and 30 minutes.",
                ),
                (
                    "when is my next music alarm",
                    "There are 2 alarms. The next is at 5:30 AM on Living Room TV with Dinner Jazz, in 7 hours and 30 minutes.",
                ),
                ("cancel my music alarm", "I have cancelled 2 alarms."),
                ("do i have a music alarm", "There is no alarm with music."),
            ),
        ),
        (
            "de",
            (
                (
                    "Welche Musikwecker gibt es?",
                    "Es ist kein Wecker mit Musik gestellt.",
                ),
                (
                    "weck mich morgen früh um Viertel vor sieben mit meinen Lieblingssongs",
                    "Ich wecke dich um 6:45 Uhr auf Kitchen mit deinen Lieblingssongs, in 8 Stunden und 45 Minuten.",
                ),
                (
                    "Wann weckst du mich mit Musik?",
                    "Ich wecke dich um 6:45 Uhr auf Kitchen mit deinen Lieblingssongs, in 8 Stunden und 45 Minuten.",
                ),
                (
                    "weck mich um halb sechs mit Dinner Jazz auf Living Room TV",
                    "Ich wecke dich um 5:30 Uhr auf Living Room TV mit Dinner Jazz, in 7 Stunden und 30 Minuten.",
                ),
                (
                    "auf wann ist der Musikwecker gestellt",
                    "Es sind 2 Wecker gestellt. Der nächste geht um 5:30 Uhr auf Living Room TV mit Dinner Jazz, in 7 Stunden und 30 Minuten.",
                ),
                ("lösch meinen Musikwecker", "2 Wecker sind gelöscht."),
                (
                    "habe ich einen Musikwecker",
                    "Es ist kein Wecker mit Musik gestellt.",
                ),
            ),
        ),
    ],
)
async def test_alarms_are_told_and_taken_back(
    named: House,
    anna: AccountEntry,
    language: str,
    said: tuple[tuple[str, str], ...],
) -> None:
    """One after another, in one language."""
    for text, words in said:
        assert (await named.say(text, language=language)).words == words
    assert not anna.runtime_data.routines.alarm_clock.alarms


async def test_how_long_it_takes_is_true_when_clocks_are_changed(
    named: House, anna: AccountEntry, freezer: FrozenDateTimeFactory
) -> None:
    """The night in which they are put forward is an hour shorter."""
    at = dt_util.parse_datetime("2027-03-13 22:00")
    assert at is not None
    freezer.move_to(at.replace(tzinfo=dt_util.get_default_time_zone()))
    told = (
        "I will wake you at 7:30 AM on Kitchen with Dinner Jazz, "
        "in 8 hours and 30 minutes."
    )
    assert (await named.say("wake me up with dinner jazz at 7:30")).words == told
    assert (await named.say("when is my music alarm")).words == told
    (alarm,) = anna.runtime_data.routines.alarm_clock.alarms
    assert alarm.at - named.now() == pytest.approx(8.5 * 3600, abs=5)


@pytest.mark.parametrize(
    ("now", "language", "text", "wanted"),
    [
        ("06:00", "en", "wake me up tomorrow at 7 with dinner jazz", 25.0),
        ("06:00", "en", "wake me up with dinner jazz at 7 am tomorrow", 25.0),
        ("06:00", "en", "wake me up with dinner jazz at 7", 1.0),
        ("06:00", "de", "weck mich morgen früh um 7 mit dinner jazz", 25.0),
        ("20:00", "de", "weck mich mit meinen lieblingssongs morgen um 22 uhr", 26.0),
        ("22:00", "en", "wake me up tomorrow at 7 with my liked songs", 9.0),
        ("01:00", "en", "wake me up with my liked songs tomorrow at 7", 6.0),
    ],
)
async def test_tomorrow_is_not_today(
    named: House,
    anna: AccountEntry,
    freezer: FrozenDateTimeFactory,
    now: str,
    language: str,
    text: str,
    wanted: float,
) -> None:
    """But after midnight it is the morning that comes."""
    at = dt_util.parse_datetime(f"2027-03-03 {now}")
    assert at is not None
    freezer.move_to(at.replace(tzinfo=dt_util.get_default_time_zone()))
    await named.say(text, language=language)
    (alarm,) = anna.runtime_data.routines.alarm_clock.alarms
    assert alarm.at - named.now() == pytest.approx(wanted * 3600, abs=5)
