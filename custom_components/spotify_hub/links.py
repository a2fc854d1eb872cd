"""Which people and rooms belong to which account, and which account is everybody's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Links:
    """What the household has settled; accounts are named by their entry's id.

    `users` maps ids of Home Assistant's users, `areas` ids of areas. Until somebody
    is linked to an account, every account is everybody's, like one that is `shared`.
    """

    users: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    default: str | None = None

    def users_of(self, entry_id: str) -> list[str]:
        """Return the users whose account this is."""
        return [user for user, linked in self.users.items() if linked == entry_id]

    def areas_of(self, entry_id: str) -> list[str]:
        """Return the areas in which this account plays."""
        return [area for area, linked in self.areas.items() if linked == entry_id]

    def may_use(self, user_id: str, entry_id: str) -> bool:
        """Tell whether a user who is no administrator may act for an account."""
        return (
            entry_id in self.shared
            or self.users.get(user_id) == entry_id
            or not self.users
        )

    def with_account(
        self,
        entry_id: str,
        *,
        users: Iterable[str],
        areas: Iterable[str],
        shared: bool,
        default: bool,
    ) -> Links:
        """Return the links with those of one account replaced."""
        others = self.without_account(entry_id)
        return Links(
            users={**others.users, **dict.fromkeys(users, entry_id)},
            areas={**others.areas, **dict.fromkeys(areas, entry_id)},
            shared=others.shared | ({entry_id} if shared else set()),
            default=entry_id if default else others.default,
        )

    def without_account(self, entry_id: str) -> Links:
        """Return the links without those of one account."""
        return replace(
            self,
            users=_without(self.users, entry_id),
            areas=_without(self.areas, entry_id),
            shared=self.shared - {entry_id},
            default=None if self.default == entry_id else self.default,
        )

    def dump(self) -> dict[str, Any]:
        """Return what a store keeps."""
        return {
            "users": dict(self.users),
            "areas": dict(self.areas),
            "shared": sorted(self.shared),
            "default": self.default,
        }


def load(data: Mapping[str, Any]) -> Links:
    """Read what `dump` returned.

    Raises:
        LookupError, TypeError: it is something else.
    """
    return Links(
        users=dict(data["users"]),
        areas=dict(data["areas"]),
        shared=frozenset(data["shared"]),
        default=data["default"],
    )


def _without(links: Mapping[str, str], entry_id: str) -> dict[str, str]:
    return {key: linked for key, linked in links.items() if linked != entry_id}
