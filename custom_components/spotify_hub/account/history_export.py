"""An account's history as text for other programs: in a file, or at once if it is short."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
import os
from pathlib import Path
import tempfile
from typing import TextIO

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..archive.export import csv_lines, json_lines
from ..archive.plays import Asked, oldest_plays
from ..archive.records import Play
from ..const import DOMAIN
from ..failures import invalid
from .history import HistoryOperations

# Plays that are told at once, without a file.
MOST_AT_ONCE = 2_000


class Form(StrEnum):
    """How plays are written."""

    JSON_LINES = "json_lines"
    CSV = "csv"


_WRITERS: Mapping[Form, Callable[[Iterable[Play]], Iterator[str]]] = {
    Form.JSON_LINES: json_lines,
    Form.CSV: csv_lines,
}


@dataclass(frozen=True, slots=True)
class _File:
    """A file that takes its name when it is whole."""

    text: TextIO
    temporary: Path
    path: Path


async def export_at_once(history: HistoryOperations, asked: Asked, form: Form) -> str:
    """Return an account's plays as text, the oldest first.

    Raises:
        ServiceValidationError: they are so many that they need a file.
    """
    mine = replace(asked, account=history.name)
    archive = await history.archive()
    page = await archive.ask(oldest_plays, mine, MOST_AT_ONCE)
    if page.next is not None:
        raise invalid("export_too_long", most=str(MOST_AT_ONCE))
    return "".join(_lines(page.plays, form))


async def export_to_file(
    hass: HomeAssistant,
    history: HistoryOperations,
    asked: Asked,
    form: Form,
    path: Path,
    *,
    overwrite: bool = False,
) -> int:
    """Write an account's plays into a file for the owner's eyes; returns how many.

    Raises:
        ServiceValidationError: there is a file of that name, and it is to stay.
        HomeAssistantError: it can't be written; nothing is left of it then.
    """
    mine = replace(asked, account=history.name)
    archive = await history.archive()
    file = await _tried(hass, path, _begin, path, overwrite)
    done = 0
    try:
        after = None
        while True:
            page = await archive.ask(oldest_plays, mine, after=after)
            lines = _lines(page.plays, form, heading=after is None)
            await _tried(hass, path, file.text.writelines, lines)
            done += len(page.plays)
            if (after := page.next) is None:
                break
        await _tried(hass, path, _finish, file)
    except BaseException:
        await hass.async_add_executor_job(_give_up, file)
        raise
    return done


async def _tried[**P, T](
    hass: HomeAssistant,
    path: Path,
    function: Callable[P, T],
    *args: P.args,
    **_kwargs: P.kwargs,
) -> T:
    try:
        return await hass.async_add_executor_job(function, *args)
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="export_not_written",
            translation_placeholders={
                "path": str(path),
                "reason": err.strerror or str(err),
            },
        ) from err


def _lines(plays: Sequence[Play], form: Form, *, heading: bool = True) -> list[str]:
    lines = list(_WRITERS[form](plays))
    return lines if heading or form is not Form.CSV else lines[1:]


def _begin(path: Path, overwrite: bool) -> _File:
    if path.is_dir() or (path.exists() and not overwrite):
        raise invalid("export_exists", path=str(path))
    # Only the owner may read what is made so.
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    text = os.fdopen(number, "w", encoding="utf-8", newline="")
    return _File(text, Path(name), path)


def _finish(file: _File) -> None:
    file.text.flush()
    os.fsync(file.text.fileno())
    file.text.close()
    file.temporary.replace(file.path)


def _give_up(file: _File) -> None:
    # What could not be written can't be on closing either.
    with suppress(OSError):
        file.text.close()
    file.temporary.unlink(missing_ok=True)
