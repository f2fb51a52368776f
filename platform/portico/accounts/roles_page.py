"""`docs/roles.md`, made from the table: python -m portico.accounts.roles_page"""

import os
import sys

from portico.accounts.may import PERMISSIONS
from portico.accounts.roles import Role

HEAD = """\
# Who may what

Made from `portico/accounts/may.py` by `python -m portico.accounts.roles_page`; a test compares
the two. Pages (`@page(may.RELEASE)`), the API (`Resource.roles`) and the navigation read the same
table, and `tests/access/` asks every address as every role.

A line says which kind of thing somebody may do at all. To which of them is said by a package's
`rules.py`: a teacher acts for the own advisees, a student for themselves. Nobody does anything in
another school.

- A person may hold several roles, and may what any of them may.
- A **school admin** may what a coordinator may, and keeps the school's people. Whoever is invited
  first when a school opens is both. The last one cannot be taken away.
- A **substitute teacher** acts for one teacher's advisees to the end of a day in the school's zone.
  Nothing has to run for it to end: the clock is asked at each use. History says for whom it was
  done. Coordinators appoint substitutes.
- **Seeing as a student**: a coordinator looks at the portal as a student does. Shown are the
  lines marked *viewed*, never notices, tokens, the calendar's link, the phone's check-in or the
  API. It is read-only twice: nothing but reading is let through, and what a page writes beside
  showing itself is undone in the database. The student's history keeps who looked, from when to
  when. It ends with "Stop", with the session, or when the role goes. Staff cannot be seen as.
- A mentor and a guardian have no account: a link lets them do one thing.

"""


def as_markdown() -> str:
    """The page. English's source strings: docs are written in them."""
    roles = list(Role)
    lines = [
        "| may | " + " | ".join(role.value.replace("_", " ") for role in roles) + " | viewed |",
        "|---|" + "---|" * (len(roles) + 1),
    ]
    for line in PERMISSIONS.values():
        marks = ["✓" if role in line.roles else "" for role in roles]
        marks.append("✓" if line.viewable else "")
        lines.append(f"| {line.words} | " + " | ".join(marks) + " |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.settings.dev")
    django.setup()
    sys.stdout.write(as_markdown())
