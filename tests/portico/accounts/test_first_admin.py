"""Schools that were there before school admins were: the first coordinator becomes one."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from portico.accounts.models import Person
from tests.world import School

FIRST_ADMIN = import_module("portico.accounts.migrations.0006_roles").FIRST_ADMIN


def roles(school: School) -> dict[str, list[str]]:
    with school:
        with connection.cursor() as cursor:
            cursor.execute(FIRST_ADMIN)
        return dict(Person.objects.values_list("given_name", "roles"))


@pytest.mark.django_db
def test_the_first_active_coordinator_once(met: School, academy: School):
    for name, days, active in (("Left", 9, False), ("First", 5, True), ("Second", 1, True)):
        person = met.person("coordinator", given_name=name, is_active=active)
        with met:
            created = timezone.now() - timedelta(days=days)
            Person.objects.filter(id=person.id).update(created_at=created)
    academy.person("teacher", given_name="Tom")
    for _run in range(2):
        assert roles(met) == {
            "Left": ["coordinator"],
            "First": ["coordinator", "school_admin"],
            "Second": ["coordinator"],
        }
    assert roles(academy) == {"Tom": ["teacher"]}
