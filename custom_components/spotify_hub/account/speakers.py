"""Which Connect device is meant, and what devices are called."""

from collections.abc import Iterable, Mapping

from ..api.models import Device


def source_names(devices: Iterable[Device]) -> dict[str, Device]:
    """Return devices by the names they are chosen by, in Spotify's order.

    Devices of equal name are told apart by their type, then by a number.
    """
    named: dict[str, Device] = {}
    for device in devices:
        name = device.name
        if name in named:
            name = f"{device.name} ({device.type})"
        number = 2
        while name in named:
            name = f"{device.name} ({device.type} {number})"
            number += 1
        named[name] = device
    return named


def is_same(one: Device, other: Device) -> bool:
    """Tell whether two sights are of one device; ids change, name and type stay."""
    return (one.name, one.type) == (other.name, other.type)


def takes_commands(device: Device) -> bool:
    """Tell whether the Web API can reach the device."""
    return device.id is not None and not device.is_restricted


def choose(devices: Iterable[Device], *likely: Device | None) -> Device | None:
    """Return the device a start without a named speaker goes to.

    The active one, else the first of those that are `likely`, else the only one;
    None when that leaves a choice.
    """
    usable = [device for device in devices if takes_commands(device)]
    for device in usable:
        if device.is_active:
            return device
    for one in likely:
        for device in usable:
            if one is not None and is_same(device, one):
                return device
    return usable[0] if len(usable) == 1 else None


def find(sources: Mapping[str, Device], wanted: str) -> Device | None:
    """Return the device of this name: exactly, else without regard to case."""
    if wanted in sources:
        return sources[wanted]
    folded = wanted.strip().casefold()
    return next(
        (dev for name, dev in sources.items() if name.casefold() == folded), None
    )


def name_of(device: Device, sources: Mapping[str, Device]) -> str | None:
    """Return the name a device is chosen by: by its id, else by what it is called."""
    alike = [name for name, other in sources.items() if is_same(other, device)]
    same = [name for name in alike if sources[name].id == device.id]
    return next(iter([*same, *alike]), None)
