"""Where the listening history is kept is an option of the household."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

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
