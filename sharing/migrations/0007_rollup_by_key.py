"""Rollups found by what they count; the region's right to all rows asked once a statement."""

from django.db import migrations, models

POLICY = """
DO $wall$
BEGIN
    EXECUTE format(
        'ALTER POLICY own_rollups ON sharing_rollup
         USING ((SELECT current_user::text = %L) OR school = current_user::text)',
        current_schema());
END
$wall$;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0006_origins")]

    operations = [
        migrations.AddIndex(
            model_name="rollup",
            index=models.Index(fields=["kind", "key"], name="rollup_key"),
        ),
        migrations.RunSQL([(POLICY, None)], reverse_sql=migrations.RunSQL.noop),
    ]
