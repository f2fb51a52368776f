"""A certificate of hours: what counted when it was made, with a code the portal checks."""

import secrets
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portico.accounts.models import Person
from portico.attendance.hours import counts, minutes
from portico.attendance.models import Certificate
from portico.attendance.queries import days_of
from portico.audit.actions import record
from portico.internships.models import Placement
from portico.internships.rules import may_see
from tenants.errors import Refused

# No letter or digit that is read as another: the code is typed from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 3, 4


def new_code() -> str:
    """“7KQM-2XWD-9RPT”: 58 bits, so that nobody guesses one."""
    groups = ("".join(secrets.choice(ALPHABET) for _n in range(GROUP)) for _g in range(GROUPS))
    return "-".join(groups)


def read_code(typed: str) -> str:
    """*typed* as a code: case, blanks and missing dashes forgiven."""
    plain = "".join(sign for sign in typed.upper() if sign in ALPHABET)
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))[:14]


def find_certificate(*, typed: str) -> Certificate | None:
    """The certificate of the code as somebody *typed* it; None when there is none."""
    return Certificate.objects.select_related("placement").filter(code=read_code(typed)).first()


@transaction.atomic
def make_certificate(*, actor: Person, placement_id: uuid.UUID) -> Certificate:
    """Certify the hours that count now; the same certificate again when nothing has changed.

    Refused: `forbidden` for those who may not see the placement, `no_hours` when none count.
    """
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("student__teacher")
        .get(id=placement_id)
    )
    if not may_see(actor, placement):
        raise Refused("forbidden", _("Your role does not allow this."))
    counted = [day for day in days_of(placement=placement) if counts(day)]
    if not counted:
        raise Refused("no_hours", _("No hours are confirmed yet."))
    facts = {
        "student_name": placement.student.full_name,
        "minutes": sum(minutes(day) for day in counted),
        "days": len(counted),
        "first_day": counted[0].day,
        "last_day": counted[-1].day,
    }
    same = Certificate.objects.filter(placement=placement, **facts).first()
    if same is not None:
        return same
    made = Certificate.objects.create(
        code=new_code(),
        placement=placement,
        issued_by=actor,
        issued_at=timezone.now(),
        **facts,
    )
    record(action="certificate", subject=placement, actor=actor, after={"code": made.code})
    return made
