"""The preferences of an account."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.polling import FIRST_IDLE, QUICK_IDLE

from .conftest import AccountEntry, Link, open_options


async def test_quick_idle_polling_works_as_soon_as_it_is_chosen(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """The form shows what is chosen; a change reloads the account."""
    flow = hass.config_entries.options
    for chosen, interval in ((True, QUICK_IDLE), (False, FIRST_IDLE)):
        result = await open_options(hass, anna)
        assert result["type"] is FlowResultType.FORM
        assert result["data_schema"] is not None
        assert result["data_schema"]({}) == {"quick_idle_polling": not chosen}
        result = await flow.async_configure(
            result["flow_id"], {"quick_idle_polling": chosen}
        )
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()
        assert anna.options == {"quick_idle_polling": chosen}
        polled_every = anna.runtime_data.playback.update_interval
        assert polled_every is not None
        assert polled_every.total_seconds() == interval


async def test_accounts_of_one_developer_can_be_counted_together(
    hass: HomeAssistant, anna: AccountEntry, link: Link
) -> None:
    """Each app has a book of its own until somebody says that one person owns both."""
    ben = await link("ben", app="second-client-id")
    carla = await link("carla")
    household = anna.runtime_data.household
    assert household.accounts_on_book(anna.entry_id) == 2
    flow = hass.config_entries.options
    result = await open_options(hass, anna)
    assert result["data_schema"] is not None
    selector = result["data_schema"].schema["same_developer"]
    assert [option["value"] for option in selector.config["options"]] == [ben.entry_id]
    await flow.async_configure(
        result["flow_id"],
        {"quick_idle_polling": False, "same_developer": [ben.entry_id]},
    )
    await hass.async_block_till_done()
    assert household.accounts_on_book(carla.entry_id) == 3
    assert anna.options == {"quick_idle_polling": False}
    result = await open_options(hass, anna)
    assert result["data_schema"] is not None
    assert "same_developer" not in result["data_schema"].schema


async def test_an_account_that_is_not_loaded_has_options_too(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """Which apps share a quota is only known while the accounts are there."""
    assert await hass.config_entries.async_unload(anna.entry_id)
    result = await open_options(hass, anna)
    assert result["type"] is FlowResultType.FORM
    assert result["data_schema"] is not None
    assert list(result["data_schema"].schema) == [
        "quick_idle_polling",
        "save_to_playlist",
        "favorites",
    ]


async def test_what_is_copied_and_for_how_long_can_be_chosen(
    hass: HomeAssistant, link: Link
) -> None:
    """In a section of its own; what is left empty later is not chosen any more."""
    features = [Feature.CONTROL, Feature.LIBRARY]
    anna = await link(features=features)
    flow = hass.config_entries.options
    for chosen in (
        {"kinds": ["albums"], "keep_days": 7.0, "market": "DE"},
        {"kinds": [], "keep_days": 31.0},
    ):
        result = await open_options(hass, anna)
        assert result["data_schema"] is not None
        form = result["data_schema"].schema["favorites"].schema.schema
        assert form["kinds"].config["options"] == [
            "albums",
            "shows",
            "episodes",
            "audiobooks",
        ]
        result = await flow.async_configure(
            result["flow_id"], {"quick_idle_polling": False, "favorites": chosen}
        )
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()
        assert anna.options["favorites"] == chosen
    settings = anna.runtime_data.favorites.settings
    assert settings.keep_days == 31
    assert settings.market is None


async def test_an_account_without_its_library_has_nothing_to_choose(
    hass: HomeAssistant, link: Link
) -> None:
    """Nothing of it is copied."""
    anna = await link(features=[Feature.CONTROL])
    result = await open_options(hass, anna)
    assert result["data_schema"] is not None
    assert "favorites" not in result["data_schema"].schema
