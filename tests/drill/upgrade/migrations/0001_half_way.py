"""Makes a table, then breaks where a term has the name that is in the way."""

from django.db import migrations

from tests.drill.upgrade.migrations import IN_THE_WAY


class Migration(migrations.Migration):
    initial = True
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE TABLE drill_upgrade (note text)", "DROP TABLE drill_upgrade"),
        migrations.RunSQL(
            f"""
            DO $$ BEGIN
                IF EXISTS (SELECT 1 FROM catalog_term WHERE name = '{IN_THE_WAY}') THEN
                    RAISE EXCEPTION 'this term is in the way';
                END IF;
            END $$
            """,
            migrations.RunSQL.noop,
        ),
    ]
