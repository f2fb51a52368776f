"""Where somebody signs in, told to nobody but their mailbox."""

from portico.accounts.models import Person
from portico.notices.actions import tell
from tenants.context import tenant_context
from tenants.queries import region_schemas, schools_of


def send_school_links(*, region: str, email: str) -> int:
    """Mail each person in *region* who has *email* a link to their own sign-in page; how many.

    Run by a worker: it enters every school, one transaction each, and a school's people are
    known to no other. Nothing is mailed where there is nobody.
    """
    email = email.strip()
    if not email or region not in region_schemas():
        return 0
    places = [region, *(school.schema_name for school in schools_of(region=region))]
    return sum(_tell_at(schema, email) for schema in places)


def _tell_at(schema: str, email: str) -> int:
    with tenant_context(schema):
        found = Person.objects.filter(email__iexact=email, is_active=True)
        for person in found:
            tell(kind="school_link", person=person, data={})
        return len(found)
