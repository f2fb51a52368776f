"""Would the release before still work after each migration? Part of `make lint`.

A new release's migrations run while the old one serves. django-migration-linter judges the
SQL that each migration really runs in a region and in a school, in a database of its own.
What came before the rule is listed in `unsafe_migrations.json`, and so is an exception, by
migration and kind of fault; `--accept` writes that list anew. docs/migrations.md has the rule.
"""

import json
import os
import sys
from pathlib import Path

from django_migration_linter.sql_analyser import PostgresqlAnalyser
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements

from tests.servers import start_test_servers, stop_test_servers

ACCEPTED = Path(__file__).with_name("unsafe_migrations.json")
ADVICE = """
The release before would not work on such a school, or the school would be locked too long.
Expand first, contract a release later: docs/migrations.md
"""


def faults() -> dict[str, list[str]]:
    """Migration → what is unsafe in it, by the linter's names."""
    from tenants.provisioning.compiling import SqlStep, compile_script
    from tenants.provisioning.scratch import SCRATCH_REGION, SCRATCH_SCHOOL

    found: dict[str, set[str]] = {}
    for schema in (SCRATCH_REGION, SCRATCH_SCHOOL):
        for step in compile_script(schema=schema, applied=frozenset()).steps:
            if isinstance(step, SqlStep):
                errors, _ignored, _warnings = analyse_sql_statements(
                    PostgresqlAnalyser, list(step.statements)
                )
                if errors:
                    found.setdefault(step.name, set()).update(error.code for error in errors)
    return {name: sorted(codes) for name, codes in sorted(found.items())}


def main(arguments: list[str]) -> int:
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = start_test_servers()
    os.environ["DJANGO_SETTINGS_MODULE"] = "portico.settings.test"
    try:
        import django

        django.setup()
        from tenants.setup import set_up_database

        set_up_database()
        found = faults()
    finally:
        stop_test_servers()
    if "--accept" in arguments:
        ACCEPTED.write_text(json.dumps(found, indent=1) + "\n")
        return 0
    accepted = json.loads(ACCEPTED.read_text())
    new = {
        name: codes
        for name, all_codes in found.items()
        if (codes := sorted(set(all_codes) - set(accepted.get(name, ()))))
    }
    for name, codes in new.items():
        print(f"{name}: {', '.join(codes)}")
    if new:
        print(ADVICE)
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
