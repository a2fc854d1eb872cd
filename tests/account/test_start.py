"""How each kind of thing is played."""

from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.spotify_hub.account.start import Start, start_of
from custom_components.spotify_hub.api.uri import parse_uri

ID = "4uLU6hMCjMI75M1A2tKUQC"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (f"spotify:track:{ID}", Start(uris=(f"spotify:track:{ID}",))),
        (f"spotify:episode:{ID}", Start(uris=(f"spotify:episode:{ID}",))),
        (f"spotify:chapter:{ID}", Start(uris=(f"spotify:episode:{ID}",))),
        (f"spotify:album:{ID}", Start(context_uri=f"spotify:album:{ID}")),
        (f"spotify:artist:{ID}", Start(context_uri=f"spotify:artist:{ID}")),
        (f"spotify:audiobook:{ID}", Start(context_uri=f"spotify:show:{ID}")),
        ("spotify:collection", Start(context_uri="spotify:user:anna:collection")),
        (
            "spotify:user:ben:collection",
            Start(context_uri="spotify:user:ben:collection"),
        ),
        (
            f"https://open.spotify.com/intl-de/album/{ID}?si=x",
            Start(context_uri=f"spotify:album:{ID}"),
        ),
    ],
)
def test_every_kind_is_played_as_spotify_wants_it(text: str, start: Start) -> None:
    """Items as URIs, everything else as a context."""
    assert start_of(parse_uri(text), "anna") == start


def test_a_person_is_not_music() -> None:
    """A link to a profile is refused with a reason."""
    with pytest.raises(ServiceValidationError) as raised:
        start_of(parse_uri("spotify:user:ben"), "anna")
    assert raised.value.translation_key == "not_playable"
