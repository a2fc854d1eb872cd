"""What is said in German."""

from .stage import Case, plays

ASKING = (
    Case("Was läuft gerade?", "Auf Kitchen läuft So What von Miles Davis."),
    Case(
        "was läuft auf Spotify",
        "Auf Living Room TV läuft So What von Miles Davis.",
        scene="both",
        room="Living room",
    ),
    Case(
        "was läuft im Wohnzimmer",
        "Auf Living Room TV läuft So What von Miles Davis.",
        scene="both",
    ),
    Case(
        "welches Lied ist das?",
        "Auf Kitchen läuft One More Time von Daft Punk.",
        scene="ben",
    ),
    Case("was läuft gerade", "Auf Spotify läuft nichts.", scene="silence"),
    Case(
        "was für ein Song ist das",
        "Auf Kitchen läuft So What von Miles Davis, aus der Playlist Dinner Jazz.",
        scene="playlist",
        room=None,
    ),
    Case(
        "was hört Ben gerade?",
        "Auf Kitchen läuft One More Time von Daft Punk.",
        scene="both",
        room=None,
    ),
    Case(
        "was spielt gerade",
        "So What von Miles Davis ist auf Kitchen angehalten.",
        scene="paused",
    ),
    Case(
        "was läuft da",
        "Auf Kitchen läuft die Folge 130: Bookbinding von The Quiet Hour.",
        scene="episode",
    ),
    Case("Wer singt das?", "Das ist Miles Davis mit So What, vom Album Kind of Blue."),
    Case(
        "von wem ist das Lied",
        "Das ist die Folge 130: Bookbinding von The Quiet Hour.",
        scene="episode",
    ),
    Case(
        "Was läuft als Nächstes?",
        "Als Nächstes kommt Freddie Freeloader von Miles Davis.",
    ),
    Case(
        "welches Lied kommt als nächstes", "Auf Spotify läuft nichts.", scene="silence"
    ),
    Case("Warum läuft die Musik nicht?", "Es läuft doch, auf Kitchen."),
    Case("warum spielt spotify nicht", "Spotify ist angehalten.", scene="paused"),
    Case(
        "warum läuft keine Musik",
        "Mit Spotify ist alles in Ordnung. Es sollte nichts laufen.",
        scene="silence",
    ),
)

KEEPING = (
    Case(
        "Ich mag dieses Lied.",
        "So What von Miles Davis ist jetzt unter deinen Lieblingssongs.",
        {"anna.likes": "+So What"},
    ),
    Case(
        "mir gefällt dieser Song",
        "One More Time von Daft Punk ist jetzt unter deinen Lieblingssongs.",
        {"anna.likes": "+One More Time"},
        scene="ben",
        user="anna",
    ),
    Case(
        "füge das zu meinen Lieblingssongs hinzu",
        "One More Time von Daft Punk ist jetzt unter deinen Lieblingssongs.",
        {"ben.likes": "+One More Time"},
        scene="ben",
    ),
    Case(
        "ich mag dieses Lied nicht mehr",
        "So What ist nicht mehr unter deinen Lieblingssongs.",
        {"anna.likes": "-So What"},
    ),
    Case(
        "entferne das aus meinen Lieblingssongs",
        "So What ist nicht unter deinen Lieblingssongs.",
    ),
    Case(
        "speichere dieses Album",
        "Das Album Discovery ist schon gespeichert.",
        scene="ben",
        user="anna",
    ),
    Case(
        "Füge dieses Lied zu meiner Playlist Workout hinzu",
        "So What ist jetzt in Workout 2026.",
        {"anna.Workout 2026": "+So What"},
        user="anna",
    ),
    Case(
        "pack das in Für die Kinder",
        "So What ist jetzt in Für die Kinder 🎈.",
        {"anna.Für die Kinder 🎈": "+So What"},
    ),
    Case(
        "pack den Song auf Ben's Nineties",
        "One More Time ist jetzt in Ben's Nineties.",
        {"ben.Ben's Nineties": "+One More Time"},
        scene="ben",
        user="ben",
    ),
)

STARTING = (
    Case(
        "Spiele Discovery auf Spotify",
        "Auf Kitchen läuft Discovery von Daft Punk.",
        plays("Kitchen", "One More Time", "Discovery"),
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "spiel so what von Miles Davis auf Spotify im Wohnzimmer",
        "Auf Living Room TV läuft So What von Miles Davis.",
        plays("Living Room TV", "So What"),
        scene="silence",
    ),
    Case(
        "spiele das Album Nevermind auf Spotify",
        "Auf Living Room TV läuft Nevermind von Nirvana.",
        plays("Living Room TV", "Smells Like Teen Spirit", "Nevermind"),
        scene="silence",
        room="Living room",
    ),
    Case(
        "spiel Björk auf Bens Spotify",
        "Auf Kitchen läuft Björk.",
        plays("Kitchen", "Hunter", "Björk", user="ben"),
        scene="silence",
    ),
    Case(
        "spiele Kauderwelsch das niemand singt auf Spotify",
        "Ich habe nichts gefunden, das Kauderwelsch das niemand singt heißt.",
        scene="silence",
    ),
    Case(
        "Setz Get Lucky auf die Warteschlange",
        "Get Lucky von Daft Punk und Pharrell Williams ist in der Warteschlange.",
        {"anna.queue": "+Get Lucky"},
    ),
    Case(
        "reihe So What ein",
        "So What von Miles Davis ist in der Warteschlange.",
        {"anna.queue": "+So What"},
    ),
    Case(
        "spiele One More Time als Nächstes auf Spotify",
        "One More Time von Daft Punk kommt als Nächstes.",
        {"anna.queue": "+One More Time"},
    ),
    Case(
        "Spiel meine Lieblingssongs",
        "Auf Kitchen laufen deine Lieblingssongs.",
        plays("Kitchen", "Pharaoh's Dance", "spotify:user:anna:collection"),
        scene="silence",
    ),
    Case(
        "spiele meine Lieblingslieder gemischt im Wohnzimmer",
        "Auf Living Room TV laufen deine Lieblingssongs.",
        plays(
            "Living Room TV",
            "Pharaoh's Dance",
            "spotify:user:anna:collection",
            shuffle=True,
        ),
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "spiel Bath Time in der Küche",
        "Auf Kitchen läuft Bad music.",
        plays("Kitchen", "Punk ist ...", "13"),
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "spiele Lärm",
        "Auf Kitchen läuft Lärm.",
        plays("Kitchen", "Smells Like Teen Spirit", "Nevermind", user="ben"),
        scene="silence",
        user="ben",
    ),
    Case(
        "mische Bad Music",
        "Auf Kitchen läuft Bad music.",
        plays("Kitchen", "Punk ist ...", "13", shuffle=True),
        scene="silence",
    ),
    Case(
        "mische meine Playlist Workout",
        "Auf Kitchen läuft Workout 2026.",
        plays(
            "Kitchen", "Harder, Better, Faster, Stronger", "Workout 2026", shuffle=True
        ),
        scene="silence",
    ),
    Case(
        "spiel meine Playlist Dinner Jazz",
        "Auf Kitchen läuft Dinner Jazz.",
        plays("Kitchen", "So What", "Dinner Jazz"),
        scene="silence",
        room=None,
        user="anna",
    ),
)

STEERING = (
    Case(
        "Verschiebe die Musik ins Wohnzimmer",
        "Die Musik läuft jetzt auf Living Room TV.",
        {"anna.speaker": "Living Room TV"},
    ),
    Case(
        "schick die Musik in die Küche",
        "Die Musik läuft jetzt auf Kitchen.",
        {"anna.speaker": "Kitchen"},
        scene="both",
        room="Living room",
    ),
    Case(
        "spiel im Wohnzimmer weiter",
        "Die Musik läuft jetzt auf Living Room TV.",
        {"anna.speaker": "Living Room TV", "anna.playing": True},
        scene="paused",
    ),
    Case(
        "mische dieses Album", "Die Zufallswiedergabe ist an.", {"anna.shuffle": True}
    ),
    Case("Zufallswiedergabe aus", "Die Zufallswiedergabe ist aus."),
    Case(
        "wiederhole diesen Song",
        "Dieser Titel wird wiederholt.",
        {"anna.repeat": "track"},
    ),
    Case(
        "wiederhole dieses Album", "Alles wird wiederholt.", {"anna.repeat": "context"}
    ),
    Case("Wiederholung aus", "Es wird nichts wiederholt."),
    Case(
        "Spul 30 Sekunden vor", "30 Sekunden vorgespult, auf …", {"anna.position": 31}
    ),
    Case(
        "spring eine Minute und 5 Sekunden vor",
        "1 Minute und 5 Sekunden vorgespult, auf …",
        {"anna.position": 66},
    ),
    Case(
        "spule zwei Minuten vor",
        "2 Minuten vorgespult, auf …",
        {"ben.position": 121},
        scene="ben",
    ),
    Case("spul eine halbe Minute zurück", "30 Sekunden zurückgespult, auf 0 Sekunden."),
    Case("spiel das Lied von vorn", "So What läuft von vorn."),
)

EVENING = (
    Case(
        "mach nach diesem Lied Schluss",
        "Danach ist Schluss, in …",
        {"anna.sleep timer": True},
    ),
    Case(
        "stell den Musik-Sleeptimer auf 20 Minuten",
        "In 20 Minuten hört die Musik auf.",
        {"anna.sleep timer": True},
    ),
    Case(
        "schalte Spotify in einer halben Stunde aus",
        "In 30 Minuten hört die Musik auf.",
        {"ben.sleep timer": True},
        scene="ben",
    ),
    Case(
        "schalte den Musik Sleeptimer aus", "Es gibt keinen Sleeptimer für die Musik."
    ),
    Case(
        "Weck mich um halb acht mit Workout",
        "Ich wecke dich um 7:30 Uhr auf Kitchen mit Workout 2026, ….",
        {"anna.alarms": "+Workout 2026"},
        scene="silence",
        user="anna",
    ),
    Case(
        "weck mich morgen früh um 6 Uhr 15 im Wohnzimmer mit meinen Lieblingssongs",
        "Ich wecke dich um 6:15 Uhr auf Living Room TV mit deinen Lieblingssongs, ….",
        {"anna.alarms": "+Liked Songs"},
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "weck mich um 7 Uhr mit Dinner Jazz",
        "Ich weiß nicht, wo ich dich wecken soll. Nenne einen Lautsprecher oder ein Zimmer.",
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "weck mich doch nicht mit Musik",
        "Es ist kein Wecker mit Musik gestellt.",
        scene="silence",
    ),
)
