"""What is said in Italian."""

from .stage import Case, plays

ASKING = (
    Case(
        "Cosa sta suonando?",
        "So What di Miles Davis suona su Kitchen.",
        {"anna.position": 1},
    ),
    Case(
        "cosa c'è ora su Spotify",
        "So What di Miles Davis suona su Living Room TV.",
        scene="both",
        room="Living room",
    ),
    Case(
        "che canzone è questa",
        "One More Time di Daft Punk suona su Kitchen.",
        scene="ben",
    ),
    Case(
        "cosa ascolta Ben",
        "One More Time di Daft Punk suona su Kitchen.",
        scene="both",
        room=None,
    ),
    Case("cosa suona adesso", "Su Spotify non suona niente.", scene="silence"),
    Case(
        "Chi canta questa canzone?",
        "È Miles Davis con So What, dall'album Kind of Blue.",
    ),
    Case(
        "Qual è la prossima canzone?", "Dopo viene Freddie Freeloader di Miles Davis."
    ),
    Case("Perché la musica non suona?", "Spotify è in pausa.", scene="paused"),
)

KEEPING = (
    Case(
        "Mi piace questa canzone",
        "Ho aggiunto So What di Miles Davis ai brani che ti piacciono.",
        {"anna.likes": "+So What"},
    ),
    Case(
        "adoro questo brano",
        "Ho aggiunto One More Time di Daft Punk ai brani che ti piacciono.",
        {"anna.likes": "+One More Time"},
        scene="ben",
        user="anna",
    ),
    Case(
        "non mi piace più questa canzone",
        "Ho tolto So What dai brani che ti piacciono.",
        {"anna.likes": "-So What"},
    ),
    Case(
        "Aggiungi questa alla mia playlist Workout",
        "Ho aggiunto So What a Workout 2026.",
        {"anna.Workout 2026": "+So What"},
        user="anna",
    ),
    Case("salva questo album", "L'album Kind of Blue è già salvato."),
)

STARTING = (
    Case(
        "Metti Discovery su Spotify",
        "Discovery di Daft Punk suona su Kitchen.",
        plays("Kitchen", "One More Time", "Discovery"),
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "riproduci l'album Nevermind su Spotify nel living room",
        "Nevermind di Nirvana suona su Living Room TV.",
        plays("Living Room TV", "Smells Like Teen Spirit", "Nevermind"),
        scene="silence",
    ),
    Case(
        "aggiungi Get Lucky alla coda",
        "Get Lucky di Daft Punk e Pharrell Williams è in coda.",
        {"anna.queue": "+Get Lucky"},
    ),
    Case(
        "Metti i brani che mi piacciono",
        "I brani che ti piacciono suonano su Kitchen.",
        plays("Kitchen", "Pharaoh's Dance", "spotify:user:anna:collection"),
        scene="silence",
    ),
    Case(
        "mescola la mia playlist Workout",
        "Workout 2026 suona su Kitchen.",
        plays(
            "Kitchen", "Harder, Better, Faster, Stronger", "Workout 2026", shuffle=True
        ),
        scene="silence",
    ),
    Case(
        "metti Bath time in Kitchen",
        "Bad music suona su Kitchen.",
        plays("Kitchen", "Punk ist ...", "13"),
        scene="silence",
        room=None,
    ),
)

STEERING = (
    Case(
        "Sposta la musica nel living room",
        "La musica suona ora su Living Room TV.",
        {"anna.speaker": "Living Room TV"},
    ),
    Case(
        "mescola questo album",
        "La riproduzione casuale è attiva.",
        {"anna.shuffle": True},
    ),
    Case("ripeti questa canzone", "Questo brano si ripete.", {"anna.repeat": "track"}),
    Case(
        "Vai avanti di 30 secondi", "Avanti di 30 secondi, a …", {"anna.position": 31}
    ),
    Case(
        "torna indietro di due minuti",
        "Indietro di 2 minuti, a 0 secondi.",
        scene="ben",
    ),
    Case("ricomincia questa canzone da capo", "So What ricomincia da capo."),
)

EVENING = (
    Case(
        "ferma la musica dopo questa canzone",
        "La musica si ferma dopo questo, tra …",
        {"anna.sleep timer": True},
    ),
    Case(
        "spegni Spotify tra mezz'ora",
        "La musica si ferma tra 30 minuti.",
        {"anna.sleep timer": True},
    ),
    Case(
        "annulla il timer della musica",
        "Non c'è un timer per la musica.",
        scene="silence",
    ),
)
