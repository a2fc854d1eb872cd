"""What is said in Spanish."""

from .stage import Case, plays

ASKING = (
    Case("¿Qué está sonando?", "So What de Miles Davis suena en Kitchen."),
    Case(
        "qué suena en Spotify",
        "So What de Miles Davis suena en Living Room TV.",
        scene="both",
        room="Living room",
    ),
    Case(
        "qué canción es esta",
        "One More Time de Daft Punk suena en Kitchen.",
        scene="ben",
    ),
    Case(
        "qué escucha Ben",
        "One More Time de Daft Punk suena en Kitchen.",
        scene="both",
        room=None,
    ),
    Case("qué suena ahora", "No suena nada en Spotify.", scene="silence"),
    Case(
        "¿Quién canta esta canción?",
        "Es Miles Davis con So What, del álbum Kind of Blue.",
    ),
    Case(
        "¿Cuál es la siguiente canción?",
        "Después viene Freddie Freeloader de Miles Davis.",
    ),
    Case("¿por qué no suena la música?", "Spotify está en pausa.", scene="paused"),
)

KEEPING = (
    Case(
        "Me gusta esta canción",
        "He añadido So What de Miles Davis a tus canciones que te gustan.",
        {"anna.likes": "+So What"},
    ),
    Case(
        "me encanta este tema",
        "He añadido One More Time de Daft Punk a tus canciones que te gustan.",
        {"anna.likes": "+One More Time"},
        scene="ben",
        user="anna",
    ),
    Case(
        "ya no me gusta esta canción",
        "He quitado So What de tus canciones que te gustan.",
        {"anna.likes": "-So What"},
    ),
    Case(
        "Añade esto a mi lista Workout",
        "He añadido So What a Workout 2026.",
        {"anna.Workout 2026": "+So What"},
        user="anna",
    ),
    Case("guarda este álbum", "El álbum Kind of Blue ya está guardado."),
)

STARTING = (
    Case(
        "Pon Discovery en Spotify",
        "Discovery de Daft Punk suena en Kitchen.",
        plays("Kitchen", "One More Time", "Discovery"),
        scene="silence",
        room=None,
        user="anna",
    ),
    Case(
        "reproduce el álbum Nevermind en Spotify en Living room",
        "Nevermind de Nirvana suena en Living Room TV.",
        plays("Living Room TV", "Smells Like Teen Spirit", "Nevermind"),
        scene="silence",
    ),
    Case(
        "añade Get Lucky a la cola",
        "Get Lucky de Daft Punk y Pharrell Williams está en la cola.",
        {"anna.queue": "+Get Lucky"},
    ),
    Case(
        "Pon mis canciones que me gustan",
        "Las canciones que te gustan suenan en Kitchen.",
        plays("Kitchen", "Pharaoh's Dance", "spotify:user:anna:collection"),
        scene="silence",
    ),
    Case(
        "mezcla mi lista Workout",
        "Workout 2026 suena en Kitchen.",
        plays(
            "Kitchen", "Harder, Better, Faster, Stronger", "Workout 2026", shuffle=True
        ),
        scene="silence",
    ),
    Case(
        "pon Bath time en Kitchen",
        "Bad music suena en Kitchen.",
        plays("Kitchen", "Punk ist ...", "13"),
        scene="silence",
        room=None,
    ),
)

STEERING = (
    Case(
        "Pasa la música a Living room",
        "La música suena ahora en Living Room TV.",
        {"anna.speaker": "Living Room TV"},
    ),
    Case(
        "mezcla este álbum", "El modo aleatorio está activado.", {"anna.shuffle": True}
    ),
    Case("repite esta canción", "Esta canción se repite.", {"anna.repeat": "track"}),
    Case(
        "Adelanta 30 segundos",
        "He avanzado 30 segundos, hasta …",
        {"anna.position": 31},
    ),
    Case(
        "retrocede dos minutos",
        "He retrocedido 2 minutos, hasta 0 segundos.",
        scene="ben",
    ),
    Case("pon esta canción desde el principio", "So What suena desde el principio."),
)

EVENING = (
    Case(
        "para la música después de esta canción",
        "La música para después de esta, en …",
        {"anna.sleep timer": True},
    ),
    Case(
        "apaga Spotify en media hora",
        "La música para en 30 minutos.",
        {"anna.sleep timer": True},
    ),
    Case(
        "cancela el temporizador de la música",
        "No hay temporizador para la música.",
        scene="silence",
    ),
)
