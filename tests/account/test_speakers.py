"""Which device is meant."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.account import speakers
from custom_components.spotify_hub.api.models import Device

KITCHEN = Device("k", "Kitchen", "Speaker")
TV = Device("t", "Living Room", "TV")
PHONE = Device("p", "Phone", "Smartphone")
SONOS = Device(None, "Bedroom", "Speaker", is_restricted=True)


@pytest.mark.parametrize(
    ("devices", "last", "chosen"),
    [
        ([KITCHEN, replace(TV, is_active=True)], KITCHEN, "t"),
        ([KITCHEN, TV], replace(TV, id="old id"), "t"),
        ([KITCHEN, TV], PHONE, None),
        ([KITCHEN, TV], None, None),
        ([KITCHEN], None, "k"),
        ([KITCHEN, SONOS], SONOS, "k"),
        ([replace(SONOS, is_active=True), KITCHEN, TV], None, None),
        ([], KITCHEN, None),
    ],
)
def test_a_start_goes_to_the_active_the_last_or_the_only_speaker(
    devices: list[Device], last: Device | None, chosen: str | None
) -> None:
    """Never to whichever stands first in the list."""
    found = speakers.choose(devices, last)
    assert (found.id if found else None) == chosen


@given(
    st.lists(st.builds(Device, st.none(), st.sampled_from("AB"), st.sampled_from("xy")))
)
def test_every_device_can_be_chosen_by_a_name_of_its_own(devices: list[Device]) -> None:
    """Two speakers of one name do not hide each other."""
    assert sorted(map(repr, speakers.source_names(devices).values())) == sorted(
        map(repr, devices)
    )


def test_equal_names_are_told_apart_by_type() -> None:
    """A TV and a speaker called alike."""
    twins = [KITCHEN, replace(KITCHEN, type="TV"), replace(KITCHEN, type="TV", id="3")]
    assert list(speakers.source_names(twins)) == [
        "Kitchen",
        "Kitchen (TV)",
        "Kitchen (TV 2)",
    ]


def test_a_name_is_found_without_regard_to_case() -> None:
    """As people type."""
    sources = speakers.source_names([KITCHEN, TV])
    assert speakers.find(sources, " kitchen ") is KITCHEN
    assert speakers.find(sources, "Kitchen") is KITCHEN
    assert speakers.find(sources, "Attic") is None
