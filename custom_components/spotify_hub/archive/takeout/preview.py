"""What an import would bring, found out before anything is written."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from .errors import EmptyExportError, NotAnExportError
from .file import File
from .files import Export, part_of
from .person import (
    Knows,
    Owner,
    Sample,
    Verdict,
    names_in,
    owner_by_name,
    owner_by_plays,
)
from .reading import Stretch, stretches
from .rows import Ignored


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What one file would bring.

    `plays` are its rows less those ignored; `known` is how many of them the archive
    has, None where nobody knows whose they are. `first` and `last` are stamps in
    milliseconds, None without plays.
    """

    name: str
    rows: int
    plays: int
    ignored: Mapping[Ignored, int]
    known: int | None
    first: int | None
    last: int | None

    @property
    def new(self) -> int | None:
        """Return how many plays the archive lacks."""
        return None if self.known is None else self.plays - self.known


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would bring, file by file, and whose it is.

    It is `estimated` where files of several exports are about the same time: a play
    that both tell of is counted with each, and kept once.
    """

    files: tuple[FilePreview, ...]
    owner: Owner
    estimated: bool

    @property
    def rows(self) -> int:
        """Return how many rows there are to read."""
        return sum(file.rows for file in self.files)

    @property
    def known(self) -> int | None:
        """Return how many plays the archive has."""
        known = [file.known for file in self.files if file.known is not None]
        return sum(known) if len(known) == len(self.files) else None

    @property
    def new(self) -> int | None:
        """Return how many plays the archive lacks."""
        plays = sum(file.plays for file in self.files)
        return None if self.known is None else plays - self.known

    @property
    def ignored(self) -> Mapping[Ignored, int]:
        """Return how many rows are left out, by reason."""
        return sum((Counter(file.ignored) for file in self.files), Counter())

    @property
    def first(self) -> int | None:
        """Return the earliest stamp."""
        firsts = (file.first for file in self.files if file.first is not None)
        return min(firsts, default=None)

    @property
    def last(self) -> int | None:
        """Return the latest stamp."""
        lasts = (file.last for file in self.files if file.last is not None)
        return max(lasts, default=None)


def preview(
    export: Export,
    accounts: Mapping[str, Collection[str]],
    knows: Knows,
    *,
    account: str | None = None,
    watch: Callable[[int], None] | None = None,
) -> Preview:
    """Read an export through and tell what it would bring.

    `accounts` are those linked, with Spotify's ids of each. Plays are compared with
    the archive of `account`, else of whom the export is of. `watch` is told now and
    then how many rows were read, and may raise to stop it.

    Raises:
        EmptyExportError: there is not one row in it.
        NotAnExportError: there are rows, but of something else.
        TakeoutError: a file can't be read.
    """
    names = names_in(export)
    compared = account or owner_by_name(names, accounts).account
    scan = _scan(export, compared, knows, watch)
    if not any(tally.rows for tally in scan.tallies):
        raise EmptyExportError("The streaming history is empty")
    if all(tally.rows == tally.ignored[Ignored.UNREADABLE] for tally in scan.tallies):
        raise NotAnExportError("What it lists are no plays")
    owner = owner_by_name(names | scan.names, accounts)
    if owner.verdict is Verdict.UNKNOWN:
        owner = owner_by_plays(scan.sample, accounts, knows)
        if compared is None and owner.account is not None:
            scan = _scan(export, owner.account, knows, watch)
    return Preview(
        tuple(tally.result() for tally in scan.tallies), owner, _overlap(scan.tallies)
    )


@dataclass(slots=True)
class _Tally:
    """What was counted in a file; `spans` by the fineness of its stamps."""

    file: File
    known: int | None
    rows: int = 0
    plays: int = 0
    ignored: Counter[Ignored] = field(default_factory=Counter)
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def add(self, stretch: Stretch, known: int | None) -> None:
        sightings = stretch.sightings
        self.rows += len(stretch.said)
        self.plays += len(sightings)
        self.ignored.update(one for one in stretch.said if isinstance(one, Ignored))
        if self.known is not None and known is not None:
            self.known += known
        for precision in {one.precision_ms for one in sightings}:
            stamps = [one.stamp for one in sightings if one.precision_ms == precision]
            stamps += self.spans.get(precision, ())
            self.spans[precision] = min(stamps), max(stamps)

    def result(self) -> FilePreview:
        stamps = [stamp for span in self.spans.values() for stamp in span]
        return FilePreview(
            self.file.name,
            self.rows,
            self.plays,
            dict(self.ignored),
            self.known,
            min(stamps, default=None),
            max(stamps, default=None),
        )


@dataclass(frozen=True, slots=True)
class _Scan:
    tallies: list[_Tally]
    names: frozenset[str]
    sample: Sample


def _scan(
    export: Export,
    account: str | None,
    knows: Knows,
    watch: Callable[[int], None] | None,
) -> _Scan:
    start = None if account is None else 0
    tallies = {file.name: _Tally(file, start) for file in export.history}
    names: set[str] = set()
    sample = Sample()
    read = 0
    for stretch in stretches(export, account or ""):
        sightings = stretch.sightings
        known = None
        if account is not None:
            known = knows(account, sightings) if sightings else 0
        tallies[stretch.file.name].add(stretch, known)
        names |= stretch.names
        if not names:
            sample.add(sightings)
        read += len(stretch.said)
        if watch is not None:
            watch(read)
    return _Scan(list(tallies.values()), frozenset(names), sample)


def _overlap(tallies: list[_Tally]) -> bool:
    """Tell whether files that are no parts of one export are about the same time."""
    spans: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for tally in tallies:
        for precision, span in tally.spans.items():
            spans.setdefault((part_of(tally.file.name).copy, precision), []).append(
                span
            )
    return any(
        max(first, other_first) <= min(last, other_last)
        for one, another in combinations(spans.values(), 2)
        for first, last in one
        for other_first, other_last in another
    )
