"""One fault after another, and what each cost."""

import sys
import time

from tenants.setup import set_up_database
from tests.drill.faults import FAULTS, Fault, Site, Wrong
from tests.drill.load import Load
from tests.drill.looking import Findings, look
from tests.drill.parts import Parts
from tests.drill.region import make_region
from tests.drill.row import Row

BEFORE = 2  # seconds of load before a fault
AFTER = 4  # and after it is mended: no error may be left in the second half
SIZES = {
    "small": {"schools": 4, "busy": 2, "students": 20, "interns": 40},
    "full": {"schools": 20, "busy": 4, "students": 60, "interns": 150},
}
HANDS = {"small": 2, "full": 4}  # pairs of one who checks in and one in the story


def drill(parts: Parts, *, size: str, names: list[str]) -> list[Row]:
    """Run the faults named (none: all) against a site of its own."""
    if unknown := set(names) - {one.name for one in FAULTS}:
        sys.exit(f"No such fault: {', '.join(unknown)}; there are {[one.name for one in FAULTS]}")
    set_up_database()
    world = make_region(**SIZES[size])
    parts.start_site()
    load = Load(world, port=parts.port, hands=HANDS[size])
    site = Site(parts, world, load)
    chosen = [one for one in FAULTS if not names or one.name in names]
    rows = []
    try:
        load.resume()
        warm = 10 * HANDS[size]  # the first page of each process is slow, no more
        parts.until(lambda: load.answers.requests >= warm, "nobody is answered", seconds=120)
        load.pause()
        load.take_answers()
        for fault in chosen:
            rows.append(_run(site, fault))
            print(f"{fault.name}: {'ok' if rows[-1].ok else rows[-1].why}", file=sys.stderr)
    finally:
        load.resume()
        load.stop()
    return rows


def _run(site: Site, fault: Fault) -> Row:
    began, mails = time.monotonic(), len(site.parts.mail.mails)
    twice, revived = _twice(site), len(site.parts.revived)
    why = []
    site.load.resume()
    time.sleep(BEFORE)
    try:
        fault.happen(site)
    except Exception as error:  # the others are still to be drilled
        why.append(str(error) if isinstance(error, Wrong) else repr(error))
    mended = time.monotonic()
    time.sleep(AFTER)
    site.load.pause()
    answers = site.load.take_answers()
    found = look(site.world, site.load.promises, site.parts.mail, site.forgotten)
    if answers.errors and not fault.shows:
        why.append(f"errors shown: {answers.errors[:3]}")
    if answers.last_error > mended + AFTER / 2:
        why.append("errors went on after it was mended")
    if answers.insides:
        why.append(f"pages show how we are made: {answers.insides[:3]}")
    if not answers.requests:
        why.append("nobody could do anything")
    why += _in_words(found)
    return Row(
        fault=fault.name,
        seconds=round(time.monotonic() - began, 1),
        requests=answers.requests,
        errors=len(answers.errors),
        refused=answers.refused,
        lost=len(found.lost),
        doubled=len(found.doubled),
        mails=len(site.parts.mail.mails) - mails,
        mails_twice=found.twice_mailed - twice,
        revived=site.parts.revived[revived:],
        ok=not why,
        why=why,
    )


def _twice(site: Site) -> int:
    ids = site.parts.mail.ids
    return len(ids) - len(set(ids))


def _in_words(found: Findings) -> list[str]:
    subjects = {
        "promised and lost": found.lost,
        "there twice": found.doubled,
        "the ledger differs": found.ledger,
        "history is broken": found.history,
        "not sent": found.unsent,
        "mail about nothing": found.invented,
    }
    return [f"{what}: {list_[:3]}" for what, list_ in subjects.items() if list_]
