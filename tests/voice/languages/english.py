"""What is said in English."""

from .stage import Case, plays

ASKING = (
    Case("What's playing?", "So What by Miles Davis is playing on Kitchen."),
    Case(
        "what's playing on Spotify?",
        "One More Time by Daft Punk is playing on Kitchen.",
        scene="both",
    ),
    Case(
        "what's playing on Spotify?",
        "So What by Miles Davis is playing on Living Room TV.",
        scene="both",
        room="Living room",
    ),
    Case(
        "what is playing in the living room",
        "So What by Miles Davis is playing on Living Room TV.",
        scene="both",
    ),
    Case(
        "what song is this?",
        "One More Time by Daft Punk is playing on Kitchen.",
        scene="ben",
    ),
    Case("what's playing?", "Nothing is playing on Spotify.", scene="silence"),
    Case(
        "what is playing right now",
        "So What by Miles Davis is playing on Kitchen, from the playlist Dinner Jazz.",
        scene="playlist",
        room=None,
    ),
    Case(
        "what is Ben listening to?",
        "One More Time by Daft Punk is playing on Kitchen.",
        scene="both",
        room=None,
    ),
    Case(
        "what's playing", "So What by Miles Davis is paused on Kitchen.", scene="paused"
    ),
    Case(
        "what is playing",
        "The episode 130: Bookbinding of The Quiet Hour is playing on Kitchen.",
        scene="episode",
    ),
    Case(
        "Who sings this?",
        "That is Miles Davis with So What, from the album Kind of Blue.",
    ),
    Case(
        "who is this song by",
        "That is the episode 130: Bookbinding of The Quiet Hour.",
        scene="episode",
    ),
    Case("What's the next song?", "Next comes Freddie Freeloader by Miles Davis."),
    Case("which song comes next", "Nothing is playing on Spotify.", scene="silence"),
    Case("Why isn't the music playing?", "It does play, on Kitchen."),
    Case("why is it not playing", "Spotify is paused.", scene="paused"),
    Case(
        "why doesn't spotify play",
        "Nothing is wrong with Spotify. Nothing was asked to play.",
        scene="silence",
    ),
)

KEEPING = (
    Case(
        "I like this song.",
        "I have added So What by Miles Davis to your liked songs.",
        {"anna.likes": "+So What"},
    ),
    Case("like this song", "So What is among your liked songs already."),
    Case(
        "I love this track",
        "I have added One More Time by Daft Punk to your liked songs.",
        {"anna.likes": "+One More Time"},
        scene="ben",
        user="anna",
    ),
    Case(
        "add this to my liked songs",
        "I have added One More Time by Daft Punk to your liked songs.",
        {"ben.likes": "+One More Time"},
        scene="ben",
    ),
    Case(
        "I don't like this song",
        "I have removed So What from your liked songs.",
        {"anna.likes": "-So What"},
    ),
    Case(
        "remove this song from my liked songs", "So What is not among your liked songs."
    ),
    Case("save this album", "The album Discovery is saved already.", scene="ben"),
    Case(
        "save this album",
        "The album Discovery is saved already.",
        scene="ben",
        user="anna",
    ),
    Case(
        "Add this song to my workout playlist",
        "I have added So What to Workout 2026.",
        {"anna.Workout 2026": "+So What"},
        user="anna",
    ),
    Case("add this to Dinner Jazz", "So What is in Dinner Jazz already."),
    Case(
        "put this song on ben's nineties",
        "I have added One More Time to Ben's Nineties.",
        {"ben.Ben's Nineties": "+One More Time"},
        scene="ben",
        user="ben",
    ),
    Case(
        "add this song to ben's nineties",
        "Only its owner can change Ben's Nineties.",
        user="anna",
    ),
)

STARTING = (
    Case(
        "Play Discovery on Spotify",
        "Discovery by Daft Punk is playing on Kitchen.",
        plays("Kitchen", "One More Time", "Discovery"),
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "play so what by Miles Davis on Spotify in the living room",
        "So What by Miles Davis is playing on Living Room TV.",
        plays("Living Room TV", "So What"),
        scene="silence",
    ),
    Case(
        "play the album nevermind on spotify",
        "Nevermind by Nirvana is playing on Living Room TV.",
        plays("Living Room TV", "Smells Like Teen Spirit", "Nevermind"),
        scene="silence",
        room="Living room",
    ),
    Case(
        "play the artist Björk on Ben's Spotify",
        "Björk is playing on Kitchen.",
        plays("Kitchen", "Hunter", "Björk", user="ben"),
        scene="silence",
    ),
    Case(
        "spotify play kind of blue",
        "Kind of Blue by Miles Davis is playing on Kitchen.",
        {"ben.item": "So What", "ben.context": "Kind of Blue"},
        scene="ben",
        user="ben",
    ),
    Case(
        "play gibberish nobody sings on spotify",
        "I have found nothing called gibberish nobody sings.",
        scene="silence",
    ),
    Case(
        "Queue Get Lucky",
        "Get Lucky by Daft Punk and Pharrell Williams is in the queue.",
        {"anna.queue": "+Get Lucky"},
    ),
    Case(
        "add So What to the music queue",
        "So What by Miles Davis is in the queue.",
        {"anna.queue": "+So What"},
    ),
    Case(
        "queue Get Lucky",
        "Nothing is playing on Spotify. Start something first.",
        scene="silence",
    ),
    Case(
        "play One More Time next on Spotify",
        "One More Time by Daft Punk comes next.",
        {"anna.queue": "+One More Time"},
    ),
    Case(
        "play my liked songs",
        "Your liked songs are playing on Kitchen.",
        plays("Kitchen", "Pharaoh's Dance", "spotify:user:anna:collection"),
        scene="silence",
    ),
    Case(
        "play my liked songs in the living room",
        "Spotify can't reach Living Room TV. Is it switched on?",
        scene="silence",
        room=None,
        user="ben",
    ),
    Case(
        "shuffle my liked songs",
        "Your liked songs are playing on Kitchen.",
        plays(
            "Kitchen", "Pharaoh's Dance", "spotify:user:anna:collection", shuffle=True
        ),
        scene="silence",
    ),
    Case(
        "play bath time",
        "Bad music is playing on Kitchen.",
        plays("Kitchen", "Punk ist ...", "13"),
        scene="silence",
    ),
    Case(
        "play Lärm",
        "Lärm is playing on Kitchen.",
        plays("Kitchen", "Smells Like Teen Spirit", "Nevermind", user="ben"),
        scene="silence",
        user="ben",
    ),
    Case(
        "shuffle bad music in the living room",
        "Bad music is playing on Living Room TV.",
        plays("Living Room TV", "Punk ist ...", "13", shuffle=True),
        scene="silence",
        room=None,
    ),
    Case(
        "shuffle my workout playlist",
        "Workout 2026 is playing on Kitchen.",
        plays(
            "Kitchen", "Harder, Better, Faster, Stronger", "Workout 2026", shuffle=True
        ),
        scene="silence",
    ),
    Case(
        "play my playlist dinner jazz",
        "Dinner Jazz is playing on Kitchen.",
        plays("Kitchen", "So What", "Dinner Jazz"),
        scene="silence",
        room=None,
        user="anna",
    ),
)

STEERING = (
    Case(
        "Move the music to the living room",
        "The music is playing on Living Room TV now.",
        {"anna.speaker": "Living Room TV"},
    ),
    Case(
        "move the music to the kitchen",
        "The music is playing on Kitchen now.",
        {"anna.speaker": "Kitchen"},
        scene="both",
        room="Living room",
    ),
    Case(
        "move my music to the Living Room TV",
        "Spotify can't reach Living Room TV. Is it switched on?",
        scene="ben",
    ),
    Case(
        "play on Living Room TV",
        "The music is playing on Living Room TV now.",
        {"anna.speaker": "Living Room TV", "anna.playing": True},
        scene="paused",
    ),
    Case(
        "play this song in the living room",
        "The music is playing on Living Room TV now.",
        {"anna.speaker": "Living Room TV"},
        room=None,
        user="anna",
    ),
    Case(
        "move the music to the kitchen",
        "The music is on Kitchen now, and paused.",
        {"anna.speaker": "Kitchen"},
        scene="silence",
        room="Living room",
    ),
    Case("shuffle this album", "Shuffle is on.", {"anna.shuffle": True}),
    Case("shuffle off", "Shuffle is off."),
    Case("repeat this song", "This song is repeated.", {"anna.repeat": "track"}),
    Case("repeat this album", "It is all repeated.", {"anna.repeat": "context"}),
    Case("stop repeating", "Nothing is repeated."),
    Case(
        "Skip forward 30 seconds",
        "Skipped 30 seconds forward, to …",
        {"anna.position": 31},
    ),
    Case(
        "fast forward two minutes and 5 seconds",
        "Skipped 2 minutes and 5 seconds forward, to …",
        {"anna.position": 126},
    ),
    Case(
        "skip forward by half a minute",
        "Skipped 30 seconds forward, to …",
        {"ben.position": 31},
        scene="ben",
    ),
    Case("rewind one minute", "Skipped 1 minute back, to 0 seconds."),
    Case(
        "skip forward thirty seconds", "Nothing is playing on Spotify.", scene="silence"
    ),
    Case("start this song over", "So What is playing from the beginning."),
)

EVENING = (
    Case(
        "stop after this song",
        "The music stops after this, in …",
        {"anna.sleep timer": True},
    ),
    Case(
        "set a music sleep timer for 20 minutes",
        "The music stops in 20 minutes.",
        {"anna.sleep timer": True},
    ),
    Case(
        "stop spotify in half an hour",
        "The music stops in 30 minutes.",
        {"ben.sleep timer": True},
        scene="ben",
    ),
    Case("cancel the music sleep timer", "There is no sleep timer for the music."),
    Case(
        "Wake me up with workout at 7:30",
        "I will wake you at 7:30 AM on Kitchen with Workout 2026, ….",
        {"anna.alarms": "+Workout 2026"},
        scene="silence",
        user="anna",
    ),
    Case(
        "wake me at half past six in the evening with my liked songs in the living room",
        "I will wake you at 6:30 PM on Living Room TV with your liked songs, ….",
        {"anna.alarms": "+Liked Songs"},
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "wake me up with dinner jazz at 7 am",
        "I don't know where to wake you. Name a speaker or a room.",
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "don't wake me up with music", "There is no alarm with music.", scene="silence"
    ),
)
