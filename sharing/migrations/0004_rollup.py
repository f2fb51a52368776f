"""The rollups: a school writes and sees its own rows, the region reads all of them."""

from django.db import migrations, models

WALL = """
DO $wall$
BEGIN
    ALTER TABLE sharing_rollup ENABLE ROW LEVEL SECURITY;
    EXECUTE format(
        'CREATE POLICY own_rollups ON sharing_rollup
         USING (school = current_user::text OR current_user::text = %L)
         WITH CHECK (school = current_user::text)', current_schema());
END
$wall$;

-- Where listings come from: a school's schema or a partner's id. For the ids of listings the
-- caller has placements of, which it may not see any more.
CREATE FUNCTION pool_origins(listings uuid[]) RETURNS TABLE (listing uuid, origin text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
AS $$
    SELECT id, CASE origin_kind WHEN 'school' THEN origin_schema ELSE partner_id::text END
    FROM sharing_poollisting WHERE id = ANY(listings)
$$;
"""
UNDO = "DROP FUNCTION pool_origins(uuid[])"

COUNTS = (
    "sites",
    "opportunities",
    "published",
    "slots",
    "free",
    "released",
    "students",
    "never_placed",
    "wishing",
    "favorites",
    "missed",
    "waiting",
    "pursuing",
    "interning",
    "finished",
    "turned_away",
    "withdrawn",
    "requested",
    "started",
    "ended",
)
KINDS = [
    ("whole", "all of it"),
    ("field", "field"),
    ("grade", "grade"),
    ("term", "term"),
    ("week", "week"),
    ("origin", "origin"),
]


class Migration(migrations.Migration):
    dependencies = [("sharing", "0003_search")]

    operations = [
        migrations.CreateModel(
            name="Rollup",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "school",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(choices=KINDS, max_length=8)),
                ("school", models.CharField(max_length=63)),
                ("key", models.CharField(blank=True, max_length=63)),
                ("counted_at", models.DateTimeField()),
                *((name, models.PositiveIntegerField(default=0)) for name in COUNTS),
            ],
            options={
                "indexes": [models.Index(fields=["school"], name="rollup_school")],
            },
        ),
        migrations.RunSQL([(WALL, None)], reverse_sql=UNDO),
    ]
