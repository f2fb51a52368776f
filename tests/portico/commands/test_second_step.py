"""`portico second-step reset`, for the only coordinator who lost the phone."""

import pytest
from allauth.mfa.models import Authenticator

from portico import cli
from tests.passkeys import made_up_registration

pytestmark = pytest.mark.usefixtures("committed_db")


def test_it_forgets_the_second_step_of_one_person(met):
    alice = met.coordinator()
    with met:
        key = {"name": "Key", "credential": made_up_registration(met.host)}
        Authenticator.objects.create(user=alice, type="webauthn", data=key)
    assert cli.run(["second-step", "reset", met.schema, alice.email.upper()]) == 0
    with met:
        assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("tenant", "email"), [("bronx__nowhere", "a@example.org"), ("bronx__met", "a@example.org")]
)
def test_it_says_who_it_does_not_find(met, tenant, email):
    assert cli.run(["second-step", "reset", tenant, email]) == 1
