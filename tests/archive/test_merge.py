"""One play stays one, whoever saw it; two stay two."""

import pytest
from sqlalchemy import Connection, func, select

from custom_components.spotify_hub.archive import schema
from custom_components.spotify_hub.archive.plays import Asked, plays
from custom_components.spotify_hub.archive.records import (
    Means,
    Play,
    Sighting,
    Source,
)
from custom_components.spotify_hub.archive.store import Archive

from .listening import (
    HOUR,
    SECOND,
    at,
    digest,
    episode,
    imported,
    live,
    recent,
    told,
    track,
)

SONG = "spotify:track:0000000000000000000001"


async def derived(archive: Archive, *sightings: Sighting) -> list[Play]:
    """Return the plays after these sightings, each told by itself, the oldest first."""
    for one in sightings:
        if one.source is Source.RECENT:
            await archive.add_recent(one.account, [one])
        else:
            await archive.add_live(one)
    page = await archive.ask(plays, Asked(), 1000)
    return list(reversed(page.plays))


@pytest.mark.parametrize("stamp", [0, 180], ids=["start", "end"])
async def test_a_listed_stamp_may_be_start_or_end(
    archive: Archive, stamp: float
) -> None:
    """Pitfall 1: with what was watched it is one play either way."""
    (play,) = await derived(archive, live(0), recent(stamp))
    assert told([play]) == [(0, SONG, 180)]
    assert play.sources == {Source.LIVE, Source.RECENT}
    assert not play.start_estimated
    assert not play.listened_estimated


async def test_sources_disagree_by_seconds(archive: Archive) -> None:
    """Watching is as late as its polls, and the list's stamps come a little after."""
    (play,) = await derived(
        archive, live(20, listened=160), imported(181), recent(183.5)
    )
    assert play.sources == {Source.LIVE, Source.RECENT, Source.IMPORT}
    assert play.listened_ms == 180 * SECOND


async def test_a_listed_play_alone_is_estimated(archive: Archive) -> None:
    """Pitfall 1: its raw stamp is kept, and its start and length are guesses."""
    (play,) = await derived(archive, recent(180))
    assert told([play]) == [(0, SONG, 180)]
    assert play.start_estimated
    assert play.listened_estimated
    assert play.skipped is None
    assert play.heard


async def test_what_was_skipped_is_known_from_watching(archive: Archive) -> None:
    """Pitfall 4: the recent list leaves it out; it is kept, and counts as no play."""
    first, second = await derived(
        archive, live(0, listened=10, skipped=True), live(10, track(2))
    )
    assert first.skipped
    assert not first.heard
    assert first.listened_ms == 10 * SECOND
    assert second.skipped is False
    assert second.heard


async def test_podcasts_are_kept(archive: Archive) -> None:
    """Pitfall 5: the recent list lacks them, watching and export have them."""
    (play,) = await derived(
        archive, live(0, episode()), imported(1800, episode(), listened=1800)
    )
    assert play.item.album is not None
    assert play.item.album.name == "The Show"
    assert play.sources == {Source.LIVE, Source.IMPORT}


async def test_rows_of_one_stamp_are_all_kept(archive: Archive) -> None:
    """Pitfall 7: the export has several rows with one stamp."""
    found = await derived(
        archive,
        imported(180, track(1), listened=2, reason="fwdbtn"),
        imported(180, track(2), listened=1, reason="fwdbtn"),
        imported(180, track(3), listened=170),
        imported(180, track(3), listened=170, position=1),
    )
    assert len(found) == 4


async def test_what_was_played_offline_is_placed_when_it_was(archive: Archive) -> None:
    """Pitfall 7: its stamp is when it was reported, unless the offline stamp is none."""
    hours_ago = at(0) - 5 * HOUR
    late, timely = await derived(
        archive,
        imported(0, track(1), offline_stamp=hours_ago),
        imported(300, track(2), offline_stamp=0),
    )
    assert late.started == hours_ago
    assert timely.started == at(120)


async def test_another_id_of_the_same_work_is_the_same_play(archive: Archive) -> None:
    """Pitfall 8: by name and artist, or by ISRC."""
    other = track(2, name="Song 1")
    (play,) = await derived(archive, live(0, track(1)), imported(180, other))
    assert play.item.uri == SONG


async def test_another_id_of_equal_isrc_is_the_same_play(archive: Archive) -> None:
    """Pitfall 8: names may differ."""
    other = track(2, name="Song 1 (Remastered)", isrc="GBUM71029604")
    found = await derived(
        archive, live(0, track(1, isrc="GBUM71029604")), recent(180, other)
    )
    assert len(found) == 1


async def test_works_that_turn_out_to_be_one_are_joined(archive: Archive) -> None:
    """Pitfall 8: when a shared ISRC is learned later, double plays become one."""
    one, other = track(1), track(2, name="Song 1 (Remastered)")
    found = await derived(archive, live(0, one), recent(180, other))
    assert len(found) == 2
    await archive.enriched(
        [
            track(1, isrc="GBUM71029604"),
            track(2, name="Song 1 (Remastered)", isrc="GBUM71029604"),
        ]
    )
    assert len(await derived(archive)) == 1


async def test_repeats_are_plays_of_their_own(archive: Archive) -> None:
    """Pitfall 9: repeat-one counts each time, whichever end the stamps are."""
    watched = [live(180 * time) for time in range(4)]
    listed = [recent(180 * time + 180) for time in range(4)]
    exported = [imported(180 * time + 180) for time in range(4)]
    found = await derived(archive, *watched, *listed, *exported)
    assert [one.started for one in found] == [at(180 * time) for time in range(4)]
    assert all(
        one.sources == {Source.LIVE, Source.RECENT, Source.IMPORT} for one in found
    )


async def test_repeats_are_told_apart_by_the_list_alone(archive: Archive) -> None:
    """Pitfall 9: nobody watched."""
    assert len(await derived(archive, recent(180), recent(360), recent(540))) == 3


async def test_pause_and_resume_is_one_play(archive: Archive) -> None:
    """The export's two stretches and the listed stamp after the pause belong to it."""
    (play,) = await derived(
        archive,
        live(0, paused=600),
        imported(60, listened=60, reason="logout"),
        imported(780, listened=120),
        recent(780),
    )
    assert told([play]) == [(0, SONG, 180)]
    assert play.paused_ms == 600 * SECOND


async def test_a_pause_that_only_the_list_hints_at_is_one_play(
    archive: Archive,
) -> None:
    """The stamp is the start, and the export tells when it ended."""
    (play,) = await derived(archive, imported(780), recent(0, means=Means.EITHER))
    assert told([play]) == [(0, SONG, 180)]
    assert play.paused_ms == 600 * SECOND


async def test_a_restart_parts_no_play(archive: Archive) -> None:
    """What was watched before and after a restart of Home Assistant is one."""
    (play,) = await derived(archive, live(0, listened=60), live(0.4, listened=180))
    assert told([play]) == [(0, SONG, 180)]


async def test_account_data_know_the_minute(archive: Archive) -> None:
    """Without a URI they are the item of that name, and one play with all else."""
    (play,) = await derived(archive, digest(200), imported(200), recent(200))
    assert play.item.uri == SONG
    assert play.started == at(20)
    assert not play.start_estimated


async def test_account_data_alone(archive: Archive) -> None:
    """They are kept under the name until something better is known."""
    (play,) = await derived(archive, digest(200))
    assert play.item.uri is None
    assert play.item.name == "Song 1"
    assert play.start_estimated
    assert play.sources == {Source.IMPORT}


async def test_skips_in_the_same_minute_stay_apart(archive: Archive) -> None:
    """Both kinds of export tell of a skip and of a whole play in one minute."""
    found = await derived(
        archive,
        imported(182, listened=182),
        imported(185, listened=3, reason="fwdbtn"),
        digest(182, listened=182),
        digest(185, listened=3),
    )
    assert [one.listened_ms for one in found] == [182 * SECOND, 3 * SECOND]


async def test_a_short_try_before_a_whole_play_is_kept(archive: Archive) -> None:
    """Watching missed it, the export did not."""
    found = await derived(
        archive,
        live(0),
        imported(0, listened=1, reason="clickrow"),
        imported(180),
        recent(180),
    )
    assert [one.listened_ms for one in found] == [1 * SECOND, 180 * SECOND]


async def test_the_best_of_each_source_is_kept(archive: Archive) -> None:
    """Speaker and context from watching, the exact length and reason from the export."""
    (play,) = await derived(
        archive,
        recent(100),
        live(0, listened=97, skipped=True),
        imported(100, listened=99.5, reason="fwdbtn"),
    )
    assert play.speaker is not None
    assert play.speaker.name == "Kitchen"
    assert play.context is not None
    assert play.listened_ms == 99_500
    assert play.skipped
    assert play.item.duration_ms == 180 * SECOND


async def test_the_same_told_twice_changes_nothing(archive: Archive) -> None:
    """Sightings are known by their content."""
    answer = [recent(180), recent(360, track(2))]
    first = await archive.add_recent("anna", answer)
    again = await archive.add_recent("anna", answer)
    assert (first.added, first.plays_added) == (2, 2)
    assert (again.added, again.known, again.plays_added) == (0, 2, 0)
    await archive.add_live(live(0))
    assert (await archive.add_live(live(0))).known == 1


async def test_accounts_have_plays_of_their_own(archive: Archive) -> None:
    """Two people may listen to the same at the same time."""
    found = await derived(archive, live(0), live(0, account="ben"))
    assert {one.account for one in found} == {"anna", "ben"}


async def test_held_tells_and_changes_nothing(archive: Archive) -> None:
    """An import's preview asks it: a play that was seen by others is known too."""
    await archive.add_live(live(0))
    await archive.add_live(imported(1000, track(2)))
    asked = {
        "another source": imported(180),
        "another id": imported(180, track(7, name="Song 1")),
        "the name alone": digest(180),
        "the very same": imported(1000, track(2)),
        "another time": imported(5000),
        "another item": imported(180, track(9)),
    }
    told = {name: await archive.held("anna", [one]) for name, one in asked.items()}
    assert [name for name, many in told.items() if many] == list(asked)[:4]
    assert (
        await archive.held("anna", [asked["another source"], asked["another time"]])
        == 1
    )
    assert await archive.held("anna", []) == 0
    assert await archive.held("ben", list(asked.values())) == 0
    assert (await archive.size()).items == 2


async def test_a_long_chain_reaches_far(archive: Archive) -> None:
    """A night of one song, told backwards: each play is of its own all the same."""
    night = [imported(180 * time) for time in range(400, 0, -1)]
    found = await derived(archive, *night[::40], live(0, listened=180))
    await archive.import_batch(
        (await archive.begin_import("anna", "zip")).id, night, "end", 400, 400
    )
    found = list((await archive.ask(plays, Asked(), 1000)).plays)
    assert len(found) == 400
    assert (await archive.ask(_total, "plays")) == 400


def _total(connection: Connection, name: str) -> int:
    slots, totals = (
        connection.execute(select(func.sum(table.c[name]))).scalar_one()
        for table in (schema.slots, schema.totals)
    )
    assert slots == totals
    return int(slots)
