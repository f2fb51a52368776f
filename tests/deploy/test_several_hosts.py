"""Two web hosts behind the proxy: nobody notices which one answers, nor that one restarts."""

import contextlib
import http.client
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from portico.accounts.models import Person
from portico.embedded.shared import free_port
from tenants.context import OWNER, public_context
from tenants.models import Tenant
from tests.deploy.test_cells_proxy import CADDY, RUNBOOK
from tests.deploy.test_restart import Load
from tests.portico.rosters.exports import small_school
from tests.running_site import get, program, running_site, wait_for
from tests.world import PASSWORD, School

WORKER = ("celery", "--app", "portico.celery:app", "worker", "--concurrency", "1")
CSRF = "m" * 32
LINE = "--line--"


@pytest.fixture
def school(met: School, committed_db: None) -> Iterator[School]:
    """The Met; its row in the registry is put back, which a roster and its settings change."""
    with public_context():
        before = Tenant.objects.filter(schema_name=met.schema).values().get()
    yield met
    with public_context(using=OWNER):
        Tenant.objects.using(OWNER).filter(schema_name=met.schema).update(**before)


def post(
    port: int, path: str, *, host: str, session: str = "", file: bytes = b"", **fields: str
) -> http.client.HTTPResponse:
    """A form sent as a browser does; its answer, read."""
    parts = [
        f'--{LINE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file:
        named = 'name="file"; filename="roster.zip"'
        head = f"--{LINE}\r\nContent-Disposition: form-data; {named}\r\n\r\n"
        parts.append(head.encode() + file + b"\r\n")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Host": host,
        "Cookie": f"csrftoken={CSRF}; portico_session={session}",
        "X-CSRFToken": CSRF,
        "Content-Type": f"multipart/form-data; boundary={LINE}",
    }
    body = b"".join(parts) + f"--{LINE}--\r\n".encode()
    with contextlib.closing(connection):
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer


@contextmanager
def balanced(folder: Path, *ports: int) -> Iterator[int]:
    """Caddy with the runbook's lines for several web hosts, over http; its port."""
    port = free_port()
    snippet = RUNBOOK.read_text().split("# Caddyfile, instead of the one line it has:\n", 1)[1]
    snippet = snippet.split("```", 1)[0]
    assert "10.0.0.21:8000 10.0.0.22:8000" in snippet
    hosts = " ".join(f"127.0.0.1:{web}" for web in ports)
    snippet = snippet.replace("10.0.0.21:8000 10.0.0.22:8000", hosts)
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n:{port} {{\n{snippet}}}\n")
    command = [CADDY, "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"]
    with (
        open(folder / "caddy.log", "wb") as said,
        subprocess.Popen(command, stdout=said, stderr=said) as caddy,
    ):
        try:
            wait_for(lambda: _listens(port), process=caddy, log=folder / "caddy.log")
            yield port
        finally:
            caddy.terminate()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def test_two_web_hosts_are_as_one(school: School, tmp_path: Path) -> None:
    student = school.student()
    with school:
        hashed = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1000)
        Person.objects.filter(id=student.id).update(password=hashed)
    coordinator = school.client(school.coordinator()).cookies["portico_session"].value
    host = school.host
    folders = [tmp_path / name for name in ("one", "two", "again")]
    for folder in folders:
        folder.mkdir()
    shared = {"ROSTER_DIR": str(tmp_path / "rosters")}
    ports = free_port(), free_port()
    with (
        program(tmp_path, "worker", *WORKER, **shared) as (worker, log),
        ExitStack() as first,
        ExitStack() as second,
        ExitStack() as visitors,
    ):
        first.enter_context(running_site(folders[0], port=ports[0], processes=1, **shared))
        second.enter_context(running_site(folders[1], port=ports[1], processes=1, **shared))
        _a_session_of_one_counts_at_the_other(ports, host, student.email)
        _what_one_changes_the_other_shows(ports, host, coordinator)
        roster = small_school().write(tmp_path).read_bytes()
        _an_upload_to_one_is_applied_for_the_other(ports, school, coordinator, roster, log)
        proxy = visitors.enter_context(balanced(tmp_path, *ports))
        load = visitors.enter_context(
            Load(lambda: get(proxy, "/sign-in/", host=host).status, visitors=2)
        )
        wait_for(load.answered(10), process=worker, log=log)
        first.close()  # anew, one after the other
        wait_for(load.answered(10), process=worker, log=log)
        first.enter_context(running_site(folders[2], port=ports[0], processes=1, **shared))
        second.close()
        wait_for(load.answered(10), process=worker, log=log)
        visitors.close()
    assert set(load.outcomes) == {"200"}


def _a_session_of_one_counts_at_the_other(ports: tuple[int, int], host: str, email: str) -> None:
    let_in = post(ports[0], "/sign-in/", host=host, username=email, password=PASSWORD)
    assert let_in.status == 302
    cookies = let_in.headers.get_all("Set-Cookie") or []
    (session,) = (each.split(";")[0] for each in cookies if each.startswith("portico_session="))
    assert get(ports[1], "/journey/", host=host, Cookie=session).status == 200
    assert get(ports[1], "/journey/", host=host).status == 302


def _what_one_changes_the_other_shows(ports: tuple[int, int], host: str, session: str) -> None:
    for port in ports:  # both know the school by now
        assert "Qx7" not in get(port, "/sign-in/", host=host).body.decode()
    wanted = {"pursuit_days": "14", "short_name": "Qx7", "color": "#0f5c56", "language": "en"}
    changed = post(ports[0], "/coordinator/settings/", host=host, session=session, **wanted)
    assert changed.status == 302
    for port in ports:
        assert "Qx7" in get(port, "/sign-in/", host=host).body.decode()


def _an_upload_to_one_is_applied_for_the_other(
    ports: tuple[int, int], school: School, session: str, file: bytes, log: Path
) -> None:
    sent = post(ports[0], "/coordinator/roster/", host=school.host, session=session, file=file)
    here = sent.headers["Location"]
    cookie = {"Cookie": f"portico_session={session}"}

    def shows(words: str) -> bool:
        return words in get(ports[1], here, host=school.host, **cookie).body.decode()

    wait_for(lambda: shows("Luz S1"), process=None, log=log)
    assert post(ports[1], f"{here}apply/", host=school.host, session=session).status == 302
    wait_for(lambda: shows("The roster has been applied"), process=None, log=log)
    with school:
        assert Person.objects.filter(source_id="s1").exists()
