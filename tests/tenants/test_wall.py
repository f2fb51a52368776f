"""The wall is PostgreSQL: raw SQL under another school's role finds nothing of this one."""

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections, transaction

from portico.settings import schemas
from sharing.models import OwnerQuestion
from tenants.context import OWNER

MARKER = "Zanzibar-marker"


def _rows(statement: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


@pytest.fixture
def marked(met, academy, bronx, db):
    """A school full of the marker: people, sites, a release with a contact, a hold of its own."""
    met.person("student", given_name=MARKER, family_name=MARKER)
    offer = met.opportunity(title=f"{MARKER} intern", site_name=MARKER, capacity=4)
    met.release(offer, slots=2, ask_owner=True)
    foreign = academy.release(academy.opportunity())
    met.placement(foreign, state="pursuing")
    return offer


@pytest.mark.django_db
def test_another_school_reads_nothing_even_by_full_name(marked, academy):
    own_tables = sorted(schemas.SCHOOL_GRANTS)
    for table in own_tables:
        with (
            academy,
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            _rows(f'SELECT * FROM "bronx__met"."{table}" LIMIT 1')


@pytest.mark.django_db
def test_a_forged_search_path_opens_no_door(marked, academy):
    forged = "SELECT set_config('search_path', 'bronx__met,bronx,public', true);"
    with academy, pytest.raises(ProgrammingError), transaction.atomic():
        _rows(forged + "SELECT name FROM catalog_site")


@pytest.mark.django_db
def test_the_pool_shows_the_listing_without_its_contact_or_holds(marked, academy, riverdale):
    with riverdale:
        assert _rows(
            "SELECT count(*) FROM sharing_visible_listing WHERE title LIKE %s", f"{MARKER}%"
        ) == [(1,)]
        assert _rows("SELECT count(*) FROM sharing_mentorcontact") == [(0,)]
        assert _rows("SELECT count(*) FROM sharing_hold") == [(0,)]
        assert _rows("SELECT count(*) FROM due_duework") == [(0,)]
    with academy:  # the origin of the listing that met holds: it sees a slot in use, not by whom
        assert _rows("SELECT taken FROM sharing_own_listing") == [(1,)]
        assert _rows("SELECT count(*) FROM sharing_hold") == [(0,)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM sharing_poollisting",
        "UPDATE sharing_poollisting SET slots = 99",
        "UPDATE sharing_visible_listing SET title = 'x'",
        "INSERT INTO sharing_hold (id) VALUES (gen_random_uuid())",
        "DELETE FROM sharing_hold",
        "UPDATE sharing_mentorcontact SET name = 'x'",
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET actor_label = 'x'",
        "SELECT pool_take(gen_random_uuid(), 'bronx__met', gen_random_uuid(), now(), true)",
        "SELECT * FROM public.tenants_tenant",
        "CREATE TABLE public.loot (id int)",
        "CREATE TABLE loot (id int)",
        "GRANT bronx__met TO bronx__academy",
        "ALTER TABLE sharing_hold DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE sharing_rollup DISABLE ROW LEVEL SECURITY",
    ],
)
def test_what_a_school_may_not_do(marked, academy, statement):
    with academy, pytest.raises(ProgrammingError), transaction.atomic():
        _rows(statement)


@pytest.mark.django_db
def test_a_school_cannot_touch_anothers_hold_or_release(marked, academy, riverdale, met):
    with met:
        ((listing, placement),) = _rows("SELECT listing_id, placement_id FROM sharing_hold")
    with riverdale:
        assert _rows("SELECT pool_free(%s, %s)", listing, placement) == [(False,)]
        assert _rows("SELECT pool_set_hold(%s, %s, 'held', null)", listing, placement) == [(False,)]
        assert _rows("SELECT pool_recall(%s, 5)", marked.id) == [(0,)]
    with met:
        assert _rows("SELECT count(*) FROM sharing_hold") == [(1,)]


@pytest.mark.django_db
def test_due_work_cannot_be_planned_in_anothers_name(academy):
    with academy, pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        _rows(
            "INSERT INTO due_duework (id, school, kind, subject_id, due_at, attempts) VALUES"
            " (gen_random_uuid(), 'bronx__met', 'expire', gen_random_uuid(), now(), 0) RETURNING 1"
        )


@pytest.mark.django_db
def test_a_question_shows_grade_and_interest_to_owner_and_asker_only(met, academy, riverdale):
    listing = met.release(met.opportunity(), ask_owner=True)
    placement = academy.placement(listing, state="awaiting_owner")
    for world, count in ((met, 1), (academy, 1), (riverdale, 0)):
        with world:
            assert OwnerQuestion.objects.count() == count
    with met:
        ((row,),) = _rows("SELECT row_to_json(q)::text FROM sharing_ownerquestion q")
    student = placement.student
    for secret in (student.given_name, student.family_name, student.email, str(student.id)):
        assert secret not in row


@pytest.mark.django_db
def test_the_region_holds_no_student(marked, met, bronx):
    """Every row of every table of the region, searched for what would name a student."""
    student = met.student(given_name="Quetzalcoatl", family_name="Xiomara")
    met.placement(met.opportunity().id, state="active", student=student)
    tables = [name for name in schemas.REGION_GRANTS if not name.startswith("django_")]
    with bronx:
        for table in tables:
            for (row,) in _rows(f"SELECT row_to_json(t)::text FROM {table} t"):
                for secret in ("Quetzalcoatl", "Xiomara", student.email, str(student.id)):
                    assert secret not in row


@pytest.mark.django_db
def test_the_sites_login_owns_nothing_and_is_no_superuser(db):
    rows = _rows(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolinherit FROM pg_roles"
        " WHERE rolname = session_user"
    )
    assert rows == [(False, False, False, False, False)]
    owned = _rows("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = session_user")
    assert owned == [(0,)]


def test_every_table_view_and_function_has_a_rule(committed_db):
    """A new table without a line in settings/schemas.py fails here."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT relnamespace::regnamespace::text, relname FROM pg_class"
            " WHERE relkind IN ('r', 'v', 'm', 'p') AND relnamespace::regnamespace::text = ANY(%s)",
            [["public", "bronx", "bronx__met"]],
        )
        found: dict[str, set[str]] = {}
        for schema, table in cursor.fetchall():
            found.setdefault(schema.strip('"'), set()).add(table)
        assert found["public"] - {"tenants_tenant", "tenants_domain"} == set(
            schemas.PUBLIC_GRANTS
        ) - {"tenants_tenant", "tenants_domain"}
        assert found["bronx"] == set(schemas.REGION_GRANTS)
        assert found["bronx__met"] == set(schemas.SCHOOL_GRANTS)
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND NOT relrowsecurity"
            " AND relnamespace = 'bronx'::regnamespace"
        )
        open_tables = {name for (name,) in cursor.fetchall()} & set(schemas.SHARED_GRANTS)
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p"
            " WHERE pronamespace = 'bronx'::regnamespace"
            " AND has_function_privilege('bronx__met', p.oid, 'EXECUTE')"
        )
        callable_by_school = {
            name.replace("timestamp with time zone", "timestamptz") for (name,) in cursor.fetchall()
        }
    # partners' names are public within the region; all else that is shared has row security,
    # or is empty for good: nobody may write there
    nobodys = {"account_emailaddress", "account_emailconfirmation"}
    assert {schemas.REGION_GRANTS[table] for table in nobodys} == {schemas.NEVER_FILLED}
    assert {schemas.SHARED_GRANTS[table] for table in nobodys} == {schemas.READ}
    assert open_tables - nobodys <= {"sharing_partner", "sharing_synonym"}
    expected = {f"bronx.{name.replace(', ', ',')}" for name in schemas.SHARED_FUNCTIONS}
    assert callable_by_school == expected


def test_no_tenant_reaches_a_sequence(committed_db):
    """Numbers come from identity columns: nobody needs a right on what counts them."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            """
            SELECT r.rolname, c.oid::regclass::text FROM pg_class c, pg_roles r
            WHERE c.relkind = 'S' AND NOT r.rolsuper
              AND r.rolname IN ('portico_web', 'bronx', 'bronx_schools', 'bronx__met')
              AND (has_sequence_privilege(r.oid, c.oid, 'USAGE')
                   OR has_sequence_privilege(r.oid, c.oid, 'SELECT')
                   OR has_sequence_privilege(r.oid, c.oid, 'UPDATE'))
            """
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT count(*) FROM pg_class WHERE relkind = 'S'")
        assert cursor.fetchone()[0] > 0


def test_nothing_new_is_open_by_default(committed_db):
    """No default privileges, nothing granted to PUBLIC: what is not listed is closed."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT defaclrole::regrole::text, defaclobjtype FROM pg_default_acl")
        assert cursor.fetchall() == []
        cursor.execute(
            """
            SELECT c.oid::regclass::text, a.privilege_type
            FROM pg_class c, aclexplode(c.relacl) a
            WHERE a.grantee = 0 AND c.relnamespace::regnamespace::text NOT IN
                  ('pg_catalog', 'information_schema')
            """
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT nspname FROM pg_namespace, aclexplode(nspacl) a"
            " WHERE a.grantee = 0 AND a.privilege_type = 'CREATE'"
        )
        assert cursor.fetchall() == []


def test_functions_anyone_may_call_only_compute(committed_db):
    """Outside extensions: what PUBLIC may execute runs as its caller and reads no table."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            """
            SELECT p.proname, p.prosecdef, p.provolatile FROM pg_proc p
            WHERE p.pronamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
              AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
              AND has_function_privilege('portico_web', p.oid, 'EXECUTE')
            """
        )
        open_to_all = {
            (name, definer, volatile.decode() if isinstance(volatile, bytes) else volatile)
            for name, definer, volatile in cursor.fetchall()
        }
    assert {(definer, volatile) for _name, definer, volatile in open_to_all} <= {(False, "i")}


def test_a_tenant_may_become_nobody_else(committed_db):
    """A role is given to the site's login alone; a school is in its region's group, no more."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            # names as they are, unquoted; regions that other tests make have roles of their own
            "SELECT r.rolname, m.rolname, a.set_option, a.admin_option FROM pg_auth_members a"
            " JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member"
            " WHERE r.rolname ~ '^bronx($|__|_schools$)'"
        )
        for role, member, may_set, may_grant in cursor.fetchall():
            assert not may_grant
            assert (member, may_set) in {("portico_web", True)} or (
                role == "bronx_schools" and member.startswith("bronx__") and not may_set
            )


@pytest.mark.django_db
def test_the_owners_role_is_out_of_reach(met):
    owner = connections[OWNER].settings_dict["USER"]
    with met, pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _rows(f'SET LOCAL ROLE "{owner}"')


def test_signed_in_as_the_site_without_a_tenant_no_student_is_found(committed_db, met):
    met.student(given_name=MARKER)
    parameters = connections["default"].get_connection_params()
    wanted = {
        k: parameters[k] for k in ("dbname", "user", "password", "host", "port") if k in parameters
    }
    with psycopg.connect(**wanted) as site, pytest.raises(psycopg.errors.InsufficientPrivilege):
        site.execute("SELECT * FROM bronx__met.accounts_person")
