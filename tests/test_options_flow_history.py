"""Where the listening history is kept is an option of the household."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.requirements import RequirementsNotFound
import pytest

from custom_components.spotify_hub import archive_opener
from custom_components.spotify_hub.archive.store import Archive
from scripts.postgresql import Cluster
from tests.archive.conftest import postgresql  # noqa: F401
from tests.archive.listening import live

from .conftest import AccountEntry, Later, Link, open_options
from .histories import history_of, in_file, kept, path_of


@pytest.fixture(autouse=True)
def _still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only by hand."""


async def save(
    hass: HomeAssistant, entry: AccountEntry, **data: Any
) -> ConfigFlowResult:
    """Open the form, fill it in and send it."""
    form = await open_options(hass, entry, "history")
    assert form["step_id"] == "history"
    return await hass.config_entries.options.async_configure(form["flow_id"], data)


async def test_a_database_holds_it_from_then_on(
    hass: HomeAssistant,
    anna: AccountEntry,
    later: Later,
    postgresql: Cluster,  # noqa: F811
    hass_storage: dict[str, Any],
) -> None:
    """What was kept stays in the file, and is there again when that is chosen."""
    await later(1)
    history = history_of(anna)
    history.inbox.async_add_live(live(0))
    await later(1)
    url = postgresql.new_schema()
    before = dict(anna.options)
    result = await save(hass, anna, database="postgresql", database_url=f" {url} ")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert anna.options == before
    assert history.is_remote
    assert await kept(anna) == []
    assert len(await in_file(path_of(hass))) == 1
    history.inbox.async_add_live(live(1000))
    await later(1)
    assert [play.item.name for play in await kept(anna)] == ["Song 1"]

    await hass.config_entries.async_reload(anna.entry_id)
    await later(1)
    assert history_of(anna).is_remote
    # Left empty, the database stays.
    await save(hass, anna, database="postgresql")
    assert history_of(anna).is_remote
    stored = hass_storage["spotify_hub.history"]
    assert stored["data"]["url"] == url

    await save(hass, anna, database="file")
    assert not history_of(anna).is_remote
    assert len(await kept(anna)) == 1


async def test_a_url_is_never_shown(
    hass: HomeAssistant,
    anna: AccountEntry,
    later: Later,
    postgresql: Cluster,  # noqa: F811
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It holds a password."""
    await later(1)
    await save(hass, anna, database="postgresql", database_url=postgresql.new_schema())
    form = await open_options(hass, anna, "history")
    assert form["data_schema"] is not None
    assert form["data_schema"]({}) == {"database": "postgresql"}
    # What the tests' own storage logs is no log of Home Assistant.
    logged = [
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith("pytest_homeassistant")
    ]
    shown = (repr(form), repr(anna.as_dict()), *logged)
    assert not any("tester:secret" in text for text in shown)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("mysql://me:secret@localhost/archive", "archive_driver"),
        ("not a url", "archive_driver"),
        ("postgresql://me:secret@127.0.0.1:1/archive", "archive_unavailable"),
        ("", "database_url_missing"),
    ],
)
async def test_a_database_that_cant_be_used_is_refused(
    hass: HomeAssistant,
    socket_enabled: None,
    anna: AccountEntry,
    later: Later,
    url: str,
    error: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The archive stays where it was, open."""
    await later(1)
    history = history_of(anna)
    archive = history.archive
    data = {"database_url": url} if url else {}
    result = await save(hass, anna, database="postgresql", **data)
    assert result["errors"] == {"database_url": error}
    assert history.archive is archive
    assert not history.is_remote
    assert "secret" not in repr(result)
    assert "secret" not in caplog.text
    form = await hass.config_entries.options.async_configure(
        result["flow_id"], {"database": "file"}
    )
    assert form["type"] is FlowResultType.CREATE_ENTRY


async def test_a_driver_that_cant_be_installed(
    hass: HomeAssistant,
    anna: AccountEntry,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked for only by who needs it."""
    await later(1)

    async def refuse(_hass: HomeAssistant, name: str, wanted: list[str]) -> None:
        raise RequirementsNotFound(name, wanted)

    monkeypatch.setattr(archive_opener, "async_process_requirements", refuse)
    result = await save(
        hass, anna, database="postgresql", database_url="postgresql://localhost/a"
    )
    assert result["errors"] == {"database_url": "archive_driver"}


async def test_accounts_that_are_not_loaded_have_no_say(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """The form says so."""
    form = await open_options(hass, anna, "history")
    await hass.config_entries.async_unload(anna.entry_id)
    result = await hass.config_entries.options.async_configure(
        form["flow_id"], {"database": "file"}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_loaded"


async def test_a_broken_archive_can_be_left_for_another(
    hass: HomeAssistant,
    link: Link,
    later: Later,
    postgresql: Cluster,  # noqa: F811
) -> None:
    """What waited to be kept goes there."""
    path_of(hass).mkdir(parents=True)
    anna = await link()
    await later(1)
    history = history_of(anna)
    assert history.archive is None
    history.inbox.async_add_live(live(0))
    url = postgresql.new_schema()
    await save(hass, anna, database="postgresql", database_url=url)
    await later(1)
    assert [play.account for play in await kept(anna)] == ["anna"]
    await later(700)
    assert isinstance(history.archive, Archive)
