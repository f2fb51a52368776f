"""A claim is one guarded UPDATE and one INSERT; tidying first only when a deadline has passed.

`pool_take` is called by this schema's own functions alone, which have set path and owner:
setting both again cost as much as the UPDATE.
"""

from django.db import migrations

QUICK_CLAIM = """
DROP FUNCTION pool_take(uuid, text, uuid, timestamptz);

-- Take one slot of a listing for a placement of the school `claimant`; `agreed` when the owner
-- who wants to be asked has said yes. False: none is free, or it is not the claimant's to take.
CREATE FUNCTION pool_take(
    listing uuid, claimant text, placement uuid, hold_until timestamptz, agreed boolean)
RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    FOR _attempt IN 1..2 LOOP
        UPDATE sharing_poollisting
        SET taken = taken + 1,
            frees_at = least(frees_at, hold_until)
        WHERE id = listing AND state = 'open' AND taken < slots
          AND (frees_at IS NULL OR frees_at > clock_timestamp())
          AND (agreed OR NOT ask_owner)
          AND origin_schema <> claimant
          AND (visible_from IS NULL OR visible_from <= clock_timestamp())
          AND (schools IS NULL OR schools @> ARRAY[claimant]);
        IF FOUND THEN
            INSERT INTO sharing_hold
                (id, listing_id, school, placement_id, state, until, created_at)
            VALUES (gen_random_uuid(), listing, claimant, placement, 'held', hold_until,
                    clock_timestamp());
            RETURN true;
        END IF;
        PERFORM 1 FROM sharing_poollisting
        WHERE id = listing AND frees_at <= clock_timestamp() FOR NO KEY UPDATE;
        EXIT WHEN NOT FOUND;
        PERFORM pool_tidy(listing);
    END LOOP;
    RETURN false;
END $$;

CREATE OR REPLACE FUNCTION pool_claim(listing uuid, placement uuid, hold_until timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
BEGIN
    RETURN pool_take(listing, current_setting('role'), placement, hold_until, false);
END $$;
"""

ANSWER = """
CREATE OR REPLACE FUNCTION pool_answer(question uuid, agreed boolean, why text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE
    asked sharing_ownerquestion;
    zone text;
    deadline timestamptz;
BEGIN
    SELECT * INTO asked FROM sharing_ownerquestion
    WHERE id = question AND owner = current_setting('role') AND state = 'asked'
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'gone';
    END IF;
    IF agreed THEN
        -- days of the asking school's calendar: across daylight saving it ends at the same hour
        SELECT time_zone INTO zone FROM public.tenants_tenant WHERE schema_name = asked.school;
        deadline := (clock_timestamp() AT TIME ZONE zone + make_interval(days => asked.days))
                    AT TIME ZONE zone;
        IF NOT pool_take(asked.listing_id, asked.school, asked.placement_id, deadline, true) THEN
            RETURN 'full';
        END IF;
    END IF;
    UPDATE sharing_ownerquestion
    SET state = CASE WHEN agreed THEN 'agreed' ELSE 'declined' END,
        reason = why, decided_at = clock_timestamp()
    WHERE id = question;
    INSERT INTO due_duework (id, school, kind, subject_id, due_at, attempts)
    VALUES (gen_random_uuid(), asked.school, 'owner_answer', asked.placement_id,
            clock_timestamp(), 0)
    ON CONFLICT (school, kind, subject_id) DO UPDATE SET due_at = excluded.due_at, attempts = 0;
    RETURN 'ok';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0007_rollup_by_key")]

    operations = [
        migrations.RunSQL([(QUICK_CLAIM, None), (ANSWER, None)], reverse_sql=migrations.RunSQL.noop)
    ]
