"""What somebody likes to hear at an hour and in a room, by what they heard: decisions only.

Spotify's own recommendations are closed to new apps.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from ..archive.records import Kind, Play

# What was heard within these hours is not heard again at once.
RESTING_HOURS = 6.0
# Tracks of which some are chosen, and how many.
_CANDIDATES = 120
CHOSEN = 40
# How much a play tells, by how it was; a track that was skipped is not liked.
_HEARD, _SKIPPED = 1.0, -2.0
_SAME_HOUR, _NEAR_HOUR = 3.0, 1.5
_SAME_KIND_OF_DAY = 1.5
_SAME_ROOM = 2.0
_SATURDAY = 5
_HOUR_MS = 3_600_000.0
# Days after which a play tells half as much.
_HALF_LIFE = 90.0


def chosen(
    plays: Iterable[Play],
    now: datetime,
    zone: ZoneInfo,
    speakers: Collection[str],
    random: Random,
) -> list[str]:
    """Return the URIs of tracks for now, in the order to play them.

    `speakers` are those of the room, by the household's ids. Those that fit best are
    likeliest to come, and first.
    """
    scores: dict[str, float] = {}
    resting: set[str] = set()
    at_ms = now.timestamp() * 1000
    for play in plays:
        uri = play.item.uri
        if uri is None or play.item.kind is not Kind.TRACK:
            continue
        if at_ms - play.started < RESTING_HOURS * _HOUR_MS:
            resting.add(uri)
        scores[uri] = scores.get(uri, 0.0) + _tells(play, now, zone, speakers)
    liked = {
        uri: score for uri, score in scores.items() if score > 0 and uri not in resting
    }
    best = sorted(liked, key=liked.__getitem__, reverse=True)[:_CANDIDATES]
    # By chance, but what is liked twice as much is twice as likely.
    drawn = {uri: random.random() ** (1 / liked[uri]) for uri in best}
    return sorted(best, key=drawn.__getitem__, reverse=True)[:CHOSEN]


def _tells(
    play: Play, now: datetime, zone: ZoneInfo, speakers: Collection[str]
) -> float:
    """Return how much a play tells of what is liked now."""
    started = datetime.fromtimestamp(play.started / 1000, zone)
    here = now.astimezone(zone)
    weight = _SKIPPED if play.skipped or not play.heard else _HEARD
    apart = abs(started.hour - here.hour)
    apart = min(apart, 24 - apart)
    if apart <= 1:
        weight *= _SAME_HOUR
    elif apart <= 3:
        weight *= _NEAR_HOUR
    if (started.weekday() >= _SATURDAY) is (here.weekday() >= _SATURDAY):
        weight *= _SAME_KIND_OF_DAY
    if play.speaker is not None and play.speaker.key in speakers:
        weight *= _SAME_ROOM
    days = max(0.0, (now.timestamp() * 1000 - play.started) / (24 * _HOUR_MS))
    return float(weight * 0.5 ** (days / _HALF_LIFE))
