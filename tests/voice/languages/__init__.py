"""What is said in each language, and what comes of it."""

import pytest

pytest.register_assert_rewrite("tests.voice.languages.stage")
