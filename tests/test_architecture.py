"""What must stay true of the house, whoever builds in it next."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from portico.settings import schemas

ROOT = Path(__file__).parents[1]


def test_the_standard_librarys_platform_is_the_one_loaded():
    assert platform.system()
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert [p.name for p in (ROOT / "platform").iterdir() if p.suffix == ".py"] == []
    code = "import platform, uuid; print(platform.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert str(ROOT) not in found


def test_top_level_folders_are_those_of_the_card():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    folders = {path.split("/")[0] for path in tracked if "/" in path}
    assert folders <= {
        "platform", "tenants", "sharing", "catalog", "api", "tests", "deploy", "docs", ".ci"
    }  # fmt: skip


def test_an_app_lives_in_one_kind_of_schema():
    region, school = set(schemas.REGION_APPS), set(schemas.SCHOOL_APPS)
    assert region & school == schemas.IN_TWO_KINDS
    assert not set(schemas.PUBLIC_APPS) & (region | school)
    listed = region | school | set(schemas.PUBLIC_APPS)
    assert listed <= set(settings.INSTALLED_APPS)
    homeless = [
        model._meta.label
        for config in apps.get_app_configs()
        if config.name not in listed and config.name != "django.contrib.auth"
        for model in config.get_models()
        if model._meta.managed
    ]
    assert homeless == []


def test_no_foreign_key_crosses_schemas():
    for model in apps.get_models():
        home = model._meta.app_config.name
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model and field.db_constraint:
                target = field.related_model._meta.app_config.name
                kinds = [
                    {home, target} <= set(apps_of_kind)
                    for apps_of_kind in (
                        schemas.PUBLIC_APPS, schemas.REGION_APPS, schemas.SCHOOL_APPS
                    )
                ]  # fmt: skip
                if home != "django.contrib.auth":
                    assert any(kinds), f"{model._meta.label}.{field.name}"


def test_imports_point_one_way():
    found = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("pattern", ["@receiver(", "post_save", "pre_save.connect"])
def test_no_signals(pattern):
    for package in ("platform", "tenants", "sharing", "catalog", "api"):
        for path in (ROOT / package).rglob("*.py"):
            assert pattern not in path.read_text(), path


def test_files_stay_small_enough_to_hold_in_the_head():
    long = [
        f"{path.relative_to(ROOT)} ({lines})"
        for package in ("platform", "tenants", "sharing", "catalog", "api")
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 400
    ]
    assert long == []


def test_no_drawers_for_anything():
    names = {"utils.py", "common.py", "helpers.py", "misc.py"}
    for package in ("platform", "tenants", "sharing", "catalog", "api", "tests"):
        assert not [path for path in (ROOT / package).rglob("*.py") if path.name in names]
