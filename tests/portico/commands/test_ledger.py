"""`portico ledger verify` says whether the slots add up."""

from django.db import connections

from portico import cli
from tenants.context import OWNER


def test_it_says_what_does_not_add_up(committed_db, met, academy, capsys):
    academy.placement(met.release(met.opportunity()), state="pursuing")
    assert cli.run(["ledger", "verify", "bronx"]) == 0
    assert "is what its placements say" in capsys.readouterr().out
    with connections[OWNER].cursor() as cursor:
        cursor.execute("DELETE FROM bronx.sharing_hold")
    assert cli.run(["ledger", "verify"]) == 1
    assert "taken: 1 in the ledger, 0 counted" in capsys.readouterr().out
    assert cli.run(["ledger", "verify", "queens"]) == 1
