"""Replicas' addresses as settings, places in the log, and nothing of it without replicas."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse

from portico.settings.databases import databases, split_addresses
from tenants import replicas
from tenants.lsn import Lsn
from tenants.replica_reads import OwnWritesMiddleware

OWNER = "postgresql://portico:secret@10.0.0.10:5432/portico"


def made(replica_addresses: str) -> dict:
    return databases(
        owner_address=OWNER, web_address="", secret="s", replica_addresses=replica_addresses
    )


def test_replicas_are_the_primarys_copies_elsewhere() -> None:
    found = made("postgresql://10.0.0.12 postgres://other:word@10.0.0.13:5433/copy?sslmode=require")
    site, first, second = found["default"], found["replica1"], found["replica2"]
    assert (first["HOST"], first["NAME"], first["USER"]) == ("10.0.0.12", "portico", "portico_web")
    assert first["PASSWORD"] == site["PASSWORD"]
    assert first["TENANT_ROLES"]
    assert first["REPLICA"]
    assert first["OPTIONS"]["connect_timeout"] == "2"
    assert "NOTES_WRITES" not in first
    assert (second["USER"], second["PORT"], second["NAME"]) == ("other", "5433", "copy")
    assert second["OPTIONS"]["sslmode"] == "require"
    assert site["NOTES_WRITES"]
    assert "REPLICA" not in site


@pytest.mark.parametrize("between", [" ", ",", ", ", "\n"])
def test_addresses_may_name_several_hosts(between: str) -> None:
    two = ["postgresql://a,b/portico", "postgres://c:5433/portico"]
    assert split_addresses(f" {between.join(two)} ") == two


def test_without_replicas_nothing_is_noted_or_asked() -> None:
    found = made("")
    assert found.keys() == {"default", "owner"}
    assert "NOTES_WRITES" not in found["default"]
    assert replicas.choose_replica() is None
    with pytest.raises(MiddlewareNotUsed):
        OwnWritesMiddleware(lambda request: HttpResponse())


def test_places_in_the_log_are_ordered_as_numbers() -> None:
    assert Lsn.parse("9/FFFFFFFF") < Lsn.parse("A/0")
    assert str(Lsn.parse("16/B374D848")) == "16/B374D848"
    with pytest.raises(ValueError, match="no place"):
        Lsn.parse("0/0'); DROP TABLE x")
