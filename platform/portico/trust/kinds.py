"""The providers schools have, and what each says about where a person belongs.

Sources: Google, "OpenID Connect" (claim `hd`); Microsoft, "ID token claims reference" (`tid`,
no `email_verified`); Clever, "OIDC Implementation" (`district`, `email_verified` false by
default); ClassLink, "Accessing user data" (`TenantId`, `SourcedId`).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ProviderKind:
    """*issuer* may have `{belongs_to}` in it; empty: asked for.

    *claims* are where the id token says which organization the person is of, the first that
    is there counts; empty: such a provider serves one organization only.
    """

    label: str | Promise
    issuer: str = ""
    claims: tuple[str, ...] = ()
    belongs_to: str | Promise = ""  # what people call that organization's name
    example: str = ""
    roster_claim: str = ""  # where it says what a roster calls the person

    @property
    def must_belong(self) -> bool:
        """One service for everybody: without an organization anybody would get in."""
        return bool(self.claims)


KINDS: dict[str, ProviderKind] = {
    "google": ProviderKind(
        "Google Workspace",
        issuer="https://accounts.google.com",
        claims=("hd",),
        belongs_to=_("Workspace domains"),
        example="school.example.org, students.school.example.org",
    ),
    "entra": ProviderKind(
        "Microsoft Entra",
        issuer="https://login.microsoftonline.com/{belongs_to}/v2.0",
        claims=("tid",),
        belongs_to=_("Directory (tenant) ID"),
        example="72f988bf-86f1-41af-91ab-2d7cd011db47",
    ),
    "clever": ProviderKind(
        "Clever",
        issuer="https://clever.com",
        claims=("district",),
        belongs_to=_("District IDs"),
        example="4fd43cc56d11340000000005",
    ),
    "classlink": ProviderKind(
        "ClassLink",
        issuer="https://launchpad.classlink.com",
        claims=("TenantId", "tenantId", "tenant_id"),
        belongs_to=_("Tenant IDs"),
        example="2284",
        roster_claim="SourcedId",
    ),
    "oidc": ProviderKind(_("Another provider (OpenID Connect)")),
}
