"""Of a listing a school cannot see any more: where it came from, and its field."""

from django.db import migrations

ORIGINS = """
DROP FUNCTION pool_origins(uuid[]);
CREATE FUNCTION pool_origins(listings uuid[])
RETURNS TABLE (listing uuid, origin text, field text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
AS $$
    SELECT p.id, CASE p.origin_kind WHEN 'school' THEN p.origin_schema ELSE p.partner_id::text END,
           p.field
    FROM sharing_poollisting p WHERE p.id = ANY(listings)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0005_visible_from")]

    operations = [migrations.RunSQL([(ORIGINS, None)], reverse_sql=migrations.RunSQL.noop)]
