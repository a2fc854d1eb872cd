"""Intents for going to bed and getting up."""

from datetime import datetime, timedelta

from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..account.alarm_clock import next_moment
from ..api.uri import UriType
from ..failures import invalid
from .handler import SLOT_SPEAKER, TEXT, AccountIntent, Answer, Request, Slots, Whose
from .starting import LIKED_SONGS
from .steering import DURATION, length

# A playlist or a pin.
SLOT_OWN = "own"
# The hour as it was said, and how many minutes from there; a half of the day; "tomorrow".
SLOT_HOUR, SLOT_MINUTE, SLOT_OFFSET, SLOT_HALF = "hour", "minute", "offset", "half"
SLOT_DAY = "day"
_FADE = 30.0


async def _stop_after_this(request: Request) -> Answer:
    timer = await request.music.routines.sleep_timer.set_to_end_of_track(0)
    left = dt_util.utc_from_timestamp(timer.ends) - dt_util.utcnow()
    return Answer("stops_after_this", {"length": left})


async def _sleep_timer(request: Request) -> Answer:
    until = length(request)
    await request.music.routines.sleep_timer.set(until.total_seconds(), _FADE)
    return Answer("sleep_timer_set", {"length": until})


async def _cancel_sleep_timer(request: Request) -> Answer:
    cancelled = await request.music.routines.sleep_timer.cancel()
    return Answer("sleep_timer_cancelled" if cancelled else "no_sleep_timer")


async def _wake_me(request: Request) -> Answer:
    account = request.account
    where = request.speaker
    if where is None:
        raise invalid("wake_where")
    speaker = await account.player.speaker_named(where)
    uri, title = await _music(request)
    at = next_moment(
        dt_util.now(),
        request.slots[SLOT_HOUR],
        request.slots.get(SLOT_MINUTE, 0) + request.slots.get(SLOT_OFFSET, 0),
        request.slots.get(SLOT_HALF),
        tomorrow=SLOT_DAY in request.slots,
    )
    account.routines.alarm_clock.set(at, uri, title or "Liked Songs", speaker)
    return Answer(
        "wakes" if title else "wakes_with_liked_songs",
        {
            "title": title,
            "time": at,
            "speaker": speaker.name,
            "length": _until(at),
        },
    )


def _until(at: datetime) -> timedelta:
    """Return how long it is until then, in whole minutes.

    By UTC: moments of one zone are subtracted as if its clocks were never changed.
    """
    minute = timedelta(minutes=1)
    return max(1, round((at - dt_util.utcnow()) / minute)) * minute


async def _music(request: Request) -> tuple[str, str | None]:
    """Return what somebody is to be woken with, and its name; without one Liked Songs."""
    name = request.slots.get(SLOT_OWN)
    if name is None:
        return LIKED_SONGS, None
    if (pin := request.account.pins.find(name)) is not None:
        return pin.uri, pin.name
    hit = await request.account.search.named(name, {UriType.PLAYLIST})
    return hit.uri, hit.name


async def _alarms(request: Request) -> Answer:
    account = request.account
    alarms = account.routines.alarm_clock.alarms
    if not alarms:
        return Answer("no_alarm")
    first = alarms[0]
    at = dt_util.as_local(dt_util.utc_from_timestamp(first.at))
    return Answer(
        "alarms",
        {
            "count": len(alarms),
            "title": None if first.uri == LIKED_SONGS else first.title,
            "time": at,
            "speaker": account.routines.alarm_clock.speaker_of(first),
            "length": _until(at),
        },
    )


async def _do_not_wake(request: Request) -> Answer:
    cancelled = request.account.routines.alarm_clock.cancel()
    if not cancelled:
        return Answer("no_alarm")
    times = [dt_util.as_local(dt_util.utc_from_timestamp(one.at)) for one in cancelled]
    return Answer("alarms_cancelled", {"count": len(times), "time": times[0]})


_WAKING: Slots = {
    vol.Required(SLOT_HOUR): vol.All(vol.Coerce(int), vol.Range(min=0, max=24)),
    vol.Optional(SLOT_MINUTE): vol.All(vol.Coerce(int), vol.Range(min=0, max=59)),
    vol.Optional(SLOT_OFFSET): vol.All(vol.Coerce(int), vol.Range(min=-59, max=59)),
    vol.Optional(SLOT_HALF): vol.In(("am", "pm")),
    vol.Optional(SLOT_DAY): vol.In(("tomorrow",)),
    vol.Optional(SLOT_OWN): TEXT,
    vol.Optional(SLOT_SPEAKER): TEXT,
}

INTENTS = (
    AccountIntent(
        name="StopAfterThis",
        description="Stops Spotify when the song that plays is over",
        run=_stop_after_this,
    ),
    AccountIntent(
        name="SleepTimer",
        description="Stops Spotify after some time, growing quieter before",
        slots=DURATION,
        run=_sleep_timer,
    ),
    AccountIntent(
        name="CancelSleepTimer",
        description="Lets Spotify play on although a sleep timer was set",
        run=_cancel_sleep_timer,
    ),
    AccountIntent(
        name="WakeMe",
        description="Wakes somebody once with music from Spotify, at a time of day",
        slots=_WAKING,
        run=_wake_me,
        whose=Whose.OWN,
    ),
    AccountIntent(
        name="Alarms",
        description="Tells when somebody is to be woken with music from Spotify",
        run=_alarms,
        whose=Whose.OWN,
        asks=True,
    ),
    AccountIntent(
        name="DoNotWake",
        description="Takes back what somebody was to be woken with",
        run=_do_not_wake,
        whose=Whose.OWN,
    ),
)
