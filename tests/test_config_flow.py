"""Linking accounts through the real flow, with Spotify's consent page as the browser sees it."""

from collections.abc import AsyncIterator, Mapping
import json
from pathlib import Path
import re
import time
from typing import Any, Protocol
from unittest.mock import patch

import aiohttp
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ImplementationUnavailableError
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.spotify_hub.api import transport
from custom_components.spotify_hub.api.request import Lane
from custom_components.spotify_hub.api.scopes import Feature, scopes_of
from custom_components.spotify_hub.const import DOMAIN
from tests.emulator import Emulator, Fault
from tests.emulator.faults import QUOTA_EXCEEDED

from .conftest import EntryFor, Link, enter_credentials

ALL = {"history": True, "library": True, "playlists": True}
NOTHING = dict.fromkeys(ALL, False)
INTEGRATION = Path(__file__).parents[1] / "custom_components" / DOMAIN
EN = json.loads((INTEGRATION / "translations" / "en.json").read_text("utf-8"))

pytestmark = pytest.mark.usefixtures("setup_credentials", "current_request_with_host")


class Consent(Protocol):
    """What a person does at Spotify's page, and what the flow makes of it."""

    async def __call__(
        self, result: ConfigFlowResult, user: str = "anna", **form: str
    ) -> ConfigFlowResult:
        """Agree as `user`, or as the form says; return the flow's next step."""


@pytest.fixture
async def consent(
    hass: HomeAssistant, emulator: Emulator, hass_client_no_auth: ClientSessionGenerator
) -> AsyncIterator[Consent]:
    """Be the browser between Home Assistant and Spotify."""
    home = await hass_client_no_auth()
    async with aiohttp.ClientSession() as browser:

        async def agree(
            result: ConfigFlowResult, user: str = "anna", **form: str
        ) -> ConfigFlowResult:
            assert result["type"] is FlowResultType.EXTERNAL_STEP
            page = await browser.post(
                result["url"], data={"user": user, **form}, allow_redirects=False
            )
            assert page.status == 302
            back = URL(page.headers["Location"])
            assert back.origin() == URL("https://example.com")
            assert (await home.get(back.path_qs)).status == 200
            return await hass.config_entries.flow.async_configure(result["flow_id"])

        yield agree


async def begin(
    hass: HomeAssistant, features: Mapping[str, bool] = ALL
) -> ConfigFlowResult:
    """Start to link an account for some features."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "user"
    return await submit(hass, result, features)


async def submit(
    hass: HomeAssistant, result: ConfigFlowResult, user_input: Mapping[str, Any]
) -> ConfigFlowResult:
    """Fill in the form that the flow shows."""
    return await hass.config_entries.flow.async_configure(
        result["flow_id"], dict(user_input)
    )


def aborted(result: ConfigFlowResult, reason: str) -> str:
    """Check that the flow ended so, and return what the person reads."""
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == reason
    text: str = EN["config"]["abort"][reason]
    return text.format(**(result["description_placeholders"] or {}))


def asked_scopes(result: ConfigFlowResult) -> set[str]:
    """Return the scopes that Spotify is asked for."""
    return set(URL(result["url"]).query["scope"].split())


async def test_an_account_is_linked(
    hass: HomeAssistant, emulator: Emulator, consent: Consent
) -> None:
    """From the form to a loaded entry, with PKCE and one request for the profile."""
    result = await begin(hass)
    query = URL(result["url"]).query
    assert query["client_id"] == "demo-client-id"
    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"] == "https://example.com/auth/external/callback"
    assert query["show_dialog"] == "true"
    assert asked_scopes(result) == scopes_of(Feature)

    result = await consent(result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Anna"
    assert result["description"] == "first_sync"
    entry = result["result"]
    assert entry.unique_id == emulator.world.users["anna"].account_id
    token = entry.data["token"]
    assert token["refresh_token"] in emulator.world.refresh_tokens
    assert dict(entry.data) == {
        "auth_implementation": "demo-client-id",
        "token": token,
        "features": ["control", "history", "library", "playlists"],
        "user_id": "anna",
        "account_id": entry.unique_id,
        "authorized_at": pytest.approx(time.time(), abs=30),
    }
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert len(emulator.calls(path="/v1/me$")) == 1


@pytest.mark.parametrize(
    ("chosen", "features"),
    [
        (NOTHING, [Feature.CONTROL]),
        (NOTHING | {"library": True}, [Feature.CONTROL, Feature.LIBRARY]),
    ],
)
async def test_only_what_was_chosen_is_asked(
    hass: HomeAssistant,
    consent: Consent,
    chosen: Mapping[str, bool],
    features: list[Feature],
) -> None:
    """Control always; the rest as the person likes."""
    result = await begin(hass, chosen)
    assert asked_scopes(result) == scopes_of(features)
    result = await consent(result)
    assert result["data"]["features"] == [feature.value for feature in features]


@pytest.mark.parametrize("app", ["demo-client-id", "legacy-client-id"])
async def test_b1_apps_of_both_regimes_can_be_linked(
    hass: HomeAssistant, consent: Consent, app: str
) -> None:
    """A profile without `product`, as new apps get it, is no failure."""
    await enter_credentials(hass, "legacy-client-id")
    result = await begin(hass)
    assert result["step_id"] == "pick_implementation"
    result = await consent(await submit(hass, result, {"implementation": app}))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["auth_implementation"] == app


async def test_several_apps_are_told_apart_by_name(
    hass: HomeAssistant, emulator: Emulator
) -> None:
    """The person picks the app by the name they gave it."""
    await enter_credentials(hass, "second-client-id")
    result = await begin(hass)
    assert result["step_id"] == "pick_implementation"
    schema = result["data_schema"]
    assert schema is not None
    assert schema({"implementation": "second-client-id"})
    (field,) = schema.schema.values()
    assert field.container == {"demo-client-id": "demo", "second-client-id": "second"}


async def test_an_account_without_a_name_is_called_by_its_id(
    hass: HomeAssistant, consent: Consent
) -> None:
    """Spotify's display_name may be null."""
    result = await consent(await begin(hass), "ben")
    assert result["title"] == "ben"


async def test_a_second_account_can_be_linked(
    hass: HomeAssistant, link: Link, consent: Consent
) -> None:
    """Spotify asks who is there, and both accounts work."""
    anna = await link("anna")
    result = await consent(await begin(hass), "carla")
    await hass.async_block_till_done()
    assert result["title"] == "Carla Núñez"
    assert result["result"].state is ConfigEntryState.LOADED
    assert anna.state is ConfigEntryState.LOADED


async def test_a_single_503_while_linking_is_retried(
    hass: HomeAssistant, emulator: Emulator, consent: Consent, pauses: list[float]
) -> None:
    """A hiccup does not make the person start again."""
    emulator.faults.add(Fault("/v1/me$", status=503))
    result = await consent(await begin(hass))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert pauses == [1.0]


async def test_no_secret_reaches_the_log(
    hass: HomeAssistant,
    emulator: Emulator,
    consent: Consent,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither tokens nor the secret nor the e-mail address, even at debug level."""
    caplog.set_level("DEBUG")
    result = await consent(await begin(hass))
    await hass.async_block_till_done()
    token = result["data"]["token"]
    assert "spotify_hub" in caplog.text
    for secret in (
        token["access_token"],
        token["refresh_token"],
        "demo-client-secret",
        "anna@example.com",
    ):
        assert secret not in caplog.text


async def test_a_refusal_can_be_taken_back(
    hass: HomeAssistant, consent: Consent
) -> None:
    """Cancel at Spotify ends the flow; a new one links."""
    result = await consent(await begin(hass), action="cancel")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "user_rejected_authorize"
    result = await consent(await begin(hass))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("language", ["en", "en-GB", "ja"])
async def test_a_partly_refused_consent_names_what_is_missing(
    hass: HomeAssistant, emulator: Emulator, consent: Consent, language: str
) -> None:
    """The features concerned are named, and Spotify is not asked for more."""
    hass.config.language = language
    granted = scopes_of([Feature.HISTORY]) | {"user-library-read"}
    result = await consent(await begin(hass), scopes=" ".join(granted))
    assert "Missing: Library, Playlists." in aborted(result, "scopes_not_granted")
    assert not emulator.calls(path="/v1/")

    result = await consent(await begin(hass), scopes="user-library-read")
    assert "Playback control" in aborted(result, "scopes_not_granted")

    result = await consent(await begin(hass, NOTHING | {"history": True}))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_b11_who_is_not_on_the_allow_list_is_told_so(
    hass: HomeAssistant, consent: Consent, emulator: Emulator
) -> None:
    """The text leads to the dashboard; once the account is added it links."""
    result = await consent(await begin(hass), "stranger")
    assert "User Management" in aborted(result, "not_on_allow_list")

    allowed = emulator.world.apps["demo-client-id"].allowed_users
    assert allowed is not None
    allowed.add("stranger")
    result = await consent(await begin(hass), "stranger")
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_app_whose_owner_has_no_premium_is_told_so(
    hass: HomeAssistant, emulator: Emulator, consent: Consent
) -> None:
    """That is not the same as an account without Premium."""
    emulator.world.apps["demo-client-id"].owner_has_premium = False
    result = await consent(await begin(hass))
    assert "its owner has no Premium" in aborted(result, "app_owner_not_premium")


@pytest.mark.parametrize(
    ("fault", "reason", "says"),
    [
        (Fault("/me$", times=None, reset=True), "unreachable", "can't be reached"),
        (Fault("/me$", times=None, stall=True), "timed_out", "did not answer"),
        (Fault("/me$", times=None, status=502), "server_fault", "502 Bad Gateway"),
        (Fault("/me$", truncate=True), "unexpected_answer", "unexpected answer"),
        (Fault("/me$", status=200, body={}), "unexpected_answer", "profile"),
        (Fault("/me$", status=404), "unexpected_answer", "404 Resource not found"),
        (Fault("/me$", times=2, status=401), "unexpected_answer", "token"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_each_failure_is_told_apart_and_can_be_tried_again(
    hass: HomeAssistant,
    emulator: Emulator,
    consent: Consent,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    reason: str,
    says: str,
) -> None:
    """What the person reads says what to do; afterwards the account links."""
    monkeypatch.setitem(transport.DEADLINES, Lane.BROWSE, 0.4)
    result = await begin(hass)
    emulator.faults.add(fault)
    assert re.search(says, aborted(await consent(result), reason))
    assert not hass.config_entries.async_entries(DOMAIN)

    emulator.faults.clear()
    result = await consent(await begin(hass))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.usefixtures("freezer")
@pytest.mark.parametrize(
    ("fault", "reason", "says"),
    [
        (Fault("/me$", status=429, retry_after=90), "rate_limited", r"after \d\d:\d\d"),
        (
            Fault("/me$", status=429, retry_after=9000, body=QUOTA_EXCEEDED),
            "quota_exceeded",
            r"until about .*\d\d:\d\d",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_limit_holds_for_the_next_try_too(
    hass: HomeAssistant,
    emulator: Emulator,
    consent: Consent,
    freezer: FrozenDateTimeFactory,
    fault: Fault,
    reason: str,
    says: str,
) -> None:
    """No account is loaded, but the deadline is known; when it is over, the account links."""
    emulator.faults.add(fault)
    for _ in range(2):
        result = await consent(await begin(hass))
        assert re.search(says, aborted(result, reason))
    assert len(emulator.calls("GET", "/me$")) == 1
    freezer.tick(9001)
    result = await consent(await begin(hass))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("/api/token", status=503), "oauth_failed"),
        (Fault("/api/token", status=400), "oauth_unauthorized"),
        (Fault("/api/token", reset=True), "oauth_failed"),
        (Fault("/api/token", truncate=True), "oauth_failed"),
        (Fault("/api/token", status=200, body={}), "oauth_error"),
    ],
)
async def test_a_code_that_brings_no_token_ends_the_flow(
    hass: HomeAssistant,
    emulator: Emulator,
    consent: Consent,
    fault: Fault,
    reason: str,
) -> None:
    """Home Assistant has words for it; a new flow links."""
    result = await begin(hass)
    emulator.faults.add(fault)
    result = await consent(result)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == reason
    result = await consent(await begin(hass))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_unavailable_apps_end_the_flow(hass: HomeAssistant) -> None:
    """Credentials that come from elsewhere may be out of reach."""
    with patch(
        "homeassistant.helpers.config_entry_oauth2_flow._async_get_implementations",
        return_value=({}, [ImplementationUnavailableError()]),
    ):
        result = await hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_USER}
        )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "oauth_implementation_unavailable"


async def test_a_linked_account_is_not_linked_twice(
    hass: HomeAssistant, link: Link, consent: Consent
) -> None:
    """The text names the entry that has it."""
    entry = await link()
    before = dict(entry.data)
    assert "as Anna" in aborted(await consent(await begin(hass)), "already_configured")
    assert dict(entry.data) == before


async def test_an_account_linked_before_its_immutable_id_was_told_is_recognised(
    hass: HomeAssistant, emulator: Emulator, entry_for: EntryFor, consent: Consent
) -> None:
    """It is found by its name, and learns the id."""
    entry = entry_for(account_id=None)
    assert entry.unique_id == "anna"
    aborted(await consent(await begin(hass)), "already_configured")
    account_id = emulator.world.users["anna"].account_id
    assert entry.unique_id == entry.data["account_id"] == account_id


async def test_an_account_is_recognised_though_spotify_withholds_its_immutable_id(
    hass: HomeAssistant, emulator: Emulator, entry_for: EntryFor, consent: Consent
) -> None:
    """It is found by its name, and forgets nothing."""
    entry = entry_for()
    before = entry.unique_id
    emulator.world.apps["demo-client-id"].serves_account_id = False
    aborted(await consent(await begin(hass)), "already_configured")
    assert entry.unique_id == entry.data["account_id"] == before


async def test_an_account_that_took_over_a_name_is_another_account(
    hass: HomeAssistant, entry_for: EntryFor, consent: Consent
) -> None:
    """The immutable id decides, not the name."""
    entry_for(account_id="someone-else")
    result = await consent(await begin(hass))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_signing_in_again(
    hass: HomeAssistant, emulator: Emulator, link: Link, consent: Consent
) -> None:
    """For what was granted before, through the same app, into the same entry."""
    await enter_credentials(hass, "second-client-id")
    entry = await link(features=[Feature.CONTROL, Feature.HISTORY], authorized_at=1.0)
    old = entry.data["token"]

    result = await entry.start_reauth_flow(hass)
    assert result["step_id"] == "reauth_confirm"
    assert (result["description_placeholders"] or {})["account"] == "Anna"
    result = await submit(hass, result, {})
    assert URL(result["url"]).query["client_id"] == "demo-client-id"
    assert asked_scopes(result) == scopes_of([Feature.HISTORY])
    result = await consent(result)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()

    assert entry.state is ConfigEntryState.LOADED
    assert entry.data["token"]["refresh_token"] != old["refresh_token"]
    assert entry.data["features"] == ["control", "history"]
    assert entry.data["authorized_at"] == pytest.approx(time.time(), abs=30)
    assert hass.config_entries.async_entries(DOMAIN) == [entry]


async def test_another_account_can_not_sign_in_again(
    hass: HomeAssistant, link: Link, consent: Consent
) -> None:
    """The text names who was expected and who came; the entry stays as it was."""
    entry = await link()
    before = dict(entry.data)
    result = await submit(hass, await entry.start_reauth_flow(hass), {})
    text = aborted(await consent(result, "ben"), "wrong_account")
    assert "as ben" in text
    assert "the account of Anna" in text
    assert dict(entry.data) == before

    result = await submit(hass, await entry.start_reauth_flow(hass), {})
    result = await consent(result)
    assert result["reason"] == "reauth_successful"


async def test_signing_in_again_brings_the_identity_up_to_date(
    hass: HomeAssistant, emulator: Emulator, entry_for: EntryFor, consent: Consent
) -> None:
    """The immutable id is learnt and kept; a changed name is not another account."""
    anna = emulator.world.users["anna"]
    linked_early = entry_for(account_id=None)
    result = await submit(hass, await linked_early.start_reauth_flow(hass), {})
    assert (await consent(result))["reason"] == "reauth_successful"
    assert linked_early.unique_id == linked_early.data["account_id"] == anna.account_id
    await hass.config_entries.async_remove(linked_early.entry_id)

    renamed = entry_for(user_id="anna-before-she-married")
    result = await submit(hass, await renamed.start_reauth_flow(hass), {})
    assert (await consent(result))["reason"] == "reauth_successful"
    assert renamed.data["user_id"] == "anna"

    emulator.world.apps["demo-client-id"].serves_account_id = False
    result = await submit(hass, await renamed.start_reauth_flow(hass), {})
    assert (await consent(result))["reason"] == "reauth_successful"
    assert renamed.unique_id == renamed.data["account_id"] == anna.account_id
    await hass.async_block_till_done()


async def test_signing_in_again_through_another_app_when_the_first_is_gone(
    hass: HomeAssistant, entry_for: EntryFor, consent: Consent
) -> None:
    """Removed credentials are no dead end."""
    entry = entry_for(app="second-client-id")
    result = await submit(hass, await entry.start_reauth_flow(hass), {})
    assert (await consent(result))["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    assert entry.data["auth_implementation"] == "demo-client-id"
    assert entry.state is ConfigEntryState.LOADED


async def test_fewer_features_need_no_consent(hass: HomeAssistant, link: Link) -> None:
    """The choice is stored and works at once."""
    entry = await link()
    token = entry.data["token"]
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "reconfigure"
    result = await submit(hass, result, NOTHING | {"playlists": True})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.data["token"] == token
    assert entry.data["features"] == ["control", "playlists"]
    assert entry.runtime_data.features == {Feature.CONTROL, Feature.PLAYLISTS}


async def test_more_features_need_consent(
    hass: HomeAssistant, link: Link, consent: Consent
) -> None:
    """The form shows what is granted; Spotify asks for the rest too."""
    entry = await link(features=[Feature.CONTROL, Feature.HISTORY])
    result = await entry.start_reconfigure_flow(hass)
    schema = result["data_schema"]
    assert schema is not None
    assert schema({}) == NOTHING | {"history": True}

    result = await submit(hass, result, ALL)
    assert asked_scopes(result) == scopes_of(Feature)
    result = await consent(result)
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.features == set(Feature)


@pytest.mark.parametrize(
    ("user", "form", "reason"),
    [
        ("ben", {}, "wrong_account"),
        ("anna", {"scopes": "user-library-read"}, "scopes_not_granted"),
    ],
)
async def test_a_failed_change_leaves_the_account_as_it_was(
    hass: HomeAssistant,
    link: Link,
    consent: Consent,
    user: str,
    form: dict[str, str],
    reason: str,
) -> None:
    """Neither another account nor half a consent is stored."""
    entry = await link(features=[Feature.CONTROL])
    before = dict(entry.data)
    result = await submit(hass, await entry.start_reconfigure_flow(hass), ALL)
    aborted(await consent(result, user, **form), reason)
    assert dict(entry.data) == before
    assert entry.state is ConfigEntryState.LOADED
