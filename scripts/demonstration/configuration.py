"""The configuration folder of the demo's Home Assistant."""

from datetime import UTC, datetime
import json
from pathlib import Path
import shutil

_INTEGRATION = Path(__file__).resolve().parents[2] / "custom_components" / "spotify_hub"

# No default_config: it needs packages and a network that the demo can do without.
_YAML = """\
homeassistant:
  name: Demo home
  country: SE
  currency: EUR
  language: en
  unit_system: metric

automation: !include automations.yaml
config:
conversation:
diagnostics:
frontend:
history:
logbook:
logger:
  default: warning
  logs:
    custom_components.spotify_hub: debug
    # The demo has no need of what these miss.
    haffmpeg: fatal
    homeassistant.components.camera.img_util: fatal
media_player:
person:
recorder:
scene: !include scenes.yaml
script: !include scripts.yaml
system_health:
"""


def prepare(config: Path, port: int) -> None:
    """Make the folder ready for a start; what is there already is kept."""
    config.mkdir(parents=True, exist_ok=True)
    (config / "configuration.yaml").write_text(_YAML)
    for name in ("automations.yaml", "scenes.yaml"):
        _write_once(config / name, "[]\n")
    _write_once(config / "scripts.yaml", "{}\n")
    components = config / "custom_components"
    components.mkdir(exist_ok=True)
    link = components / "spotify_hub"
    link.unlink(missing_ok=True)
    link.symlink_to(_INTEGRATION)
    storage = config / ".storage"
    storage.mkdir(exist_ok=True)
    _store(storage / "http", _http(port), version=2, minor_version=2)
    if not (storage / "onboarding").exists():
        # All but the user, whom the demo creates: the rest would add other integrations.
        _store(
            storage / "onboarding",
            {"done": ["core_config", "analytics", "integration"]},
            version=4,
        )


def clear(folder: Path) -> None:
    """Forget an earlier demo."""
    shutil.rmtree(folder, ignore_errors=True)


def _write_once(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text)


def _http(port: int) -> dict[str, object]:
    """Return the stored web server settings.

    In YAML they would be on trial, and taken back after five minutes.
    """
    settings = {
        "server_host": ["127.0.0.1"],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": datetime.now(UTC).isoformat(),
        "error": None,
        "error_message": None,
    }
    return {"stable": settings, "pending": None, "yaml_migration_done": True}


def _store(
    path: Path, data: dict[str, object], *, version: int, minor_version: int = 1
) -> None:
    """Write a file of Home Assistant's storage."""
    head = {"version": version, "minor_version": minor_version, "key": path.name}
    path.write_text(json.dumps({**head, "data": data}))
