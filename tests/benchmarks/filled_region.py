"""A region to measure: schools, and pool listings whose words are like real ones.

The places are the organisations of `../shared/data/bronx_partnerships_2014.csv` where it
is at hand; else invented ones.
"""

import csv
import random
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import connections
from psycopg import sql

from catalog.fields import Field
from tenants.context import OWNER, tenant_context
from tenants.ids import new_id
from tenants.names import school_schema
from tenants.provisioning.provision import SchoolFacts, provision_region, provision_school

PARTNERSHIPS = Path(__file__).parents[3] / "shared" / "data" / "bronx_partnerships_2014.csv"
OWN = 12  # of the school that searches: a page of 20 goes on into the pool
CENTER = (40.85, -73.88)

JOBS = {
    "manufacturing": ["CNC Helper", "3-D Print Assistant", "Machine Shop Apprentice"],
    "agriculture": ["Urban Farm Apprentice", "Veterinary Assistant", "Greenhouse Intern"],
    "arts": ["Mural Assistant", "Podcast Producer", "Costume Shop Intern", "Museum Guide"],
    "construction": ["Carpentry Helper", "Architecture Intern", "Surveying Assistant"],
    "digital": ["Help Desk Intern", "Web Developer", "Robotics Lab Intern", "Game Tester"],
    "education": ["Library Teen Intern", "Reading Tutor", "After-school Helper", "Coach"],
    "energy": ["River Steward", "Solar Intern", "Water Quality Intern"],
    "finance": ["Teller Shadow", "Tax Preparation Intern", "Bookkeeping Assistant"],
    "health": ["Patient Transport", "Dental Shadow", "Physical Therapy Aide", "Nursing Intern"],
    "hospitality": ["Pastry Intern", "Events Assistant", "Hotel Front Desk"],
    "management": ["Operations Intern", "Nonprofit Intern", "Office Assistant"],
    "marketing": ["Social Media Intern", "Brand Intern", "Sales Assistant"],
    "public_service": ["Law Office Intern", "Council Aide", "Court Shadow", "Fire Explorer"],
    "supply_chain": ["Warehouse Intern", "Transit Maintenance Shadow", "Dispatch Assistant"],
}
SENTENCES = [
    "Work beside people who have done this for years.",
    "Greet visitors, answer questions and keep records.",
    "Help with the daily work and learn how a team plans its week.",
    "You will need patience, a good pair of shoes and curiosity.",
    "Prepare material, count stock and look after tools.",
    "Speak with families in English and Spanish.",
    "Write a short report at the end of each day.",
]
COMMON = "community"  # in half of the listings
RARE = "astrobiology"  # in the title of one in 500
RARE_MISTYPED = "asrtobiology"

COLUMNS = (
    "id", "state", "origin_kind", "origin_schema", "origin_name", "partner_id", "opportunity_id",
    "slots", "taken", "ask_owner", "title", "site_name", "neighborhood", "description", "field",
    "skills", "days", "start_time", "end_time", "starts_on", "pay", "pay_note", "grades",
    "requirements", "remote", "latitude", "longitude", "published_at", "created_at", "updated_at",
)  # fmt: skip


def fill_region(*, code: str, schools: int, listings: int) -> str:
    """Make region *code* and fill its pool; returns the schema of the school that searches."""
    provision_region(code=code, name=code.title())
    for number in range(schools):
        provision_school(
            region=code,
            code=f"school{number}",
            name=f"School {number}",
            facts=SchoolFacts(latitude=CENTER[0], longitude=CENTER[1]),
        )
    makers = _Maker(random.Random(2014), code=code, schools=schools)
    searching = school_schema(region=code, school="school0")
    with tenant_context(code, using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(
            "INSERT INTO sharing_partner (id, name, about, website, created_at)"
            " VALUES (%s, 'Bridge Works', '', '', now())",
            [makers.partner_id],
        )
        copy_rows(
            cursor, "sharing_poollisting", COLUMNS, (makers.listing(n) for n in range(listings))
        )
    with tenant_context(searching, using=OWNER), connections[OWNER].cursor() as cursor:
        site_id = new_id()
        cursor.execute(
            "INSERT INTO catalog_site (id, name, sector, address, neighborhood, city, zip_code,"
            " website, notes, created_at) VALUES (%s, 'A', '', '', '', '', '', '', '', now())",
            [site_id],
        )
        columns, rows = makers.opportunities(OWN, site_id=site_id)
        copy_rows(cursor, "catalog_opportunity", columns, rows)
    with connections[OWNER].cursor() as cursor:
        for schema, table in ((code, "sharing_poollisting"), (searching, "catalog_opportunity")):
            cursor.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(schema, table)))
    return searching


def copy_rows(cursor: Any, table: str, columns: tuple[str, ...], rows: Any) -> None:
    """Put *rows* into a table of the schema in front on the search path, by COPY."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _places() -> list[str]:
    if not PARTNERSHIPS.exists():
        return [f"Corner House {number}" for number in range(600)]
    with PARTNERSHIPS.open(encoding="utf-8") as lines:
        names = {row["organization"][:80].strip() for row in csv.DictReader(lines)}
    return sorted(name for name in names if re.match(r"\w", name))


class _Maker:
    def __init__(self, chance: random.Random, *, code: str, schools: int) -> None:
        self.chance = chance
        self.code = code
        self.schools = schools
        self.places = _places()
        self.partner_id = new_id()
        self.now = datetime.now(UTC)

    def listing(self, number: int) -> tuple[Any, ...]:
        chance = self.chance
        of_partner = number % 3 == 0
        school = chance.randrange(1, self.schools)
        origin = (
            ("partner", "", "Bridge Works", self.partner_id, None)
            if of_partner
            else (
                "school", school_schema(region=self.code, school=f"school{school}"),
                f"School {school}", None, new_id(),
            )
        )  # fmt: skip
        slots = chance.randrange(1, 5)
        offer = self._offer(number)
        return (
            new_id(), "open", *origin, slots, chance.randrange(0, slots + 1), False,
            *offer, self.now, self.now,
        )  # fmt: skip

    def opportunities(self, count: int, *, site_id: Any) -> tuple[tuple[str, ...], Any]:
        columns = ("id", "state", "site_id", "capacity", "released", "taken", *COLUMNS[10:])
        rows = (
            (new_id(), "published", site_id, 2, 0, 0, *self._offer(number), self.now, self.now)
            for number in range(count)
        )
        return columns, rows

    def _offer(self, number: int) -> tuple[Any, ...]:
        chance = self.chance
        field = chance.choice(Field.values + ["education"] * 4)
        title = chance.choice(JOBS[field])
        if number % 500 == 7:
            title += f", {RARE}"
        sentences = chance.sample(SENTENCES, 3)
        if number % 2:
            sentences.append(f"Serve the {COMMON} around you.")
        begins = time(chance.randrange(8, 14))
        return (
            title,
            chance.choice(self.places),
            chance.choice(["Mott Haven", "Fordham", "Belmont", "Soundview", "Riverdale"]),
            " ".join(sentences) + f" {Field(field).label}.",
            field,
            chance.sample(["Teamwork", "Spanish", "Drawing", "Spreadsheets", "Cooking"], 2),
            sorted(chance.sample(range(1, 6), chance.randrange(1, 4))),
            begins,
            time(begins.hour + 4),
            date(2027, 2, 1) + timedelta(days=chance.randrange(120)),
            chance.choice(["paid", "stipend", "credit", "unpaid", "unpaid"]),
            "",
            chance.choice([[], [9, 10], [11, 12], [12]]),
            "",
            chance.random() < 0.05,
            CENTER[0] + chance.gauss(0, 0.04),
            CENTER[1] + chance.gauss(0, 0.05),
            self.now - timedelta(minutes=number),
        )
