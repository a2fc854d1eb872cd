"""Every speaker that the household's accounts have seen, and what was set for it.

A speaker is known by its device's ids as long as they last, and by name and type
when they change. Times are UTC seconds; accounts are named by their entry's id.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
import unicodedata

from .api.models import Device

STALE_AFTER_DAYS = 30.0
# Everybody's phone is an "iPhone" to Spotify: of these only one account's are alike.
PERSONAL_TYPES = frozenset({"Computer", "Smartphone", "Tablet"})
_IDS_KEPT = 5
_DAY = 86_400.0
# What no clock says: a number beyond it is damage.
_LAST_MOMENT = 1e12


@dataclass(frozen=True, slots=True)
class Speaker:
    """A Connect device under an id of our own; `device_ids` are Spotify's, latest first.

    `seen` is when each account saw it last; `first_seen` and `last_seen` also
    remember accounts that have gone. `owner` is the account whose entry its device
    hangs on.
    """

    id: str
    name: str
    type: str
    device_ids: tuple[str, ...] = ()
    seen: Mapping[str, float] = field(default_factory=dict)
    first_seen: float = 0.0
    last_seen: float = 0.0
    supports_volume: bool = True
    restricted: bool = False
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class SpeakerSettings:
    """What somebody set for a speaker; `shown` is None where the rules decide.

    `linked` is the media player of Home Assistant that is the same box,
    `fallback` the speaker to start on instead.
    """

    linked: str | None = None
    min_volume: float = 0.0
    max_volume: float = 1.0
    fallback: str | None = None
    shown: bool | None = None

    def __post_init__(self) -> None:
        """Refuse bounds that no volume is within."""
        if not 0.0 <= self.min_volume <= self.max_volume <= 1.0:
            raise ValueError(f"No volume is within these bounds: {self}")

    def within_bounds(self, level: float) -> float:
        """Return the volume nearest to `level` that is allowed."""
        return min(max(level, self.min_volume), self.max_volume)


AS_THEY_COME = SpeakerSettings()


@dataclass(frozen=True, slots=True)
class Book:
    """Speakers by id; settings only of those for which something was set."""

    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    settings: Mapping[str, SpeakerSettings] = field(default_factory=dict)

    def settings_of(self, speaker_id: str) -> SpeakerSettings:
        """Return what was set for a speaker, or what holds without."""
        return self.settings.get(speaker_id, AS_THEY_COME)


def seen(
    book: Book,
    entry_id: str,
    devices: Iterable[Device],
    now: float,
    new_id: Callable[[], str],
) -> Book:
    """Return the book after an account saw these devices at once."""
    listed = list(devices)
    by_id = {device.id: device for device in listed if device.id is not None}
    free = dict(book.speakers)
    found: list[tuple[Speaker, Device]] = []
    for speaker in book.speakers.values():
        known = next((one for one in speaker.device_ids if one in by_id), None)
        if known is not None:
            found.append((free.pop(speaker.id), by_id.pop(known)))
    speakers = dict(book.speakers)
    without_id = (device for device in listed if device.id is None)
    for device in (*by_id.values(), *without_id):
        namesake = _namesake(free.values(), entry_id, device)
        if namesake is not None:
            del free[namesake.id]
        else:
            made = next(made for made in iter(new_id, None) if made not in speakers)
            namesake = speakers[made] = Speaker(
                made, device.name, device.type, first_seen=now
            )
        found.append((namesake, device))
    current = {device.id for _, device in found}
    for speaker in book.speakers.values():
        # Two devices at once: what was taken for a former id is another's.
        speakers[speaker.id] = _without_ids(speaker, current)
    for speaker, device in found:
        speakers[speaker.id] = _sighted(speaker, entry_id, device, current, now)
    return replace(book, speakers=speakers)


def configured(book: Book, speaker_id: str, settings: SpeakerSettings) -> Book:
    """Return the book with what somebody set for a speaker.

    Raises:
        KeyError: the speaker, or the one to fall back to, is not in the book.
        ValueError: a speaker can't be its own fallback.
    """
    for named in (speaker_id, settings.fallback):
        if named is not None and named not in book.speakers:
            raise KeyError(named)
    if settings.fallback == speaker_id:
        raise ValueError("A speaker can't be its own fallback")
    others = {one: kept for one, kept in book.settings.items() if one != speaker_id}
    own = {} if settings == AS_THEY_COME else {speaker_id: settings}
    return replace(book, settings={**others, **own})


def without_stale(
    book: Book,
    now: float,
    days: float = STALE_AFTER_DAYS,
    *,
    defaults: Iterable[str] = (),
) -> Book:
    """Return the book without speakers that no account has seen for so long.

    What somebody set something for, or chose as a fallback or as one of the
    `defaults`, stays until it is removed by hand: automations rely on it.
    """
    chosen = {settings.fallback for settings in book.settings.values()}
    chosen.update(defaults)
    gone = {
        speaker.id
        for speaker in book.speakers.values()
        if now - speaker.last_seen > days * _DAY
        and speaker.id not in book.settings
        and speaker.id not in chosen
    }
    return _without(book, gone)


def without_account(book: Book, entry_id: str, candidates: Iterable[str]) -> Book:
    """Return the book after an account has gone; `candidates` are those that remain.

    A speaker passes to the candidate that saw it last, else to the first of them.
    A phone or computer that no other account has seen goes with its account.
    """
    heirs = [other for other in candidates if other != entry_id]
    speakers: dict[str, Speaker] = {}
    for speaker in book.speakers.values():
        left = {one: at for one, at in speaker.seen.items() if one != entry_id}
        owner = speaker.owner
        if owner == entry_id:
            witnesses = [heir for heir in heirs if heir in left]
            owner = max(
                witnesses, key=left.__getitem__, default=next(iter(heirs), None)
            )
        speakers[speaker.id] = replace(speaker, seen=left, owner=owner)
    gone = {
        speaker.id
        for speaker in speakers.values()
        if speaker.type in PERSONAL_TYPES
        and not speaker.seen
        and speaker.id not in book.settings
    }
    return _without(replace(book, speakers=speakers), gone)


def taken_over(book: Book, speaker_id: str, owner: str) -> Book:
    """Return the book with a speaker's device on another account's entry."""
    speaker = replace(book.speakers[speaker_id], owner=owner)
    return replace(book, speakers={**book.speakers, speaker_id: speaker})


def forgotten(book: Book, speaker_id: str) -> Book:
    """Return the book without a speaker that somebody removed."""
    return _without(book, {speaker_id})


def owned_by(book: Book, entry_id: str) -> tuple[Speaker, ...]:
    """Return the speakers whose devices hang on this account's entry."""
    return tuple(
        speaker for speaker in book.speakers.values() if speaker.owner == entry_id
    )


def find(book: Book, text: str) -> tuple[Speaker, ...]:
    """Return the speakers of this name: exactly, else as people type it.

    Several speakers may have one name.
    """
    speakers = book.speakers.values()
    exact = tuple(speaker for speaker in speakers if speaker.name == text)
    wanted = folded(text)
    return exact or tuple(one for one in speakers if folded(one.name) == wanted)


def of_device(book: Book, entry_id: str, device: Device) -> Speaker | None:
    """Return the speaker that a device which this account sees is."""
    for speaker in book.speakers.values():
        if device.id in speaker.device_ids:
            return speaker
    return _namesake(book.speakers.values(), entry_id, device)


def folded(text: str) -> str:
    """Return a name without regard to case, accents and spacing."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    return " ".join(plain.split())


def dump(book: Book) -> dict[str, Any]:
    """Return the book as plain JSON."""
    return {
        "speakers": [
            {
                **asdict(speaker),
                "device_ids": list(speaker.device_ids),
                "seen": dict(speaker.seen),
            }
            for speaker in book.speakers.values()
        ],
        "settings": {one: asdict(kept) for one, kept in book.settings.items()},
    }


def load(data: Any) -> Book:
    """Return the book that `dump` wrote.

    Raises:
        LookupError, TypeError, ValueError: it is damaged.
    """
    speakers = [_speaker(raw) for raw in _a(list, data["speakers"])]
    book = Book({speaker.id: speaker for speaker in speakers})
    if len(book.speakers) != len(speakers):
        raise ValueError("Two speakers of one id")
    for speaker_id, raw in _a(dict, data["settings"]).items():
        book = configured(book, speaker_id, _settings(raw))
    return book


def _namesake(
    speakers: Iterable[Speaker], entry_id: str, device: Device
) -> Speaker | None:
    """Return the speaker that was called so: the one this account saw last."""
    namesakes = (
        speaker
        for speaker in speakers
        if (speaker.name, speaker.type) == (device.name, device.type)
        and (device.type not in PERSONAL_TYPES or entry_id in speaker.seen)
    )
    return max(
        namesakes,
        key=lambda speaker: (speaker.seen.get(entry_id, 0.0), speaker.last_seen),
        default=None,
    )


def _sighted(
    speaker: Speaker,
    entry_id: str,
    device: Device,
    current: set[str | None],
    now: float,
) -> Speaker:
    former = _without_ids(speaker, current).device_ids
    latest = () if device.id is None else (device.id,)
    return replace(
        speaker,
        name=device.name,
        type=device.type,
        device_ids=(*latest, *former)[:_IDS_KEPT],
        seen={**speaker.seen, entry_id: now},
        last_seen=now,
        supports_volume=device.supports_volume,
        restricted=device.is_restricted or device.id is None,
        owner=speaker.owner or entry_id,
    )


def _without_ids(speaker: Speaker, device_ids: set[str | None]) -> Speaker:
    left = tuple(one for one in speaker.device_ids if one not in device_ids)
    return speaker if left == speaker.device_ids else replace(speaker, device_ids=left)


def _without(book: Book, speaker_ids: set[str]) -> Book:
    settings = {
        one: replace(kept, fallback=None) if kept.fallback in speaker_ids else kept
        for one, kept in book.settings.items()
        if one not in speaker_ids
    }
    return Book(
        {
            speaker.id: speaker
            for speaker in book.speakers.values()
            if speaker.id not in speaker_ids
        },
        {one: kept for one, kept in settings.items() if kept != AS_THEY_COME},
    )


def _speaker(raw: Any) -> Speaker:
    moments = _a(dict, raw["seen"])
    return Speaker(
        id=_a(str, raw["id"]),
        name=_a(str, raw["name"]),
        type=_a(str, raw["type"]),
        device_ids=tuple(_texts(_a(list, raw["device_ids"])))[:_IDS_KEPT],
        seen=dict(zip(_texts(moments), map(_number, moments.values()), strict=True)),
        # Books written before it was kept lack it.
        first_seen=_number(raw.get("first_seen", 0.0)),
        last_seen=_number(raw["last_seen"]),
        supports_volume=_a(bool, raw["supports_volume"]),
        restricted=_a(bool, raw["restricted"]),
        owner=_optional(str, raw["owner"]),
    )


def _settings(raw: Any) -> SpeakerSettings:
    return SpeakerSettings(
        linked=_optional(str, raw["linked"]),
        min_volume=_number(raw["min_volume"]),
        max_volume=_number(raw["max_volume"]),
        fallback=_optional(str, raw["fallback"]),
        shown=_optional(bool, raw["shown"]),
    )


def _a[T](kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value


def _optional[T](kind: type[T], value: Any) -> T | None:
    return None if value is None else _a(kind, value)


def _texts(values: Any) -> Sequence[str]:
    return [_a(str, value) for value in values]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number")
    if not -_LAST_MOMENT < value < _LAST_MOMENT:
        raise ValueError(f"{value!r} is beyond all bounds")
    return float(value)
