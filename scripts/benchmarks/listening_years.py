"""Years of a household's listening, made up but always the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched, groupby
import random

from custom_components.spotify_hub.archive.records import (
    Album,
    Artist,
    Context,
    Item,
    Kind,
    Means,
    Sighting,
    Source,
    Speaker,
)
from custom_components.spotify_hub.archive.takeout.reading import BATCH

ACCOUNTS = ("anna", "ben", "chris")
ITEMS = 60_000
ARTISTS = 6_000
YEARS = 12
BEGINNING = datetime(2014, 1, 1, tzinfo=UTC)
# The latest part of the time Home Assistant was there to watch.
WATCHED = 0.15

_HOURS = (6, 7, 8, 12, 13, 16, 17, 18, 19, 20, 20, 21, 21, 22)
_SPEAKERS = tuple(Speaker(f"speaker-{n}", f"Speaker {n}") for n in range(8))
_CONTEXTS = tuple(Context(f"spotify:playlist:{n:022d}") for n in range(400))


def items() -> list[Item]:
    """Return what there is to listen to, as an export tells it."""
    found: list[Item] = []
    for number in range(ITEMS):
        artist = Artist(f"Artist {number * 7919 % ARTISTS}")
        if number % 40 == 39:
            album = Album(f"Show {number % 400}", None, artist.name)
            uri = f"spotify:episode:{number:022d}"
            found.append(Item(Kind.EPISODE, f"Episode {number}", uri, (), album))
        else:
            album = Album(f"Album {number // 10}", None, artist.name)
            uri = f"spotify:track:{number:022d}"
            found.append(Item(Kind.TRACK, f"Song {number}", uri, (artist,), album))
    return found


def listening(plays: int) -> Iterator[tuple[Sighting, ...]]:
    """Go through the sightings of so many plays, an account after another.

    They come in batches: first what an export tells, then what was watched.
    """
    known = items()
    each = plays // len(ACCOUNTS)
    for place, account in enumerate(ACCOUNTS):
        wanted = each if place else plays - each * (len(ACCOUNTS) - 1)
        sightings = _of_account(known, account, wanted)
        for _, alike in groupby(sightings, lambda one: one.source is Source.IMPORT):
            yield from batched(alike, BATCH, strict=False)


def _of_account(known: list[Item], account: str, wanted: int) -> Iterator[Sighting]:
    dice = random.Random(account)
    days = YEARS * 365
    made = 0
    for day in range(days):
        until = wanted * (day + 1) // days
        watched = day > days * (1 - WATCHED)
        moment = 0
        while made < until:
            hour = dice.choice(_HOURS)
            begin = BEGINNING + timedelta(
                days=day, hours=hour, seconds=dice.random() * 3600
            )
            moment = max(moment, int(begin.timestamp() * 1000))
            for _ in range(min(dice.randint(3, 25), until - made)):
                item = known[int(ITEMS * dice.random() ** 3)]
                whole = dice.random() < 0.8
                listened = (
                    dice.randrange(90_000, 300_000)
                    if whole
                    else dice.randrange(800, 60_000)
                )
                yield from _seen(dice, account, item, moment, listened, whole, watched)
                moment += listened + dice.choice((0, 0, 400, 2_000))
                made += 1


def _seen(
    dice: random.Random,
    account: str,
    item: Item,
    start: int,
    listened: int,
    whole: bool,
    watched: bool,
) -> Iterator[Sighting]:
    end = start + listened
    reason = "trackdone" if whole else "fwdbtn"
    if watched:
        yield Sighting(
            account,
            item,
            Source.LIVE,
            start,
            Means.START,
            listened_ms=listened,
            ended=end,
            skipped=not whole,
            reason_end=reason,
            speaker=dice.choice(_SPEAKERS),
            context=dice.choice(_CONTEXTS),
        )
        if whole:
            yield Sighting(account, item, Source.RECENT, end + 300, Means.EITHER)
        return
    yield Sighting(
        account,
        item,
        Source.IMPORT,
        end // 1000 * 1000,
        Means.END,
        # As the reader of exports tells rows of one stamp apart.
        position=listened,
        precision_ms=1000,
        listened_ms=listened,
        skipped=not whole,
        reason_start="trackdone",
        reason_end=reason,
        shuffle=dice.random() < 0.5,
        offline=False,
        offline_stamp=start // 1000 * 1000,
    )
