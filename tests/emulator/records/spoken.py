"""The tables of podcasts and audiobooks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class ShowRecord:
    """A podcast; its episodes are made up from its topics, newest first."""

    name: str
    publisher: str
    language: str
    description: str
    topics: tuple[str, ...]
    episodes: int
    newest: date
    every_days: int
    minutes: int
    title: str = "{number}: {topic}"
    explicit: bool = False
    media_type: str = "audio"

    def all_episodes(self) -> Iterator[tuple[str, date, int]]:
        """Yield title, release date and seconds of each episode."""
        for back in range(self.episodes):
            number = self.episodes - back
            topic = self.topics[number % len(self.topics)]
            yield (
                self.title.format(number=number, topic=topic),
                self.newest - timedelta(days=back * self.every_days),
                self.minutes * 60 + 37 * (number % 11),
            )


@dataclass(frozen=True)
class BookRecord:
    """An audiobook with its chapters' titles."""

    name: str
    author: str
    narrator: str
    publisher: str
    language: str
    chapters: tuple[str, ...]
    minutes: int


SHOWS = (
    ShowRecord(
        "The Quiet Hour",
        "Harbour Audio",
        "en",
        "An hour without news: people and the things they make slowly.",
        ("Clocks", "Bread", "Lighthouses", "Moss", "Bookbinding", "Tea", "Sails"),
        130,
        date(2026, 9, 24),
        7,
        58,
    ),
    ShowRecord(
        "Küchenradio",
        "Radio Süd",
        "de",
        "Gespräche am Küchentisch über Essen, Musik & Müßiggang.",
        ("Brot", "Knödel", "Käsespätzle", "Grüne Soße", "Pflaumenmus"),
        40,
        date(2026, 9, 20),
        14,
        42,
        "Folge {number}: {topic}",
    ),
    ShowRecord(
        "Jazz After Midnight",
        "Blue Lamp",
        "en",
        "One record, taken apart bar by bar.",
        ("Kind of Blue", "Time Out", "Waltz for Debby", "The trumpet", "Brushes"),
        25,
        date(2026, 8, 30),
        21,
        71,
        "{topic} (part {number})",
        explicit=True,
    ),
    ShowRecord(
        "Le Café des Sciences",
        "Ondes Libres",
        "fr",
        "Où l'on cause d'étoiles, de fourmis et d'à peu près tout le reste.",
        ("Les étoiles", "Les fourmis", "L'océan", "Le hasard"),
        12,
        date(2026, 7, 14),
        30,
        33,
        "{topic} : épisode {number}",
    ),
    ShowRecord(
        "The Daily Lantern",
        "Lantern News",
        "en",
        "What happened yesterday, in eleven minutes.",
        ("Elections", "Markets", "Weather", "Sport", "Science"),
        60,
        date(2026, 10, 1),
        1,
        11,
        "{topic}, briefly (no. {number})",
    ),
    ShowRecord(
        'Video <Nights> & "Talk"',
        "Studio 9",
        "en",
        "<p>Talk, <b>with pictures</b>.</p>",
        ("Pilot", "Guests", "Finale"),
        3,
        date(2026, 5, 2),
        7,
        90,
        media_type="mixed",
    ),
)

BOOKS = (
    BookRecord(
        "The Hound of the Baskervilles",
        "Arthur Conan Doyle",
        "Nora Field",
        "Public Shelf",
        "English",
        (
            "Mr. Sherlock Holmes",
            "The Curse of the Baskervilles",
            "The Problem",
            "Sir Henry Baskerville",
            "Three Broken Threads",
            "Baskerville Hall",
            "The Stapletons of Merripit House",
            "First Report of Dr. Watson",
            "Second Report of Dr. Watson",
            "Extract from the Diary of Dr. Watson",
            "The Man on the Tor",
            "Death on the Moor",
            "Fixing the Nets",
            "The Hound of the Baskervilles",
            "A Retrospection",
        ),
        24,
    ),
    BookRecord(
        "Alice's Adventures in Wonderland",
        "Lewis Carroll",
        "Tom Wren",
        "Public Shelf",
        "English",
        (
            "Down the Rabbit-Hole",
            "The Pool of Tears",
            "A Caucus-Race and a Long Tale",
            "The Rabbit Sends in a Little Bill",
            "Advice from a Caterpillar",
            "Pig and Pepper",
            "A Mad Tea-Party",
            "The Queen's Croquet-Ground",
            "The Mock Turtle's Story",
            "The Lobster Quadrille",
            "Who Stole the Tarts?",
            "Alice's Evidence",
        ),
        14,
    ),
    BookRecord(
        "A Very Long Walk (Unabridged)",
        "Ida Moor",
        "Ida Moor",
        "Heath & Sons",
        "English",
        tuple(f"Day {number}" for number in range(1, 71)),
        9,
    ),
)
