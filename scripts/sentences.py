"""Write all sentences into docs/voice.md, from the files that Home Assistant hears by.

Run it as `python -m scripts.sentences` after changing a file in `sentences/`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = ROOT / "custom_components" / "spotify_hub" / "sentences"
PAGE = ROOT / "docs" / "voice.md"
MARK = "<!-- All below is written by scripts/sentences.py. -->"
NAMES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
}


def sections(files: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Go through the lines about all languages, English first."""
    for code in sorted(files, key=lambda one: (one != "en", NAMES.get(one, one))):
        data = files[code]
        yield f"## {NAMES.get(code, code)}"
        yield ""
        for intent, blocks in data["intents"].items():
            yield f"### {intent} ({code})"
            yield ""
            for block in blocks:
                yield from _sentences(block)
            yield ""
        yield from _parts(code, data)


def page(before: str, files: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page with what stands below the mark made anew."""
    kept = before.partition(MARK)[0].rstrip()
    return "\n".join([kept, "", MARK, "", *sections(files)]).rstrip() + "\n"


def load() -> dict[str, Mapping[str, Any]]:
    """Return what all files of sentences say, by language."""
    return {path.stem: load_yaml_dict(path) for path in SENTENCES.glob("*.yaml")}


def _sentences(block: str | Mapping[str, Any]) -> Iterator[str]:
    for text in [block] if isinstance(block, str) else block["sentences"]:
        yield f"- `{text}`"


def _parts(code: str, data: Mapping[str, Any]) -> Iterator[str]:
    """Go through what stands for the parts in brackets."""
    yield f"### What the parts mean ({code})"
    yield ""
    for name, text in data.get("rules", {}).items():
        yield f"- `<{name}>` is `{text}`"
    for name, words in data.get("lists", {}).items():
        said = ", ".join(f"`{word}`" for word in words)
        yield f"- `{{{name}}}` is one of {said}"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(), load()))
