"""What the steps of the options have in common."""

from homeassistant.config_entries import ConfigEntryState, OptionsFlowWithReload

from .account import SpotifyAccount


class AccountOptions(OptionsFlowWithReload):
    """Options of an account, which need not be loaded."""

    @property
    def _account(self) -> SpotifyAccount | None:
        """Return the account while it is loaded."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return None
        account: SpotifyAccount = self.config_entry.runtime_data
        return account
