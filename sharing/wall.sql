-- The wall of a region's schema: views, row-level security, and the functions that
-- are the only way a school changes the pool. As first laid; the migrations after
-- 0002_wall replace parts of it. The caller is the role a school's transaction took;
-- inside a SECURITY DEFINER function current_user is the owner, so the caller is read
-- from the setting `role`.
--
-- Locks are taken in one order: a question, then its listing, then the listing's holds.
-- NO KEY UPDATE, so that a new row which refers to a listing does not wait for it.

CREATE VIEW sharing_visible_listing AS
SELECT id, title, site_name, neighborhood, description, field, skills, days, start_time,
       end_time, starts_on, ends_on, pay, hourly_rate, pay_note, grades, requirements,
       remote, latitude, longitude, published_at, frees_at, origin_kind, origin_schema,
       origin_name, slots, taken, ask_owner, partner_id, doc
FROM sharing_poollisting
WHERE state = 'open'
  AND (visible_from IS NULL OR visible_from <= now())
  AND (schools IS NULL OR schools @> ARRAY[current_user::text])
  AND origin_schema <> current_user::text;

CREATE VIEW sharing_own_listing AS
SELECT id, title, site_name, neighborhood, description, field, skills, days, start_time,
       end_time, starts_on, ends_on, pay, hourly_rate, pay_note, grades, requirements,
       remote, latitude, longitude, published_at, frees_at, origin_kind, origin_schema,
       origin_name, slots, taken, ask_owner, state, opportunity_id, visible_from
FROM sharing_poollisting
WHERE origin_schema = current_user::text;

DO $wall$
DECLARE
    region text := current_schema();
BEGIN
    ALTER TABLE sharing_hold ENABLE ROW LEVEL SECURITY;
    EXECUTE format(
        'CREATE POLICY own_holds ON sharing_hold
         USING (school = current_user::text OR current_user::text = %L)', region);

    ALTER TABLE sharing_mentorcontact ENABLE ROW LEVEL SECURITY;
    -- Compared with the clock of the database, at each reading: no job hides a contact.
    EXECUTE format(
        'CREATE POLICY contact_while_held ON sharing_mentorcontact
         USING (current_user::text = %L OR EXISTS (
             SELECT 1 FROM sharing_hold h
             WHERE h.listing_id = sharing_mentorcontact.listing_id
               AND h.school = current_user::text
               AND (h.until IS NULL OR h.until > clock_timestamp())))', region);

    ALTER TABLE sharing_ownerquestion ENABLE ROW LEVEL SECURITY;
    EXECUTE format(
        'CREATE POLICY asked_or_asking ON sharing_ownerquestion
         USING (school = current_user::text OR owner = current_user::text
                OR current_user::text = %L)', region);

    ALTER TABLE due_duework ENABLE ROW LEVEL SECURITY;
    EXECUTE format(
        'CREATE POLICY own_due_work ON due_duework
         USING (school = current_user::text OR current_user::text = %L)', region);
END
$wall$;

-- Holds whose deadline has passed give their slot back. Call with the listing locked.
CREATE FUNCTION pool_tidy(listing uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE gone integer;
BEGIN
    DELETE FROM sharing_hold
    WHERE listing_id = listing AND state = 'held' AND until <= clock_timestamp();
    GET DIAGNOSTICS gone = ROW_COUNT;
    UPDATE sharing_poollisting
    SET taken = taken - gone,
        frees_at = (SELECT min(until) FROM sharing_hold
                    WHERE listing_id = listing AND state = 'held')
    WHERE id = listing;
END $$;

-- Take one slot of a listing for a placement of the calling school.
-- Returns true, or false when none is free or the listing is not the caller's to take.
CREATE FUNCTION pool_take(listing uuid, claimant text, placement uuid, hold_until timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sharing_poollisting
               WHERE id = listing AND frees_at <= clock_timestamp()) THEN
        PERFORM 1 FROM sharing_poollisting WHERE id = listing FOR NO KEY UPDATE;
        PERFORM pool_tidy(listing);
    END IF;
    UPDATE sharing_poollisting
    SET taken = taken + 1,
        frees_at = least(frees_at, hold_until)
    WHERE id = listing AND state = 'open' AND taken < slots
      AND origin_schema <> claimant
      AND (visible_from IS NULL OR visible_from <= clock_timestamp())
      AND (schools IS NULL OR schools @> ARRAY[claimant]);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO sharing_hold (id, listing_id, school, placement_id, state, until, created_at)
    VALUES (gen_random_uuid(), listing, claimant, placement, 'held', hold_until, clock_timestamp());
    RETURN true;
END $$;

CREATE FUNCTION pool_claim(listing uuid, placement uuid, hold_until timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
BEGIN
    -- A listing whose owner wants to be asked is claimed by the owner's answer alone.
    IF EXISTS (SELECT 1 FROM sharing_poollisting WHERE id = listing AND ask_owner) THEN
        RETURN false;
    END IF;
    RETURN pool_take(listing, current_setting('role'), placement, hold_until);
END $$;

-- Change the caller's own live hold: new deadline (null: the clock stands still), or filled.
-- Returns false when there is none, or its deadline has passed.
CREATE FUNCTION pool_set_hold(listing uuid, placement uuid, new_state text, hold_until timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE changed boolean;
BEGIN
    IF new_state NOT IN ('held', 'filled') THEN
        RAISE EXCEPTION 'a hold is held or filled, not %', new_state;
    END IF;
    PERFORM 1 FROM sharing_poollisting WHERE id = listing FOR NO KEY UPDATE;
    UPDATE sharing_hold SET state = new_state, until = hold_until
    WHERE listing_id = listing AND placement_id = placement
      AND school = current_setting('role')
      AND (until IS NULL OR until > clock_timestamp());
    changed := FOUND;
    PERFORM pool_tidy(listing);
    RETURN changed;
END $$;

-- Give the caller's own slot back. Returns false when there was none (or it had expired).
CREATE FUNCTION pool_free(listing uuid, placement uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE freed boolean;
BEGIN
    PERFORM 1 FROM sharing_poollisting WHERE id = listing FOR NO KEY UPDATE;
    DELETE FROM sharing_hold
    WHERE listing_id = listing AND placement_id = placement AND school = current_setting('role');
    freed := FOUND;
    IF freed THEN
        UPDATE sharing_poollisting SET taken = taken - 1 WHERE id = listing;
    END IF;
    PERFORM pool_tidy(listing);
    RETURN freed;
END $$;

-- Put `offer` (columns of sharing_poollisting) of the calling school into the pool, or
-- bring what is there up to date; `offer.slots` is the new total released. Returns its id,
-- or null when fewer slots are offered than are held.
CREATE FUNCTION pool_release(offer jsonb, contact jsonb) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE
    row_in sharing_poollisting := jsonb_populate_record(null::sharing_poollisting, offer);
    listing uuid;
BEGIN
    SELECT id INTO listing FROM sharing_poollisting
    WHERE origin_kind = 'school' AND origin_schema = current_setting('role')
      AND opportunity_id = row_in.opportunity_id
    FOR NO KEY UPDATE;
    IF listing IS NULL THEN
        listing := row_in.id;
        INSERT INTO sharing_poollisting (
            id, state, origin_kind, origin_schema, origin_name, opportunity_id, slots, taken,
            ask_owner, visible_from, title, site_name, neighborhood, description, field, skills,
            days, start_time, end_time, starts_on, ends_on, pay, hourly_rate, pay_note, grades,
            requirements, remote, latitude, longitude, published_at, created_at, updated_at)
        VALUES (
            listing, 'open', 'school', current_setting('role'), row_in.origin_name,
            row_in.opportunity_id, row_in.slots, 0, row_in.ask_owner, row_in.visible_from,
            row_in.title, row_in.site_name, row_in.neighborhood, row_in.description,
            row_in.field, row_in.skills, row_in.days, row_in.start_time, row_in.end_time,
            row_in.starts_on, row_in.ends_on, row_in.pay, row_in.hourly_rate, row_in.pay_note,
            row_in.grades, row_in.requirements, row_in.remote, row_in.latitude,
            row_in.longitude, clock_timestamp(), clock_timestamp(), clock_timestamp());
    ELSE
        PERFORM pool_tidy(listing);
        UPDATE sharing_poollisting SET
            published_at = CASE WHEN state = 'closed' THEN clock_timestamp() ELSE published_at END,
            state = 'open', origin_name = row_in.origin_name, slots = row_in.slots,
            ask_owner = row_in.ask_owner, visible_from = row_in.visible_from,
            title = row_in.title, site_name = row_in.site_name,
            neighborhood = row_in.neighborhood, description = row_in.description,
            field = row_in.field, skills = row_in.skills, days = row_in.days,
            start_time = row_in.start_time, end_time = row_in.end_time,
            starts_on = row_in.starts_on, ends_on = row_in.ends_on, pay = row_in.pay,
            hourly_rate = row_in.hourly_rate, pay_note = row_in.pay_note,
            grades = row_in.grades, requirements = row_in.requirements,
            remote = row_in.remote, latitude = row_in.latitude, longitude = row_in.longitude,
            updated_at = clock_timestamp()
        WHERE id = listing AND taken <= row_in.slots;
        IF NOT FOUND THEN
            RETURN null;
        END IF;
    END IF;
    INSERT INTO sharing_mentorcontact (listing_id, site_address, name, title, email, phone, language)
    VALUES (listing, contact->>'site_address', contact->>'name', contact->>'title',
            contact->>'email', contact->>'phone', contact->>'language')
    ON CONFLICT (listing_id) DO UPDATE SET
        site_address = excluded.site_address, name = excluded.name, title = excluded.title,
        email = excluded.email, phone = excluded.phone, language = excluded.language;
    RETURN listing;
END $$;

-- Take up to `wanted` free slots of the caller's release back. Returns how many came back.
CREATE FUNCTION pool_recall(opportunity uuid, wanted integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE
    listing sharing_poollisting;
    back integer;
BEGIN
    SELECT * INTO listing FROM sharing_poollisting
    WHERE origin_kind = 'school' AND origin_schema = current_setting('role')
      AND opportunity_id = opportunity
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    PERFORM pool_tidy(listing.id);
    SELECT * INTO listing FROM sharing_poollisting WHERE id = listing.id;
    back := greatest(0, least(wanted, listing.slots - listing.taken));
    UPDATE sharing_poollisting
    SET slots = slots - back,
        state = CASE WHEN slots - back = 0 THEN 'closed' ELSE state END,
        updated_at = clock_timestamp()
    WHERE id = listing.id;
    RETURN back;
END $$;

-- No new claims on the caller's release (the opportunity was paused or archived).
CREATE FUNCTION pool_close(opportunity uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
    UPDATE sharing_poollisting SET state = 'closed', updated_at = clock_timestamp()
    WHERE origin_kind = 'school' AND origin_schema = current_setting('role')
      AND opportunity_id = opportunity;
$$;

-- Ask the owner of a listing for a slot. Returns the question's id, null when there is no
-- such listing for the caller or its owner need not be asked.
CREATE FUNCTION pool_ask_owner(
    listing uuid, placement uuid, asking_name text, of_grade smallint, of_interest text,
    pursuit_days smallint
) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE question uuid;
BEGIN
    INSERT INTO sharing_ownerquestion (
        id, listing_id, school, school_name, owner, placement_id, grade, interest, days, state,
        reason, created_at)
    SELECT gen_random_uuid(), p.id, current_setting('role'), asking_name, p.origin_schema,
           placement, of_grade, of_interest, pursuit_days, 'asked', '', clock_timestamp()
    FROM sharing_poollisting p
    WHERE p.id = listing AND p.ask_owner AND p.state = 'open' AND p.origin_kind = 'school'
      AND p.origin_schema <> current_setting('role')
      AND (p.visible_from IS NULL OR p.visible_from <= clock_timestamp())
      AND (p.schools IS NULL OR p.schools @> ARRAY[current_setting('role')])
    RETURNING id INTO question;
    IF question IS NOT NULL THEN
        -- the owner's own clock tells its coordinators, in the owner's schema
        INSERT INTO due_duework (id, school, kind, subject_id, due_at, attempts)
        SELECT gen_random_uuid(), owner, 'owner_asked', id, clock_timestamp(), 0
        FROM sharing_ownerquestion WHERE id = question;
    END IF;
    RETURN question;
END $$;

-- The owner's answer. On yes the asking school's slot is held in the same breath.
-- Returns 'ok', 'gone' (not asked any more), or 'full' (no slot left; nothing changed).
CREATE FUNCTION pool_answer(question uuid, agreed boolean, why text) RETURNS text
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
        IF NOT pool_take(asked.listing_id, asked.school, asked.placement_id, deadline) THEN
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

-- The asking school no longer asks (declined, withdrawn). A slot held by a yes goes back.
CREATE FUNCTION pool_drop_question(placement uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
AS $$
DECLARE asked sharing_ownerquestion;
BEGIN
    UPDATE sharing_ownerquestion SET state = 'dropped', decided_at = clock_timestamp()
    WHERE placement_id = placement AND school = current_setting('role')
      AND state IN ('asked', 'agreed')
    RETURNING * INTO asked;
    IF FOUND THEN
        PERFORM pool_free(asked.listing_id, placement);
    END IF;
END $$;
