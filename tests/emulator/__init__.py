"""An emulator of Spotify: accounts.spotify.com and api.spotify.com over real sockets."""

from .faults import Fault
from .phone import Phone
from .received import ReceivedRequest
from .server import Emulator
from .world import App, Clock, Device, Regime, User, World

__all__ = [
    "App",
    "Clock",
    "Device",
    "Emulator",
    "Fault",
    "Phone",
    "ReceivedRequest",
    "Regime",
    "User",
    "World",
]
