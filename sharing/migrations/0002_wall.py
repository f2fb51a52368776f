"""Views, row-level security and functions of the region's schema: see sharing/wall.sql."""

from pathlib import Path

from django.db import migrations

WALL = (Path(__file__).parents[1] / "wall.sql").read_text()


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial"), ("due", "0001_initial")]

    operations = [migrations.RunSQL([(WALL, None)], reverse_sql=migrations.RunSQL.noop)]
