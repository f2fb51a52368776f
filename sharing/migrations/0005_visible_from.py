"""The list says since when a listing could be seen: for “new since”."""

from django.db import migrations

VISIBLE_LISTING = """
CREATE OR REPLACE VIEW sharing_visible_listing AS
SELECT id, title, site_name, neighborhood, description, field, skills, days, start_time,
       end_time, starts_on, ends_on, pay, hourly_rate, pay_note, grades, requirements,
       remote, latitude, longitude, published_at, frees_at, origin_kind, origin_schema,
       origin_name, slots, taken, ask_owner, partner_id, doc, facts, visible_from
FROM sharing_poollisting
WHERE state = 'open'
  AND (visible_from IS NULL OR visible_from <= now())
  AND (schools IS NULL OR schools @> ARRAY[current_user::text])
  AND origin_schema <> current_user::text
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0004_rollup")]

    operations = [migrations.RunSQL(VISIBLE_LISTING, reverse_sql=migrations.RunSQL.noop)]
