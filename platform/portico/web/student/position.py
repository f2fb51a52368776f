"""Where distances are measured from."""

from tenants.models import Tenant


def school_position(school: Tenant) -> tuple[float, float] | None:
    """Latitude and longitude of *school*; None when it has not said."""
    if school.latitude is None or school.longitude is None:
        return None
    return school.latitude, school.longitude
