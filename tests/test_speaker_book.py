"""What the household remembers of speakers."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.spotify_hub import speaker_book
from custom_components.spotify_hub.api.models import Device
from custom_components.spotify_hub.speaker_book import (
    Book,
    Speaker,
    SpeakerSettings,
    configured,
    find,
    forgotten,
    of_device,
    owned_by,
    without_account,
    without_stale,
)

KITCHEN = Device("k", "Kitchen", "Speaker")
TV = Device("t", "Living Room", "TV")
SONOS = Device(None, "Bedroom", "Speaker", is_restricted=True)
WEB = Device("w", "Web Player (Chrome)", "Computer")
IPHONE = Device("i", "iPhone", "Smartphone")
DAY = 86_400.0
NAMES = ["Kitchen", "kitchen", "Bad", "iPhone", "Web Player (Chrome)"]
TYPES = ["Speaker", "CastAudio", "Smartphone", "Computer"]
ACCOUNTS = ["anna", "ben", "cleo"]


def ids() -> Callable[[], str]:
    """Return a maker of ids."""
    numbers = count(1)
    return lambda: f"speaker {next(numbers)}"


NEW_ID = ids()


def seen(
    book: Book, *devices: Device, entry_id: str = "anna", now: float = 0.0
) -> Book:
    """Return the book after an account saw devices."""
    return speaker_book.seen(book, entry_id, devices, now, NEW_ID)


def only(book: Book) -> Speaker:
    """Return the one speaker of the book."""
    (speaker,) = book.speakers.values()
    return speaker


def test_a_speaker_is_what_was_seen_of_it() -> None:
    """Name, type, id, what it can; whoever saw it first owns it."""
    book = seen(Book(), replace(KITCHEN, supports_volume=False), now=7.0)
    assert only(book) == Speaker(
        id=only(book).id,
        name="Kitchen",
        type="Speaker",
        device_ids=("k",),
        seen={"anna": 7.0},
        first_seen=7.0,
        last_seen=7.0,
        supports_volume=False,
        owner="anna",
    )


@pytest.mark.parametrize(
    "again",
    [
        replace(KITCHEN, id="other"),
        replace(KITCHEN, name="Cuisine"),
        replace(KITCHEN, type="CastAudio"),
        replace(KITCHEN, id=None, is_restricted=True),
    ],
)
@pytest.mark.parametrize("entry_id", ["anna", "ben"])
def test_what_changes_leaves_the_speaker_the_same(again: Device, entry_id: str) -> None:
    """Another id, another name, no id at all; by whichever account it is seen."""
    first = seen(Book(), KITCHEN, TV)
    after = seen(first, again, TV, entry_id=entry_id, now=5.0)
    assert after.speakers.keys() == first.speakers.keys()
    speaker = next(iter(after.speakers.values()))
    assert (speaker.name, speaker.type) == (again.name, again.type)
    assert speaker.restricted is again.is_restricted
    assert speaker.owner == "anna"
    assert speaker.last_seen == 5.0


def test_a_sonos_without_an_id_stays_one() -> None:
    """Restricted speakers are known by what they are called."""
    book = seen(seen(Book(), SONOS), SONOS, entry_id="ben")
    assert only(book).restricted
    assert only(book).device_ids == ()


def test_ghosts_stay_one() -> None:
    """A web player or a Jam comes with a new id every time."""
    book = Book()
    for number in range(100):
        book = seen(book, replace(WEB, id=f"tab {number}"), now=number)
    assert only(book).device_ids == tuple(f"tab {99 - back}" for back in range(5))


def test_twins_at_once_are_two() -> None:
    """Two devices of equal name, and neither steals the other's id later."""
    twin = replace(KITCHEN, id="k2")
    book = seen(Book(), KITCHEN, twin)
    first, second = book.speakers.values()
    again = seen(book, twin, KITCHEN)
    assert again == book
    again = seen(book, replace(KITCHEN, id="k3"), twin)
    assert again.speakers[first.id].device_ids == ("k3", "k")
    assert again.speakers[second.id].device_ids == ("k2",)


def test_what_was_taken_for_a_former_id_may_be_another_device() -> None:
    """Both ids listed at once: the latest one keeps the speaker."""
    book = seen(seen(Book(), KITCHEN), replace(KITCHEN, id="k2"))
    book = seen(book, KITCHEN, replace(KITCHEN, id="k2"))
    assert [one.device_ids for one in book.speakers.values()] == [("k2",), ("k",)]


def test_one_device_listed_twice_is_one() -> None:
    """Spotify repeats itself."""
    assert only(seen(Book(), KITCHEN, KITCHEN)).device_ids == ("k",)


def test_two_peoples_phones_are_two() -> None:
    """Every iPhone is called so; only the same id makes it the same phone."""
    book = seen(seen(Book(), IPHONE), replace(IPHONE, id="j"), entry_id="ben")
    assert [one.owner for one in book.speakers.values()] == ["anna", "ben"]
    assert find(book, "IPHONE") == tuple(book.speakers.values())
    book = seen(book, replace(IPHONE, id="j2"), entry_id="ben")
    assert [one.device_ids for one in book.speakers.values()] == [("i",), ("j2", "j")]
    for number, entry_id in enumerate(["anna", "ben"]):
        phone = of_device(book, entry_id, replace(IPHONE, id="j3"))
        assert phone == list(book.speakers.values())[number]
    assert of_device(book, "cleo", replace(IPHONE, id="i")) is not None
    assert of_device(book, "cleo", replace(IPHONE, id="j3")) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Küche", ["Küche"]),
        ("küche", ["küche"]),
        (" KÜCHE ", ["Küche", "küche"]),
        ("kuche", ["Küche", "küche"]),
        ("Bad", []),
        ("", []),
    ],
)
def test_a_speaker_is_found_by_its_name(text: str, found: list[str]) -> None:
    """Exactly as it is written, else as people type."""
    book = seen(Book(), Device("1", "Küche", "TV"), Device("2", "küche", "TV"))
    assert [speaker.name for speaker in find(book, text)] == found


def test_a_device_is_found_by_id_then_by_name() -> None:
    """Also under a name that it did not have when it was seen."""
    book = seen(Book(), KITCHEN, replace(KITCHEN, id="k2"), TV)
    _, second, tv = book.speakers.values()
    assert of_device(book, "anna", Device("k2", "New", "Speaker")) == second
    assert of_device(book, "anna", replace(TV, id=None)) == tv
    assert of_device(book, "anna", SONOS) is None


def test_stale_speakers_go_after_a_month() -> None:
    """But not what somebody set something for, nor a fallback."""
    book = seen(Book(), KITCHEN, TV, SONOS)
    kitchen, tv, _ = book.speakers
    book = configured(book, kitchen, SpeakerSettings(fallback=tv))
    assert without_stale(book, 30 * DAY) == book
    left = without_stale(book, 30 * DAY + 1)
    assert list(left.speakers) == [kitchen, tv]
    assert without_stale(left, 1000 * DAY) == left
    left = configured(left, kitchen, SpeakerSettings())
    assert without_stale(left, 1000 * DAY) == Book()
    assert not without_stale(book, 2 * DAY, days=1).settings_of(kitchen).shown


def test_a_removed_speaker_is_nobodys_fallback() -> None:
    """Its settings go with it, and what pointed at it."""
    book = seen(Book(), KITCHEN, TV)
    kitchen, tv = book.speakers
    book = configured(book, kitchen, SpeakerSettings(fallback=tv))
    book = configured(book, tv, SpeakerSettings(max_volume=0.4))
    left = forgotten(book, tv)
    assert list(left.speakers) == [kitchen]
    assert left.settings == {}
    assert forgotten(left, tv) == left


def test_settings_are_checked() -> None:
    """Bounds that leave something, speakers that exist."""
    book = seen(Book(), KITCHEN)
    kitchen = only(book).id
    with pytest.raises(ValueError, match="bounds"):
        SpeakerSettings(min_volume=0.6, max_volume=0.5)
    with pytest.raises(ValueError, match="own fallback"):
        configured(book, kitchen, SpeakerSettings(fallback=kitchen))
    for wrong in (("no", SpeakerSettings()), (kitchen, SpeakerSettings(fallback="no"))):
        with pytest.raises(KeyError):
            configured(book, *wrong)
    bounds = SpeakerSettings(min_volume=0.2, max_volume=0.5)
    assert [bounds.within_bounds(level) for level in (0.0, 0.3, 1.0)] == [0.2, 0.3, 0.5]


@pytest.mark.parametrize(
    ("candidates", "owner"),
    [
        (["ben", "cleo", "dora"], "cleo"),
        (["dora", "ben"], "ben"),
        (["anna", "dora"], "dora"),
        ([], None),
    ],
)
def test_a_speaker_passes_to_whoever_saw_it_last(
    candidates: list[str], owner: str | None
) -> None:
    """Else to anybody who remains; whoever sees it claims what is nobody's."""
    book = seen(Book(), KITCHEN, now=9.0)
    book = seen(book, KITCHEN, entry_id="cleo", now=4.0)
    book = seen(book, KITCHEN, entry_id="ben", now=3.0)
    settings = SpeakerSettings(linked="media_player.kitchen")
    book = configured(book, only(book).id, settings)
    left = without_account(book, "anna", candidates)
    assert only(left).owner == owner
    assert only(left).id == only(book).id
    assert left.settings == book.settings
    assert "anna" not in only(left).seen
    assert owned_by(left, "anna") == ()
    assert owned_by(seen(left, KITCHEN, entry_id="eve"), owner or "eve")


def test_a_phone_goes_with_its_account() -> None:
    """Unless another account saw it too, or somebody set something for it."""
    book = seen(Book(), IPHONE, WEB, KITCHEN)
    phone, web, kitchen = book.speakers
    book = configured(book, web, SpeakerSettings(shown=False))
    left = without_account(book, "anna", ["ben"])
    assert list(left.speakers) == [web, kitchen]
    shared = seen(book, IPHONE, entry_id="ben")
    assert phone in without_account(shared, "anna", ["ben"]).speakers


DAMAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(DAMAGE)
def test_what_is_no_book_is_refused(data: object) -> None:
    """With errors that are expected of damaged memory, and no others."""
    with pytest.raises((LookupError, TypeError, ValueError)):
        speaker_book.load(data)


@given(st.data())
def test_a_damaged_book_is_refused_or_read(data: st.DataObject) -> None:
    """Whichever of its values is something else."""
    book = seen(Book(), KITCHEN, SONOS, entry_id="ben")
    book = configured(book, next(iter(book.speakers)), SpeakerSettings(max_volume=0.5))
    raw: Any = speaker_book.dump(book)
    at = raw
    while isinstance(at, (dict, list)) and at:
        places = list(at) if isinstance(at, dict) else list(range(len(at)))
        place = data.draw(st.sampled_from(places))
        if not at[place] or data.draw(st.booleans()):
            at[place] = data.draw(DAMAGE)
            break
        at = at[place]
    try:
        read = speaker_book.load(raw)
    except LookupError, TypeError, ValueError:
        return
    assert speaker_book.load(json.loads(json.dumps(speaker_book.dump(read)))) == read


@pytest.mark.parametrize("moment", [10**400, float("inf"), float("nan")])
def test_a_moment_that_no_clock_says_is_damage(moment: float) -> None:
    """Such a speaker would stay for ever."""
    raw = speaker_book.dump(seen(Book(), KITCHEN))
    raw["speakers"][0]["last_seen"] = moment
    with pytest.raises(ValueError, match="bounds"):
        speaker_book.load(raw)


def test_two_speakers_of_one_id_are_damage() -> None:
    """Nobody could tell which settings are whose."""
    raw = speaker_book.dump(seen(Book(), KITCHEN))
    raw["speakers"] *= 2
    with pytest.raises(ValueError, match="one id"):
        speaker_book.load(raw)


@dataclass
class Box:
    """A device as it stands in a house: its id changes, its name and type do not."""

    number: int
    name: str
    type: str
    has_id: bool
    version: int = 0

    def listed(self) -> Device:
        """Return what Spotify lists."""
        device_id = f"{self.number}.{self.version}" if self.has_id else None
        return Device(device_id, self.name, self.type)


@dataclass
class House:
    """Boxes, accounts, and the book that is kept of them."""

    boxes: list[Box]
    book: Book = field(default_factory=Book)
    linked: list[str] = field(default_factory=lambda: list(ACCOUNTS))
    saw: dict[tuple[str, str, str], int] = field(default_factory=dict)
    now: float = 0.0
    new_id: Callable[[], str] = field(default_factory=ids)

    def look(self, entry_id: str, listed: list[Box]) -> None:
        """Let an account see some boxes; remember how many alike it saw at most."""
        devices = [box.listed() for box in listed]
        self.book = speaker_book.seen(
            self.book, entry_id, devices, self.now, self.new_id
        )
        for box in listed:
            personal = box.type in speaker_book.PERSONAL_TYPES
            key = (box.name, box.type, entry_id if personal else "")
            alike = sum((one.name, one.type) == key[:2] for one in listed)
            self.saw[key] = max(self.saw.get(key, 0), alike)

    def check(self) -> None:
        """Find no more speakers than boxes alike were ever seen at once."""
        for key, speaker in self.book.speakers.items():
            assert key == speaker.id
            assert speaker.owner in self.linked or not self.linked
            assert len(speaker.device_ids) <= 5
        used = [one for it in self.book.speakers.values() for one in it.device_ids]
        assert len(used) == len(set(used))


BOXES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(TYPES), st.booleans()),
    min_size=1,
    max_size=5,
).map(lambda some: [Box(number, *one) for number, one in enumerate(some)])


@settings(max_examples=200, deadline=None)
@given(BOXES, st.data())
def test_no_box_becomes_two_speakers(boxes: list[Box], data: st.DataObject) -> None:
    """Whoever looks, whatever is on, however often ids change between looks."""
    house = House(boxes)
    for _ in range(data.draw(st.integers(1, 12))):
        house.now += data.draw(st.floats(0, DAY))
        for box in data.draw(st.lists(st.sampled_from(boxes))):
            box.version += 1
        listed = data.draw(st.lists(st.sampled_from(boxes), unique_by=id))
        house.look(data.draw(st.sampled_from(ACCOUNTS)), listed)
        house.check()
    for name, kind in {(box.name, box.type) for box in boxes}:
        alike = [
            one
            for one in house.book.speakers.values()
            if (one.name, one.type) == (name, kind)
        ]
        at_once = sum(
            most for key, most in house.saw.items() if key[:2] == (name, kind)
        )
        assert len(alike) <= at_once
    assert speaker_book.load(speaker_book.dump(house.book)) == house.book


LOOKS = st.tuples(st.sampled_from(ACCOUNTS), st.sets(st.integers(0, 4)), st.booleans())


@settings(max_examples=100, deadline=None)
@given(BOXES, st.lists(LOOKS, max_size=12))
def test_speakers_belong_to_accounts_that_are_there(
    boxes: list[Box], looks: list[tuple[str, set[int], bool]]
) -> None:
    """Whoever goes, in whatever order; only without accounts nobody owns them."""
    house = House(boxes)
    for entry_id, numbers, leaves in looks:
        house.now += 1.0
        if entry_id in house.linked:
            house.look(entry_id, [box for box in boxes if box.number in numbers])
            if leaves:
                house.linked.remove(entry_id)
                house.book = without_account(house.book, entry_id, house.linked)
        house.check()


def test_an_id_that_was_given_before_is_given_no_second_time() -> None:
    """Whatever the maker of ids makes."""
    made = iter(["one", "one", "two"])
    book = speaker_book.seen(Book(), "anna", [KITCHEN, TV], 0.0, lambda: next(made))
    assert list(book.speakers) == ["one", "two"]
