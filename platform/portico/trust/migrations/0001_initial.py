"""The tables, and the wall: a school writes its own rows and reads the region's besides."""

import django.contrib.postgres.fields
import tenants.ids
from django.db import migrations, models


WALL = """
DO $wall$
DECLARE
    tables text[] := ARRAY['trust_provider', 'trust_demand'];
    name text;
BEGIN
    FOREACH name IN ARRAY tables LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY own_and_the_regions ON %I FOR SELECT
             USING (owner = current_user::text OR owner = %L)', name, current_schema());
        EXECUTE format(
            'CREATE POLICY add_own ON %I FOR INSERT
             WITH CHECK (owner = current_user::text)', name);
        EXECUTE format(
            'CREATE POLICY change_own ON %I FOR UPDATE
             USING (owner = current_user::text) WITH CHECK (owner = current_user::text)', name);
        EXECUTE format(
            'CREATE POLICY remove_own ON %I FOR DELETE
             USING (owner = current_user::text)', name);
    END LOOP;
END
$wall$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Demand",
            fields=[
                (
                    "owner",
                    models.CharField(
                        editable=False, max_length=63, primary_key=True, serialize=False
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenants.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("owner", models.CharField(editable=False, max_length=63)),
                ("kind", models.CharField(max_length=10, verbose_name="provider")),
                ("name", models.CharField(max_length=60, verbose_name="name on the button")),
                ("issuer", models.CharField(blank=True, max_length=255, verbose_name="issuer")),
                (
                    "client_id",
                    models.CharField(blank=True, max_length=255, verbose_name="client ID"),
                ),
                ("secret", models.TextField(blank=True, editable=False)),
                (
                    "belongs_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "roster_claim",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="claim with the roster's id"
                    ),
                ),
                (
                    "trusts_email",
                    models.BooleanField(
                        default=False, verbose_name="its e-mail addresses are ours"
                    ),
                ),
                (
                    "has_second_step",
                    models.BooleanField(
                        default=False, verbose_name="it asks for a second step itself"
                    ),
                ),
                (
                    "new_people",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "nobody: who is not in the portal stays outside"),
                            ("student", "students, when they first sign in"),
                            ("teacher", "teachers, when they first sign in"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="who is added",
                    ),
                ),
                (
                    "enabled",
                    models.BooleanField(default=False, verbose_name="shown on the sign-in page"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["created_at"],
            },
        ),
        migrations.RunSQL([(WALL, None)], reverse_sql=migrations.RunSQL.noop),
    ]
