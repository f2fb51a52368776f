-- What every schema shares: extensions, and the function that makes a search document.
-- Runs before the public migrations; safe to run again.

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

-- unaccent() is only STABLE because its dictionary may change; ours does not.
CREATE OR REPLACE FUNCTION public.portico_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;

-- The words a field is also known by, so that "vet" or "hospital" finds its cluster.
CREATE OR REPLACE FUNCTION public.portico_field_words(field text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE field
    WHEN 'manufacturing' THEN 'manufacturing factory machines fabrica'
    WHEN 'agriculture' THEN 'agriculture animals plants farm garden veterinary animales granja'
    WHEN 'arts' THEN 'arts entertainment design music theater film arte musica diseno'
    WHEN 'construction' THEN 'construction architecture building trades construccion'
    WHEN 'digital' THEN 'digital technology computers software coding tecnologia computadoras'
    WHEN 'education' THEN 'education teaching children school ensenanza ninos'
    WHEN 'energy' THEN 'energy environment natural resources nature medio ambiente energia'
    WHEN 'finance' THEN 'finance banking accounting money finanzas banco'
    WHEN 'health' THEN 'health care healthcare human services medicine hospital salud medicina'
    WHEN 'hospitality' THEN 'hospitality events tourism food restaurant cocina hoteleria'
    WHEN 'management' THEN 'management entrepreneurship business office negocios oficina'
    WHEN 'marketing' THEN 'marketing sales advertising publicidad ventas'
    WHEN 'public_service' THEN 'public service safety law government justice derecho gobierno'
    WHEN 'supply_chain' THEN 'supply chain transportation logistics transit transporte'
    ELSE '' END $$;

CREATE OR REPLACE FUNCTION public.portico_doc(
    title text, site_name text, skills text[], description text, field text
) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT setweight(to_tsvector('pg_catalog.english', public.portico_fold(title)), 'A')
        || setweight(to_tsvector('pg_catalog.spanish', public.portico_fold(title)), 'A')
        || setweight(to_tsvector('pg_catalog.english', public.portico_fold(site_name)), 'B')
        || setweight(to_tsvector('pg_catalog.english',
               public.portico_fold(array_to_string(skills, ' ')) || ' '
               || public.portico_field_words(field)), 'C')
        || setweight(to_tsvector('pg_catalog.spanish',
               public.portico_fold(array_to_string(skills, ' ')) || ' '
               || public.portico_field_words(field)), 'C')
        || setweight(to_tsvector('pg_catalog.english', public.portico_fold(description)), 'D')
        || setweight(to_tsvector('pg_catalog.spanish', public.portico_fold(description)), 'D')
$$;

-- What filters ask of an offer, as words: one index answers words and filters together.
-- An offer that names no grades takes all.
CREATE OR REPLACE FUNCTION public.portico_facts(
    field text, days smallint[], pay text, grades smallint[], origin text
) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT ARRAY['field:' || field, 'pay:' || pay, 'origin:' || origin]
        || ARRAY(SELECT 'day:' || day FROM unnest(days) AS day)
        || ARRAY(SELECT 'grade:' || grade FROM unnest(
               CASE WHEN grades = '{}' THEN '{6,7,8,9,10,11,12}' ELSE grades END) AS grade)
$$;

-- The names a mistyped word may have been meant for.
CREATE OR REPLACE FUNCTION public.portico_names(title text, site_name text, skills text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT public.portico_fold(title || ' ' || site_name || ' ' || array_to_string(skills, ' '))
$$;

-- A person's words as a query in either language; "part of a word" comes from trigrams.
CREATE OR REPLACE FUNCTION public.portico_query(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$
    SELECT websearch_to_tsquery('pg_catalog.english', public.portico_fold(words))
        || websearch_to_tsquery('pg_catalog.spanish', public.portico_fold(words))
$$;
