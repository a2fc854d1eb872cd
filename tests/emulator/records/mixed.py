"""A library and a catalogue in which many things are called alike."""

from dataclasses import dataclass

from tests.emulator.world import World

from .mixtapes import DJ, Mixer
from .objects import Builder
from .reader import table
from .shelf import Shelf

MORNING = "37i9dQZF1E35aGbRUlqQQK"


@dataclass(frozen=True)
class Pinned:
    """What a household has pinned, to be entered where the test stands."""

    uri: str
    name: str
    aliases: tuple[str, ...] = ()


PINS = (
    Pinned(f"spotify:playlist:{DJ}", "DJ"),
    Pinned(f"spotify:playlist:{MORNING}", "Release Radar", ("morning news mix",)),
)

# Name → title of a record whose tracks are in it.
_ANNAS = {
    "Queen": "Greatest Hits",
    "Radiohead Favourites": "OK Computer",
    "Road Trip": "Hotel California (2013 Remaster)",
    "Sleep Well": "Moon Safari",
    "Focus Time": "Mezzanine",
    "Party Mix 2025": "Discovery",
    "90s Rock": "Ten",
    "Sunday Brunch": "Ella and Louis",
    "Running 🏃": "Violator",
    "Mum's Favourites": "1",
    "Hip-Hop Classics": "The Blueprint 3",
    "Putzen": "Die Reklamation",
    "Abendessen mit Freunden": "Kind of Blue",
    "Weihnachten 2025": "Die Jahresuhr",
    "Kinderlieder": "Die Jahresuhr",
    "Gute Laune": "Stadtaffe",
    "Frühstück": "Waltz for Debby",
    "Zum Einschlafen": "Takk...",
    "Blues & Soul": "Back to Black",
}
# Other people's, which only search finds.
_OTHERS = {
    "Miles Davis": "Kind of Blue",
    "Nirvana": "Nevermind",
    "Nirvana Radio": "In Utero",
    "Reggae Classics": "Discovery",
    "Classical Essentials": "Beethoven: Piano Sonatas",
    "Relaxing Piano": "Beethoven: Piano Sonatas",
    "80s Hits": "Hunting High and Low",
    "80er Party": "Nena",
    "Thriller": "Thriller",
    "Metal Ballads": "Metallica",
    "Techno Bunker": "Autobahn",
    "Schlager Party": "Farbenspiel",
    "Deutschrap Klassiker": "Stadtaffe",
    "Chanson française": "Hymne à la môme",
    "Hello": "25",
    "So What": "Kind of Blue",
    "Road Trip": "Definitely Maybe",
    "Bohemian Rhapsody and more": "Greatest Hits",
}


def add_mixed(world: World, base_url: str) -> None:
    """Add to a world what is called alike; Spotify finds what comes near too."""
    Builder(base_url, world.catalogue).add_music(table("mixed.txt"))
    shelf = Shelf(world.catalogue)
    mixer = Mixer(shelf, base_url)
    for owner, lists in (("anna", _ANNAS), ("dora", _OTHERS)):
        for name, record in lists.items():
            playlist = mixer.add(owner, name, shelf.album_tracks(record))
            world.playlists[playlist.id] = playlist
            world.users[owner].playlists.append(playlist.id)
    world.finds_near = True
