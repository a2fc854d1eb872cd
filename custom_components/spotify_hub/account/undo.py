"""What playlists held before a change took it away, kept in files."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
import re
from typing import Any
from uuid import uuid4

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import save_json
from homeassistant.util import dt as dt_util
import orjson

from ..const import DOMAIN
from ..failures import invalid

SCHEMA = 1
# What a playlist that left the library is kept as.
DELETED = "playlist_deleted"
# Files that the accounts of a household keep together.
MOST_KEPT = 20
_NAME = re.compile(r"\d{8}T\d{12}_(?P<entry>[^_]+)_(?P<playlist>[^_]+)_\w+\.json")


@dataclass(frozen=True, slots=True)
class KeptItem:
    """One entry of a playlist; None where Spotify had nothing for it."""

    uri: str | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A playlist before a change: `what` is the change, `added` what it put in anew."""

    what: str
    playlist_id: str
    playlist: str
    items: tuple[KeptItem, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def is_replaced(self) -> bool:
        """Tell whether the change left nothing in its place."""
        return self.what in {"cleared", "items_replaced"}


class UndoFolder:
    """The latest changes that can be undone, of one account."""

    def __init__(self, hass: HomeAssistant, folder: Path, entry_id: str) -> None:
        """Keep files of an account in `folder`, which all accounts share."""
        self._hass = hass
        self._folder = folder
        self._entry_id = entry_id

    async def keep(self, kept: Kept) -> Path:
        """Keep what a change will take away; returns the file.

        Raises:
            HomeAssistantError: it can't be written, so nothing may be changed.
        """
        stamp = f"{dt_util.utcnow():%Y%m%dT%H%M%S%f}"
        name = f"{stamp}_{self._entry_id}_{kept.playlist_id}_{uuid4().hex[:8]}.json"
        path = self._folder / name
        try:
            await self._hass.async_add_executor_job(_write, path, kept)
        except (HomeAssistantError, OSError) as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="undo_not_kept",
                translation_placeholders={"file": str(path), "reason": str(err)},
            ) from err
        return path

    async def forget(self, path: Path) -> None:
        """Remove the file of a change that did not come about, or was undone."""
        await self._hass.async_add_executor_job(_remove, path)

    async def latest(self, playlist_id: str | None = None) -> tuple[Path, Kept]:
        """Return the latest change, of one playlist or of all; and its file.

        Raises:
            ServiceValidationError: there is none, it is another account's, or its
                file can't be read.
        """
        files = await self._hass.async_add_executor_job(_files, self._folder)
        wanted = [
            (path, entry)
            for path, entry, playlist in files
            if playlist_id in {None, playlist}
        ]
        mine = [path for path, entry in wanted if entry == self._entry_id]
        if not mine:
            if wanted and playlist_id:
                raise invalid("undo_of_other_account")
            raise invalid("nothing_to_undo")
        try:
            return mine[0], await self._hass.async_add_executor_job(_read, mine[0])
        except (LookupError, OSError, TypeError, ValueError) as err:
            raise invalid("undo_damaged", file=str(mine[0])) from err

    async def names(self) -> list[tuple[str, str]]:
        """Return ids and names of the account's playlists whose changes can be read."""
        return await self._hass.async_add_executor_job(
            _names, self._folder, self._entry_id
        )


def _files(folder: Path) -> list[tuple[Path, str, str]]:
    """Return every file with its account and playlist, the latest first."""
    if not folder.is_dir():
        return []
    return [
        (path, match["entry"], match["playlist"])
        for path in sorted(folder.iterdir(), reverse=True)
        if (match := _NAME.fullmatch(path.name))
    ]


def _names(folder: Path, entry_id: str) -> list[tuple[str, str]]:
    def read() -> Iterator[tuple[str, str]]:
        for path, entry, playlist in _files(folder):
            if entry == entry_id:
                try:
                    yield playlist, _read(path).playlist
                except LookupError, OSError, TypeError, ValueError:
                    continue

    return list(dict.fromkeys(read()))


def _write(path: Path, kept: Kept) -> None:
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    data = {"schema": SCHEMA, **asdict(kept)}
    save_json(str(path), data, private=True, atomic_writes=True)
    for old, _, _ in _files(folder)[MOST_KEPT:]:
        if old != path:
            _remove(old)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _read(path: Path) -> Kept:
    """Read what `_write` wrote.

    Raises:
        LookupError, OSError, TypeError, ValueError: it is something else.
    """
    data: dict[str, Any] = orjson.loads(path.read_bytes())
    if data["schema"] != SCHEMA:
        raise LookupError(f"Unknown schema {data['schema']}")
    items = tuple(KeptItem(one["uri"], one["name"]) for one in data["items"])
    kept = Kept(
        what=data["what"],
        playlist_id=data["playlist_id"],
        playlist=data["playlist"],
        items=items,
        added=tuple(data["added"]),
    )
    texts = (kept.what, kept.playlist_id, kept.playlist, *kept.added)
    uris = [item.uri for item in items if item.uri is not None]
    if not all(isinstance(text, str) for text in (*texts, *uris)):
        raise TypeError("Not the texts that were written")
    return kept
