"""Taking tables out: who may, what is in them, the worker's part, the hour a link lasts."""

import csv
import io
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from openpyxl import load_workbook

from portico.audit.models import Entry
from portico.reports import tasks
from portico.reports.exports import REGION_TABLES, SCHOOL_TABLES
from portico.reports.exports.runs import KEEP_SECONDS, Run, clear_old_files, make_file
from portico.reports.rollups import refresh_rollups
from portico.reports.small_groups import MINIMUM
from tests.browser import LAPTOP, PHONE
from tests.portico.documents.papers import a_requirement
from tests.portico.web.test_student_browser import check_accessible, check_width, sign_in

PAGE, MAKE = "/exports/", "/exports/make/"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.EXPORT_DIR = str(tmp_path / "exports")
    yield
    cache.clear()


@pytest.fixture
def alice(met):
    return met.person("coordinator", given_name="Alice")


@pytest.fixture
def dana(bronx):
    return bronx.person("district_admin", given_name="Dana")


def take(client, table: str, file_format: str = "csv") -> list[list[str]]:
    """The rows of a table taken as a file, its header first."""
    answer = client.post(MAKE, {"table": table, "format": file_format}, follow=True)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    if file_format == "xlsx":
        sheet = load_workbook(io.BytesIO(content)).active
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.django_db
def test_they_are_for_coordinators_and_the_district(met, bronx, alice, dana):
    assert met.client(alice).get(PAGE).status_code == 200
    assert bronx.client(dana).get(PAGE).status_code == 200
    assert met.client().get(PAGE).headers["Location"] == f"/sign-in/?next={PAGE}"
    for client in (
        met.client(met.student()),
        met.client(met.person("teacher")),
        bronx.client(bronx.partner_staff()),
    ):
        assert client.get(PAGE).status_code == 403
        assert client.post("/exports/report.pdf").status_code == 403
        wanted = {"table": "pool", "format": "csv"}
        assert client.post(MAKE, wanted).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("table", SCHOOL_TABLES, ids=lambda table: table.key)
@pytest.mark.parametrize("file_format", ["csv", "xlsx", "print"])
def test_every_table_of_a_school(table, file_format, met, academy, alice):
    offer = met.opportunity()
    met.placement(offer.id, state="active")
    a_requirement(met)
    academy.release(academy.opportunity())
    client = met.client(alice)
    if file_format == "print":
        page = client.post(MAKE, {"table": table.key, "format": "print"})
        rows = page.context["rows"]
        assert all(len(row) == len(table.columns) for row in rows)
        count = len(rows)
    else:
        header, *rows = take(client, table.key, file_format)
        assert header == [str(label) for label in table.columns]
        count = len(rows)
    with met:
        assert count == table.count()
        assert count > 0 or table.key == "hours"


@pytest.mark.django_db
@pytest.mark.parametrize("table", REGION_TABLES, ids=lambda table: table.key)
@pytest.mark.parametrize("file_format", ["csv", "xlsx", "print"])
def test_every_table_of_a_region(table, file_format, bronx, dana, met):
    bronx.posting()
    met.release(met.opportunity())
    for world in (met, bronx):
        with world:
            refresh_rollups()
    client = bronx.client(dana)
    if file_format == "print":
        rows = client.post(MAKE, {"table": table.key, "format": "print"}).context["rows"]
    else:
        _header, *rows = take(client, table.key, file_format)
    with bronx:
        assert len(rows) == table.count() > 0
    assert all(len(row) == len(table.columns) for row in rows)


@pytest.mark.django_db
def test_a_schools_file_holds_its_own_alone(met, academy, alice):
    theirs = academy.opportunity(title="Charlie's secret")
    academy.placement(theirs.id, state="active")
    mine = met.placement(met.opportunity(title="=HYPERLINK(1)").id, state="active")
    rows = take(met.client(alice), "placements")
    assert len(rows) == 2
    assert rows[1][0] == mine.student.family_name
    assert rows[1][4] == "'=HYPERLINK(1)"
    assert "secret" not in str(take(met.client(alice), "opportunities"))


@pytest.mark.django_db
def test_the_districts_file_hides_what_its_page_hides(bronx, dana, met, academy):
    for _ in range(MINIMUM * 2):
        met.student()
    academy.student()
    for world in (met, academy, bronx):
        with world:
            refresh_rollups()
    rows = {row[0]: row for row in take(bronx.client(dana), "schools")}
    assert rows["Bronx Academy"][-2:] == ["few", "few"]
    for row in take(bronx.client(dana), "fields")[1:]:
        assert len(row) == 6


@pytest.mark.django_db
def test_history_says_who_took_what(met, alice):
    met.placement(met.opportunity().id)
    client = met.client(alice)
    take(client, "placements", "xlsx")
    client.post(MAKE, {"table": "sites", "format": "print"})
    with met:
        entries = Entry.objects.filter(action="table_exported").order_by("id")
        assert [(entry.actor_id, entry.after) for entry in entries] == [
            (alice.id, {"table": "placements", "format": "xlsx", "rows": 1}),
            (alice.id, {"table": "sites", "format": "print", "rows": 1}),
        ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted", [{"table": "people", "format": "csv"}, {"table": "pool", "format": "exe"}, {}]
)
def test_what_there_is_not_is_not_found(wanted, met, alice):
    assert met.client(alice).post(MAKE, wanted).status_code == 404
    assert met.client(alice).get(MAKE).status_code == 405


@pytest.mark.django_db
def test_a_long_table_is_the_workers_and_its_link_is_ones_own(met, alice, monkeypatch):
    """Filed here, written by the task, fetched by whom asked, for an hour."""
    monkeypatch.setattr("portico.reports.exports.starting.MOST_AT_ONCE", 0)
    sent = []
    monkeypatch.setattr(tasks.make_export, "delay", lambda *args: sent.append(args))
    met.opportunity()
    client = met.client(alice)
    waiting = client.post(MAKE, {"table": "sites", "format": "csv"}, follow=True)
    here = waiting.redirect_chain[-1][0]
    assert waiting.context["run"].state == "waiting"
    assert client.get(f"{here}file/").status_code == 404
    ((schema, run_id),) = sent
    for _delivery in range(2):
        tasks.make_export(schema, run_id)
    assert client.get(here).context["done"]
    part = client.get(here, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    answer = client.get(f"{here}file/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="met-sites.csv"'
    assert b"Kelly Street" in b"".join(answer.streaming_content)

    other = met.client(met.person("coordinator"))
    assert other.get(here).status_code == 404
    assert other.get(f"{here}file/").status_code == 404


@pytest.mark.django_db
def test_after_an_hour_the_file_is_gone(met, alice, settings):
    with met:
        run = Run("a" * 8, met.schema, str(alice.id), "en", "sites", "csv", 1, 0.0)
    run.path.parent.mkdir(parents=True)
    run.path.write_text("old")
    with time_machine.travel(timezone.now() + timedelta(seconds=KEEP_SECONDS - 60)):
        clear_old_files()
        assert run.path.exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=KEEP_SECONDS + 60)):
        clear_old_files()
    assert not run.path.exists()


def test_a_failure_is_said_and_leaves_no_half_file(committed_db, met, alice, monkeypatch):
    from portico.reports.exports import runs, tables_here

    table = tables_here("school")["sites"]
    met.opportunity()
    with met:
        run = runs.file_run(actor=alice, table=table, file_format="csv")

    def broken(*args, **kwargs):
        kwargs["path"].write_text("half")
        raise OSError("disk full")

    monkeypatch.setattr(runs, "write_table", broken)
    with pytest.raises(OSError, match="disk full"):
        make_file(schema=met.schema, run_id=run.id)
    assert list(run.path.parent.iterdir()) == []
    page = met.client(alice).get(f"/exports/{run.id}/")
    assert page.context["failed"]


def test_two_workers_at_once_leave_one_whole_file(committed_db, met, alice):
    from django.db import connection

    from portico.reports.exports import runs, tables_here

    met.opportunity()
    with met:
        run = runs.file_run(actor=alice, table=tables_here("school")["sites"], file_format="csv")

    def work() -> None:
        make_file(schema=met.schema, run_id=run.id)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [path.name for path in run.path.parent.iterdir()] == [run.path.name]
    assert run.path.read_text(encoding="utf-8-sig").count("\n") == 2


@pytest.mark.django_db
def test_the_term_report_is_a_pdf_of_both(met, bronx, alice, dana):
    offer = met.opportunity(capacity=3)
    met.placement(offer.id, state="active")
    bronx.posting()
    for world in (met, bronx):
        with world:
            refresh_rollups()
    for client in (met.client(alice), bronx.client(dana)):
        answer = client.post("/exports/report.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert len(answer.content) > 10_000
    with bronx:
        entry = Entry.objects.get(action="table_exported")
        assert (entry.actor_id, entry.after["table"]) == (dana.id, "term_report")


def test_they_read_on_a_phone_and_on_a_laptop(site, open_page, met, alice):
    met.placement(met.opportunity().id, state="active")
    for viewport in (PHONE, LAPTOP):
        page = open_page(viewport=viewport)
        sign_in(page, site, met, alice)
        page.goto(site.url(met, PAGE))
        check_accessible(page)
        check_width(page)
        with page.expect_download() as started:
            page.get_by_role("button", name="CSV Placements").click()
        assert started.value.suggested_filename == "met-placements.csv"
        page.get_by_role("button", name="Page Placements").click()
        page.get_by_role("heading", name="Placements").wait_for()
        check_accessible(page)
