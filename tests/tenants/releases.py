"""A release that does not exist yet: the migrations of today and some more, for a test."""

import importlib
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from catalog.models import Site
from portico.settings import schemas
from tenants.context import tenant_context

REGION = "queens"
CODES = ("astoria", "corona", "flushing", "jamaica")
SCHOOLS = [f"{REGION}__{code}" for code in CODES]
HERE = f"{REGION}__*"
HEAD = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [{after!r}]
"""
MOTTO = """
    operations = [
        migrations.AddField("site", "motto", models.CharField(max_length=40, db_default="–")),
        migrations.AddIndex("site", models.Index(fields=["motto"], name="site_motto")),
        migrations.CreateModel("Parade", [
            ("id", models.BigAutoField(primary_key=True)),
            ("site", models.ForeignKey("catalog.site", models.CASCADE)),
        ]),
    ]
"""


class NextRelease:
    """`release.adds("catalog", "add_motto", "operations = […]")` adds a migration to an app."""

    def __init__(self, folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.settings = settings
        self.monkeypatch = monkeypatch
        self.names: list[str] = []
        monkeypatch.syspath_prepend(folder)

    def adds(self, app: str, name: str, body: str) -> str:
        """Write a migration with *body* behind the app's last; gives its full name."""
        ((_app, last),) = MigrationLoader(None).graph.leaf_nodes(app)
        full = f"{int(last[:4]) + 1:04}_{name}"
        (self._extra(app) / f"{full}.py").write_text(HEAD.format(after=(app, last)) + body)
        importlib.invalidate_caches()
        self.names.append(f"{app}.{full}")
        return self.names[-1]

    def adds_motto(self) -> str:
        """A column with a default, an index, and a table with its rights."""
        self.monkeypatch.setitem(schemas.SCHOOL_GRANTS, "catalog_parade", schemas.ALL)
        return self.adds("catalog", "motto", MOTTO)

    def text(self) -> str:
        """All that was added: two releases of one text bring the same."""
        return "".join(file.read_text() for file in sorted(self.folder.glob("next_*/0*.py")))

    def _extra(self, app: str) -> Path:
        """The folder of the app's additional migrations, made known to Django."""
        package = f"next_{app}_{self.folder.name.replace('-', '_')}"
        folder = self.folder / package
        if not folder.exists():
            folder.mkdir()
            real = Path(apps.get_app_config(app).path) / "migrations"
            (folder / "__init__.py").write_text(f"__path__ = [{str(real)!r}, {str(folder)!r}]\n")
            self.settings.MIGRATION_MODULES = {**self.settings.MIGRATION_MODULES, app: package}
        return folder


def sites(schema: str, *names: str) -> None:
    with tenant_context(schema):
        for name in names:
            Site.objects.create(name=name)
