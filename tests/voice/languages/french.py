"""What is said in French."""

from .stage import Case, plays

ASKING = (
    Case(
        "Qu'est-ce qui passe en ce moment ?",
        "So What de Miles Davis passe sur Kitchen.",
    ),
    Case(
        "qu'est-ce qui joue sur Spotify",
        "So What de Miles Davis passe sur Living Room TV.",
        scene="both",
        room="Living room",
    ),
    Case(
        "c'est quoi cette chanson",
        "One More Time de Daft Punk passe sur Kitchen.",
        scene="ben",
    ),
    Case(
        "qu'écoute Ben",
        "One More Time de Daft Punk passe sur Kitchen.",
        scene="both",
        room=None,
    ),
    Case("qu'est-ce qui passe", "Rien ne passe sur Spotify.", scene="silence"),
    Case(
        "Qui chante cette chanson ?",
        "C'est Miles Davis avec So What, de l'album Kind of Blue.",
    ),
    Case(
        "Quelle est la prochaine chanson ?",
        "Ensuite vient Freddie Freeloader de Miles Davis.",
    ),
    Case("Pourquoi la musique ne joue pas ?", "Spotify est en pause.", scene="paused"),
)

KEEPING = (
    Case(
        "J'aime cette chanson",
        "J'ai ajouté So What de Miles Davis à tes titres likés.",
        {"anna.likes": "+So What"},
    ),
    Case(
        "j'adore ce morceau",
        "J'ai ajouté One More Time de Daft Punk à tes titres likés.",
        {"anna.likes": "+One More Time"},
        scene="ben",
        user="anna",
    ),
    Case(
        "je n'aime plus cette chanson",
        "J'ai retiré So What de tes titres likés.",
        {"anna.likes": "-So What"},
    ),
    Case(
        "Ajoute ça à ma playlist Workout",
        "J'ai ajouté So What à Workout 2026.",
        {"anna.Workout 2026": "+So What"},
        user="anna",
    ),
    Case("enregistre cet album", "L'album Kind of Blue est déjà enregistré."),
)

STARTING = (
    Case(
        "Mets Discovery sur Spotify",
        "Discovery de Daft Punk passe sur Kitchen.",
        plays("Kitchen", "One More Time", "Discovery"),
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "joue l'album Nevermind sur Spotify dans Living room",
        "Nevermind de Nirvana passe sur Living Room TV.",
        plays("Living Room TV", "Smells Like Teen Spirit", "Nevermind"),
        scene="silence",
    ),
    Case(
        "ajoute Get Lucky à la file d'attente",
        "Get Lucky de Daft Punk et Pharrell Williams est dans la file d'attente.",
        {"anna.queue": "+Get Lucky"},
    ),
    Case(
        "Mets mes titres likés",
        "Tes titres likés passent sur Kitchen.",
        plays("Kitchen", "Pharaoh's Dance", "spotify:user:anna:collection"),
        scene="silence",
    ),
    Case(
        "mélange ma playlist Workout",
        "Workout 2026 passe sur Kitchen.",
        plays(
            "Kitchen", "Harder, Better, Faster, Stronger", "Workout 2026", shuffle=True
        ),
        scene="silence",
    ),
    Case(
        "joue Bath time dans Kitchen",
        "Bad music passe sur Kitchen.",
        plays("Kitchen", "Punk ist ...", "13"),
        scene="silence",
        room=None,
    ),
)

STEERING = (
    Case(
        "Envoie la musique dans Living room",
        "La musique passe maintenant sur Living Room TV.",
        {"anna.speaker": "Living Room TV"},
    ),
    Case(
        "mélange cet album", "La lecture aléatoire est activée.", {"anna.shuffle": True}
    ),
    Case("répète cette chanson", "Ce titre est répété.", {"anna.repeat": "track"}),
    Case("Avance de 30 secondes", "Avancé de 30 secondes, à …", {"anna.position": 31}),
    Case("avance d'une minute", "Avancé de 1 minute, à …", {"anna.position": 61}),
    Case("recule de deux minutes", "Reculé de 2 minutes, à 0 seconde.", scene="ben"),
    Case("rejoue cette chanson depuis le début", "So What reprend du début."),
)

EVENING = (
    Case(
        "arrête la musique après cette chanson",
        "La musique s'arrête après, dans …",
        {"anna.sleep timer": True},
    ),
    Case(
        "éteins Spotify dans une heure",
        "La musique s'arrête dans 1 heure.",
        {"anna.sleep timer": True},
    ),
    Case(
        "annule la minuterie pour la musique",
        "Il n'y a pas de minuterie pour la musique.",
        scene="silence",
    ),
)
