"""The owner of a released slot hears what another school's student did with it.

Nobody writes into the owner's schema: the owner's own due work is planned, as for a question,
and its own transaction tells its own subscriptions.
"""

from django.db import migrations

TELL = """
-- Plan the event `told` about `listing` for each subscription of the region that wants it: the
-- region's own, and those of the listing's partner. The school that released the listing looks
-- itself, in its own schema, a moment later: of a slot held, filled or freed its due work is
-- planned. Returns how many rows of due work there are now because of it.
CREATE OR REPLACE FUNCTION pool_tell(told text, listing uuid, event uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE
    planned integer;
    of_owner integer := 0;
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
    IF told IN ('listing.held', 'listing.filled', 'listing.freed') THEN
        -- a school that has left keeps no clock here; its last listings may outlive it
        INSERT INTO due_duework (id, school, kind, subject_id, due_at, attempts)
        SELECT gen_random_uuid(), p.origin_schema, replace(told, 'listing.', 'release_'), p.id,
               clock_timestamp(), 0
        FROM sharing_poollisting p
        WHERE p.id = listing AND p.origin_kind = 'school'
          AND EXISTS (SELECT 1 FROM public.tenants_tenant t
                      WHERE t.schema_name = p.origin_schema)
        ON CONFLICT (school, kind, subject_id)
            DO UPDATE SET due_at = excluded.due_at, attempts = 0;
        GET DIAGNOSTICS of_owner = ROW_COUNT;
    END IF;
    RETURN planned + of_owner;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0009_pool_tell")]

    operations = [migrations.RunSQL([(TELL, None)], reverse_sql=migrations.RunSQL.noop)]
