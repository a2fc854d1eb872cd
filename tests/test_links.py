"""Who and what belongs to which account."""

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.links import Links, load

_names = st.sampled_from(["anna", "ben", "carla"])
_links = st.builds(
    Links,
    users=st.dictionaries(st.sampled_from("uvwxyz"), _names),
    areas=st.dictionaries(st.sampled_from("klmnop"), _names),
    shared=st.frozensets(_names),
    default=st.none() | _names,
)
_some_users = st.sets(st.sampled_from("uvwxyz"))
_some_areas = st.sets(st.sampled_from("klmnop"))


@given(_links)
def test_what_was_stored_is_read_again(links: Links) -> None:
    """Nothing gets lost."""
    assert load(links.dump()) == links


@pytest.mark.parametrize("data", [{}, {"users": 1}, Links().dump() | {"areas": None}])
def test_what_is_something_else_is_refused(data: dict[str, object]) -> None:
    """The household forgets it then."""
    with pytest.raises((LookupError, TypeError)):
        load(data)


@given(_links, _names, _some_users, _some_areas, st.booleans(), st.booleans())
def test_an_account_has_what_it_was_given(
    links: Links,
    account: str,
    users: set[str],
    areas: set[str],
    shared: bool,
    default: bool,
) -> None:
    """Exactly that; everything else stays with the others."""
    after = links.with_account(
        account, users=users, areas=areas, shared=shared, default=default
    )
    assert set(after.users_of(account)) == users
    assert set(after.areas_of(account)) == areas
    assert (account in after.shared) is shared
    assert (after.default == account) is default
    assert after.shared - {account} == links.shared - {account}
    for other in {"anna", "ben", "carla"} - {account}:
        assert set(after.users_of(other)) == set(links.users_of(other)) - users
        assert set(after.areas_of(other)) == set(links.areas_of(other)) - areas
        if not default:
            assert (after.default == other) is (links.default == other)


@given(_links, _names)
def test_an_account_that_goes_leaves_no_trace(links: Links, account: str) -> None:
    """And takes nothing with it."""
    after = links.without_account(account)
    assert not after.users_of(account)
    assert not after.areas_of(account)
    assert account not in after.shared
    assert after.default != account
    assert after.without_account(account) == after


@given(_links, st.sampled_from("uvwxyz"), _names)
def test_one_may_use_ones_own_shared_ones_and_nobodys(
    links: Links, user: str, account: str
) -> None:
    """Until somebody is linked to an account, all are everybody's."""
    everybodys = account in links.shared or not links.users
    own = user in links.users_of(account)
    assert links.may_use(user, account) is (everybodys or own)
