"""Tools: finding, playing, queueing and moving music, and what plays."""

from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.search import Scope
from ..account.wish import Enqueue
from ..api.catalogue import SearchType
from ..services import player, routines, search, start
from ..services.fields import ATTR_LIMIT, ATTR_MEDIA_TYPE, ATTR_PLAYLIST, ATTR_SPEAKER
from ..services.search import ATTR_QUERY, ATTR_SCOPE
from ..services.start import ATTR_ARTIST, ATTR_ENQUEUE, ATTR_SHUFFLE, ATTR_URI
from .brief import thing, things, without
from .tool import ADDS, READS, SETTLES, Means, Offer, action_of

ATTR_KIND: Final = "kind"
ATTR_OWN: Final = "own_only"
ATTR_WHEN: Final = "when"

# Entries of each kind, and of a queue.
_FEW: Final = 3
_MOST: Final = 10
_WHEN: Final = {
    "now": Enqueue.PLAY,
    "next": Enqueue.NEXT,
    "later": Enqueue.ADD,
}
_KINDS: Final = [kind.value for kind in SearchType]
_SPEAKER: Final = "Name of the speaker or room; without it, where the user is"


def _kind(told: str) -> vol.Marker:
    return vol.Optional(ATTR_KIND, description=told)


def _search(args: dict[str, Any]) -> dict[str, Any]:
    kind = args.pop(ATTR_KIND, None)
    own = args.pop(ATTR_OWN, False)
    return {
        **args,
        ATTR_SCOPE: Scope.OWN if own else Scope.BOTH,
        **({ATTR_MEDIA_TYPE: [kind]} if kind else {}),
        ATTR_LIMIT: args.get(ATTR_LIMIT, _MOST if kind else _FEW),
    }


def _found(answer: JsonObjectType) -> JsonObjectType:
    results: Any = answer["results"]
    best: Any = answer["best"]
    return {
        "best": thing(best) if best else None,
        "results": [one for hits in results.values() for one in things(hits)],
    }


def _play(args: dict[str, Any]) -> dict[str, Any]:
    kind, when = args.pop(ATTR_KIND, None), args.pop(ATTR_WHEN, "now")
    return {
        **args,
        ATTR_ENQUEUE: _WHEN[when],
        **({ATTR_MEDIA_TYPE: kind} if kind else {}),
    }


def _played(answer: JsonObjectType) -> JsonObjectType:
    item: Any = answer["item"]
    queued: Any = answer["enqueued"]
    if queued:
        return {"queued": thing(item), "tracks": len(queued)}
    return {
        "item": thing(item),
        "speaker": answer["speaker"],
        "confirmed": answer["confirmed"],
    }


def _playing(answer: JsonObjectType) -> JsonObjectType:
    item: Any = answer.get("item")
    context: Any = answer.get("context")
    speaker: Any = answer.get("speaker")
    return without(
        {
            **answer,
            "item": thing(item) if item else None,
            "from": thing(context) if context else None,
            "speaker": speaker["name"] if speaker else None,
        },
        ("context", "disallows", "smart_shuffle"),
    )


def _queue(answer: JsonObjectType) -> JsonObjectType:
    playing: Any = answer["playing"]
    upcoming: Any = answer["upcoming"]
    return {
        "playing": thing(playing) if playing else None,
        "upcoming": things(upcoming[:_MOST]),
    }


OFFERS: Final = (
    Offer(
        name="search",
        title="Search Spotify",
        description=(
            "Finds music, podcasts and audiobooks on Spotify by name, those of the "
            "user's own playlists first. Changes nothing. Only needed to look "
            "something up or to let the user choose; to play, call spotify_hub__play."
        ),
        action=action_of(search.ACTIONS, "search"),
        annotations=READS,
        parameters={
            vol.Required(
                ATTR_QUERY,
                description="What to look for, such as: so what by miles davis",
            ): cv.string,
            _kind("Only things of this kind"): vol.In(_KINDS),
            vol.Optional(
                ATTR_OWN, description="Only the user's own playlists and pins"
            ): cv.boolean,
            vol.Optional(ATTR_LIMIT, description="How many of each kind"): vol.All(
                vol.Coerce(int), vol.Range(min=1, max=_MOST)
            ),
        },
        data=_search,
        brief=_found,
    ),
    Offer(
        name="play",
        title="Play on Spotify",
        description=(
            "Plays something on Spotify, or puts it into the queue. Give either query "
            "(what the user said, without words such as play) or the uri from another "
            "answer. The answer says what was chosen; tell the user its name. If it "
            "was not what they meant, search and let them choose."
        ),
        action=action_of(start.ACTIONS, "play"),
        annotations=ADDS,
        parameters={
            vol.Optional(
                ATTR_QUERY,
                description="Name of it, such as: kind of blue, or: my workout",
            ): cv.string,
            vol.Optional(
                ATTR_URI,
                description="Spotify URI from another answer, "
                "or spotify:collection for the user's Liked Songs",
            ): cv.string,
            vol.Optional(ATTR_ARTIST, description="Who made it, with query"): cv.string,
            _kind("What it is, if the user says so; only with query"): vol.In(
                [kind.value for kind in start.MEDIA_TYPES]
            ),
            vol.Optional(
                ATTR_PLAYLIST, description="Playlist that a song is to be played in"
            ): cv.string,
            vol.Optional(ATTR_SPEAKER, description=_SPEAKER): cv.string,
            vol.Optional(
                ATTR_WHEN,
                description="now (usual), next after this song, or later in the queue",
            ): vol.In([*_WHEN]),
            vol.Optional(ATTR_SHUFFLE, description="Only with now"): cv.boolean,
        },
        data=_play,
        brief=_played,
    ),
    Offer(
        name="now_playing",
        title="What plays on Spotify",
        description=(
            "Tells what plays on Spotify, on which speaker, from which playlist or "
            "album, at which second, and whether it is liked."
        ),
        action=action_of(player.ACTIONS, "get_playback"),
        annotations=READS,
        brief=_playing,
        means=Means.AUDIBLE,
    ),
    Offer(
        name="queue",
        title="What comes next on Spotify",
        description="Tells what comes next. To add to the queue call spotify_hub__play.",
        action=action_of(player.ACTIONS, "get_queue"),
        annotations=READS,
        brief=_queue,
        means=Means.HEARD,
    ),
    Offer(
        name="move",
        title="Move the music",
        description=(
            "Moves what plays on Spotify to another speaker or room, where it goes on. "
            "If the name is unknown, the error lists the speakers there are."
        ),
        action=action_of(routines.ACTIONS, "move_playback"),
        annotations=SETTLES,
        parameters={
            vol.Required(
                ATTR_SPEAKER, description="Name of the speaker or room"
            ): cv.string,
        },
        brief=lambda answer: without(answer, ("config_entry_id", "volume_adjusted")),
    ),
)
