"""Spotify's privacy exports, made up: both kinds, as they come and as they came.

What an account has listened to is a list of `Listening`; it is rendered as rows of the
extended history or of account data, in files, in ZIPs.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
import json
from pathlib import Path
import random
from typing import Any
import zipfile

from custom_components.spotify_hub.archive.records import Kind

EXTENDED = "Spotify Extended Streaming History"
ACCOUNT_DATA = "Spotify Account Data"
# What Spotify puts into a file.
ROWS_PER_FILE = 16_000
ROWS_PER_ACCOUNT_FILE = 10_000
# What must stay in the export.
IP_ADDRESS = "203.0.113.77"
USER_AGENT = "Spotify/8.8.0 Android/33 (Pixel 7)"
EMAIL = "ana@example.com"

type Row = dict[str, Any]

_SHARES = {Kind.TRACK: 90, Kind.EPISODE: 7, Kind.CHAPTER: 3}


@dataclass(frozen=True, slots=True)
class Listening:
    """What Spotify knows of one listening; `item` numbers a catalogue made up here."""

    ended: datetime
    ms_played: int
    item: int = 0
    kind: Kind = Kind.TRACK
    reason_start: str = "trackdone"
    reason_end: str = "trackdone"
    skipped: bool | None = False
    offline: bool = False
    video: bool = False
    private: bool = False

    @property
    def stamp(self) -> int:
        """Return when it ended, in milliseconds."""
        return int(self.ended.timestamp() * 1_000)


def listenings(
    count: int, *, since: datetime, seed: int = 0, items: int = 2_000
) -> Iterator[Listening]:
    """Go through what an account has listened to, as people do: favourites and skips."""
    dice = random.Random(seed)
    kinds = dice.choices(list(_SHARES), list(_SHARES.values()), k=items)
    now = int(since.timestamp())
    for _ in range(count):
        # Few items are played often.
        item = int(items * dice.random() ** 3)
        skipped = dice.random() < 0.15
        played = dice.randrange(0, 25_000) if skipped else dice.randrange(90, 300) * 971
        # Equal stamps come of skipping fast, and of what an offline phone tells late.
        now += 0 if dice.random() < 0.02 else played // 1_000 + dice.choice((0, 0, 900))
        yield Listening(
            datetime.fromtimestamp(now, UTC),
            played,
            item,
            kinds[item],
            reason_end="fwdbtn" if skipped else "trackdone",
            skipped=skipped,
            offline=dice.random() < 0.05,
            video=dice.random() < 0.01,
            private=dice.random() < 0.01,
        )


def extended_row(one: Listening) -> Row:
    """Return a listening as the extended history has had it since 2025."""
    track, episode, chapter = (one.kind is kind for kind in Kind)
    item, group = one.item, one.item // 10
    return {
        "ts": one.ended.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "platform": "android",
        "ms_played": one.ms_played,
        "conn_country": "DE",
        "ip_addr": IP_ADDRESS,
        "master_metadata_track_name": f"Träck {item}" if track else None,
        "master_metadata_album_artist_name": f"Artist {group}" if track else None,
        "master_metadata_album_album_name": f"Album {group}" if track else None,
        "spotify_track_uri": spotify_uri("track", item) if track else None,
        "episode_name": f"Episode {item}" if episode else None,
        "episode_show_name": f"Show {group}" if episode else None,
        "spotify_episode_uri": spotify_uri("episode", item) if episode else None,
        "audiobook_title": f"Book {group}" if chapter else None,
        "audiobook_uri": spotify_uri("show", group) if chapter else None,
        "audiobook_chapter_uri": spotify_uri("episode", item) if chapter else None,
        "audiobook_chapter_title": f"Chapter {item}" if chapter else None,
        "reason_start": one.reason_start,
        "reason_end": one.reason_end,
        "shuffle": False,
        "skipped": one.skipped,
        "offline": one.offline,
        "offline_timestamp": (one.stamp - one.ms_played) // 1_000,
        "incognito_mode": one.private,
    }


def endsong_row(one: Listening, username: str) -> Row:
    """Return a listening as the extended history had it until 2023."""
    row = extended_row(one)
    for newer in [
        key for key in row if key.startswith("audiobook") or key == "ip_addr"
    ]:
        del row[newer]
    return row | {
        "username": username,
        "ip_addr_decrypted": IP_ADDRESS,
        "user_agent_decrypted": USER_AGENT,
        "skipped": None if one.skipped is False else one.skipped,
        "offline_timestamp": one.stamp if one.offline else 0,
    }


def account_row(one: Listening) -> Row:
    """Return a listening as account data has it: to the minute, without a URI."""
    item, group = one.item, one.item // 10
    names = {
        Kind.TRACK: {"artistName": f"Artist {group}", "trackName": f"Träck {item}"},
        Kind.EPISODE: {
            "podcastName": f"Show {group}",
            "episodeName": f"Episode {item}",
        },
        Kind.CHAPTER: {
            "authorName": "Author",
            "audiobookName": f"Book {group}",
            "chapterName": f"Chapter {item}",
        },
    }
    ended = one.ended.strftime("%Y-%m-%d %H:%M")
    return {"endTime": ended, **names[one.kind], "msPlayed": one.ms_played}


def user_data(username: str) -> Row:
    """Return what account data tells of the account itself."""
    return {
        "username": username,
        "email": EMAIL,
        "country": "DE",
        "createdFromFacebook": False,
        "birthdate": "1990-01-01",
        "gender": "female",
        "creationTime": "2012-01-01",
    }


def as_json(content: object) -> bytes:
    """Return JSON as Spotify writes it."""
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def extended_files(
    heard: Iterable[Listening], *, rows_per_file: int = ROWS_PER_FILE
) -> Iterator[tuple[str, bytes]]:
    """Go through the files of an extended history: names and contents."""
    videos: list[Row] = []
    for number, some in enumerate(batched(heard, rows_per_file, strict=False)):
        audio = [extended_row(one) for one in some if not one.video]
        videos += [extended_row(one) for one in some if one.video]
        first, last = some[0].ended.year, some[-1].ended.year
        years = f"{first}" if first == last else f"{first}-{last}"
        yield (
            f"{EXTENDED}/Streaming_History_Audio_{years}_{number}.json",
            as_json(audio),
        )
    if videos:
        yield f"{EXTENDED}/Streaming_History_Video_2020-2025.json", as_json(videos)
    yield f"{EXTENDED}/ReadMeFirst_ExtendedStreamingHistory.pdf", b"%PDF-1.7"


def endsong_files(
    heard: Sequence[Listening], username: str, *, rows_per_file: int = ROWS_PER_FILE
) -> Iterator[tuple[str, bytes]]:
    """Go through the files of an older extended history, whose rows are in no order.

    There were no audiobooks then.
    """
    old = (one for one in heard if one.kind is not Kind.CHAPTER)
    rows = [endsong_row(one, username) for one in old]
    random.Random(0).shuffle(rows)
    for number, some in enumerate(batched(rows, rows_per_file, strict=False)):
        yield f"MyData/endsong_{number}.json", as_json(some)


def account_files(
    heard: Iterable[Listening],
    username: str,
    *,
    rows_per_file: int = ROWS_PER_ACCOUNT_FILE,
) -> Iterator[tuple[str, bytes]]:
    """Go through the files of account data that matter, and some that don't."""
    lists: dict[Kind, list[Row]] = {kind: [] for kind in Kind}
    for one in heard:
        lists[one.kind].append(account_row(one))
    named = {Kind.TRACK: "music", Kind.EPISODE: "podcast", Kind.CHAPTER: "audiobook"}
    for kind, rows in lists.items():
        for number, some in enumerate(batched(rows, rows_per_file, strict=False)):
            name = f"StreamingHistory_{named[kind]}_{number}.json"
            yield f"{ACCOUNT_DATA}/{name}", as_json(some)
    yield f"{ACCOUNT_DATA}/Userdata.json", as_json(user_data(username))
    yield f"{ACCOUNT_DATA}/Playlist1.json", as_json({"playlists": []})
    yield f"{ACCOUNT_DATA}/SearchQueries.json", as_json([{"searchQuery": "x"}])


def write_zip(path: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    """Pack files as Spotify does."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


def write_folder(path: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    """Lay files into a folder, as unpacking the ZIP does."""
    for name, content in files:
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return path


def spotify_uri(kind: str, item: int) -> str:
    """Return the URI of something in the catalogue."""
    return f"spotify:{kind}:{item:0>22}"
