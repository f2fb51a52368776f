"""The pool's events, for those in the region who subscribe to them.

A school cannot see who subscribes, and says only which listing: what is told is read here.
Ids of the deliveries keep the event's time in front, so that they sort by age.
"""

from django.db import migrations

TELL = """
-- Plan the event `told` about `listing` for each subscription of the region that wants it: the
-- region's own, and those of the listing's partner. Returns how many.
CREATE FUNCTION pool_tell(told text, listing uuid, event uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE planned integer;
BEGIN
    WITH delivery AS (
        INSERT INTO webhooks_delivery (id, subscription_id, event, data, names, happened_at,
                                       state, attempts, answer, fault)
        SELECT overlay(gen_random_uuid()::text placing left(event::text, 15) from 1)::uuid,
               s.id, told,
               jsonb_build_object(
                   'listing', p.id, 'title', p.title, 'site_name', p.site_name,
                   'field', p.field, 'state', p.state, 'slots', p.slots, 'taken', p.taken,
                   'origin', jsonb_build_object('kind', p.origin_kind, 'name', p.origin_name)),
               '{}', clock_timestamp(), 'waiting', 0, '', ''
        FROM sharing_poollisting p
             JOIN webhooks_subscription s
                  ON s.partner_id IS NULL OR s.partner_id = p.partner_id
        WHERE p.id = listing AND s.off = '' AND told = ANY(s.events)
        RETURNING id)
    INSERT INTO due_duework (id, school, kind, subject_id, due_at, attempts)
    SELECT gen_random_uuid(), current_schema(), 'webhook', id, clock_timestamp(), 0
    FROM delivery;
    GET DIAGNOSTICS planned = ROW_COUNT;
    RETURN planned;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0008_quick_claim"), ("webhooks", "0001_initial")]

    operations = [migrations.RunSQL([(TELL, None)], reverse_sql=migrations.RunSQL.noop)]
