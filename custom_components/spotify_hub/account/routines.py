"""What an account does for somebody who moves about, goes to bed, gets up, or has visitors."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..const import CONF_USER_ID
from ..coordinator import PlaybackCoordinator
from ..household import Household
from .alarm_clock import AlarmClock
from .announcing import AnnouncementOperations
from .fader import Fader
from .loudness import Loudness
from .moving import MoveOperations
from .own_speakers import AccountSpeakers
from .player import PlayerOperations
from .sending import CommandSender
from .sleep_timer import SleepTimerOperations
from .waking import WakeUpOperations


@dataclass(frozen=True, slots=True)
class Routines:
    """What is made of several commands, and may take a night."""

    moving: MoveOperations
    sleep_timer: SleepTimerOperations
    waking: WakeUpOperations
    alarm_clock: AlarmClock
    announcing: AnnouncementOperations


@callback
def async_open_routines(
    hass: HomeAssistant,
    entry: ConfigEntry,
    household: Household,
    playback: PlaybackCoordinator,
    speakers: AccountSpeakers,
    player: PlayerOperations,
    sender: CommandSender,
) -> Routines:
    """Make them ready; a sleep timer and alarms that were kept go on."""
    loudness = Loudness(player, playback, speakers)
    fader = Fader(hass, entry, playback, loudness)
    sleep_timer = SleepTimerOperations(
        hass, entry, household, playback, player, loudness, speakers
    )
    sleep_timer.async_start()
    waking = WakeUpOperations(player, playback, sender, loudness, fader, speakers)
    alarm_clock = AlarmClock(
        hass, entry, household, waking, speakers, entry.data[CONF_USER_ID]
    )
    alarm_clock.async_start()
    return Routines(
        moving=MoveOperations(player, loudness, speakers),
        sleep_timer=sleep_timer,
        waking=waking,
        alarm_clock=alarm_clock,
        announcing=AnnouncementOperations(hass, player, loudness, speakers),
    )
