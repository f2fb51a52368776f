"""What roster tests share: where uploads lie, and schools as they were afterwards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sharing.schools import remove_school
from tenants.context import OWNER, public_context
from tenants.models import School


@pytest.fixture(autouse=True)
def roster_dir(settings: Any, tmp_path: Path) -> Path:
    settings.ROSTER_DIR = str(tmp_path / "rosters")
    return Path(settings.ROSTER_DIR)


@pytest.fixture
def schools_as_they_were(committed_db: None) -> Iterator[None]:
    """Rosters leave their ids at schools, and make schools."""
    with public_context(using=OWNER):
        before = set(School.objects.values_list("code", flat=True))
    yield
    with public_context(using=OWNER):
        School.objects.update(roster_id="", external_id="")
        made = set(School.objects.values_list("code", flat=True)) - before
    for code in made:
        remove_school(region="bronx", code=code)
