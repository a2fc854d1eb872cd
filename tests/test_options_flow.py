"""The preferences of an account."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.spotify_hub.polling import FIRST_IDLE, QUICK_IDLE

from .conftest import AccountEntry


async def test_quick_idle_polling_works_as_soon_as_it_is_chosen(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """The form shows what is chosen; a change reloads the account."""
    flow = hass.config_entries.options
    for chosen, interval in ((True, QUICK_IDLE), (False, FIRST_IDLE)):
        result = await flow.async_init(anna.entry_id)
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
