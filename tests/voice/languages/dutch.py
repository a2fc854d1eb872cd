"""What is said in Dutch."""

from .stage import Case, plays

ASKING = (
    Case("Wat speelt er nu?", "So What van Miles Davis speelt op Kitchen."),
    Case(
        "wat speelt er op Spotify",
        "So What van Miles Davis speelt op Living Room TV.",
        scene="both",
        room="Living room",
    ),
    Case(
        "welk nummer is dit",
        "One More Time van Daft Punk speelt op Kitchen.",
        scene="ben",
    ),
    Case(
        "waar luistert Ben naar",
        "One More Time van Daft Punk speelt op Kitchen.",
        scene="both",
        room=None,
    ),
    Case("wat draait er", "Er speelt niets op Spotify.", scene="silence"),
    Case(
        "Wie zingt dit?", "Dit is Miles Davis met So What, van het album Kind of Blue."
    ),
    Case(
        "Wat is het volgende nummer?", "Hierna komt Freddie Freeloader van Miles Davis."
    ),
    Case("Waarom speelt de muziek niet?", "Spotify staat op pauze.", scene="paused"),
)

KEEPING = (
    Case(
        "Ik vind dit nummer leuk",
        "Ik heb So What van Miles Davis aan je gelikete nummers toegevoegd.",
        {"anna.likes": "+So What"},
    ),
    Case(
        "ik hou van dit liedje",
        "Ik heb One More Time van Daft Punk aan je gelikete nummers toegevoegd.",
        {"anna.likes": "+One More Time"},
        scene="ben",
        user="anna",
    ),
    Case(
        "ik vind dit nummer niet meer leuk",
        "Ik heb So What uit je gelikete nummers gehaald.",
        {"anna.likes": "-So What"},
    ),
    Case(
        "Voeg dit toe aan mijn afspeellijst Workout",
        "Ik heb So What aan Workout 2026 toegevoegd.",
        {"anna.Workout 2026": "+So What"},
        user="anna",
    ),
    Case("bewaar dit album", "Het album Kind of Blue is al bewaard."),
)

STARTING = (
    Case(
        "Speel Discovery op Spotify",
        "Discovery van Daft Punk speelt op Kitchen.",
        plays("Kitchen", "One More Time", "Discovery"),
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "draai het album Nevermind op Spotify in de living room",
        "Nevermind van Nirvana speelt op Living Room TV.",
        plays("Living Room TV", "Smells Like Teen Spirit", "Nevermind"),
        scene="silence",
    ),
    Case(
        "zet Get Lucky in de wachtrij",
        "Get Lucky van Daft Punk en Pharrell Williams staat in de wachtrij.",
        {"anna.queue": "+Get Lucky"},
    ),
    Case(
        "Speel mijn gelikete nummers",
        "Je gelikete nummers spelen op Kitchen.",
        plays("Kitchen", "Pharaoh's Dance", "spotify:user:anna:collection"),
        scene="silence",
    ),
    Case(
        "shuffle mijn afspeellijst Workout",
        "Workout 2026 speelt op Kitchen.",
        plays(
            "Kitchen", "Harder, Better, Faster, Stronger", "Workout 2026", shuffle=True
        ),
        scene="silence",
    ),
    Case(
        "speel Bath time in de kitchen",
        "Bad music speelt op Kitchen.",
        plays("Kitchen", "Punk ist ...", "13"),
        scene="silence",
        room=None,
    ),
)

STEERING = (
    Case(
        "Stuur de muziek naar de living room",
        "De muziek speelt nu op Living Room TV.",
        {"anna.speaker": "Living Room TV"},
    ),
    Case("shuffle dit album", "Shuffle staat aan.", {"anna.shuffle": True}),
    Case("herhaal dit nummer", "Dit nummer wordt herhaald.", {"anna.repeat": "track"}),
    Case(
        "Spoel 30 seconden vooruit",
        "30 seconden vooruitgespoeld, naar …",
        {"anna.position": 31},
    ),
    Case(
        "spoel twee minuten terug",
        "2 minuten teruggespoeld, naar 0 seconden.",
        scene="ben",
    ),
    Case("begin dit nummer opnieuw", "So What speelt vanaf het begin."),
)

EVENING = (
    Case(
        "stop de muziek na dit nummer",
        "De muziek stopt hierna, over …",
        {"anna.sleep timer": True},
    ),
    Case(
        "zet Spotify over een half uur uit",
        "De muziek stopt over 30 minuten.",
        {"anna.sleep timer": True},
    ),
    Case(
        "annuleer de muziek slaaptimer",
        "Er is geen slaaptimer voor de muziek.",
        scene="silence",
    ),
)
