"""Zips fetched from a real SFTP server, one of another make than our client."""

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from portico.accounts.models import Person
from portico.rosters.folder import pull_all
from portico.rosters.http import ServiceError
from portico.rosters.sftp import Place, fetch_zips, read_place
from portico.rosters.uploads import uploads_of
from tenants.context import OWNER, public_context
from tenants.models import School as SchoolRow
from tests.portico.rosters.exports import Export, small_school
from tests.world import School

PASSWORD = "not a real one"


@dataclass
class Server:
    """`files` is what a district's system may write to; `host_key` is the server's own."""

    port: int
    files: Path
    host_key: str

    def place(self, **facts: Any) -> Place:
        given = {"host": "127.0.0.1", "port": self.port, "host_key": self.host_key,
                 "user": "portico", "password": PASSWORD, "folder": "/out"}  # fmt: skip
        return Place(**given | facts)

    def toml(self) -> str:
        facts = vars(self.place())
        return "".join(f"{name} = {value!r}\n" for name, value in facts.items() if value)

    def leave(self, export: Export, name: str, *, age: int) -> None:
        path = export.write(self.files / "out", name)
        os.utime(path, (time.time() - age, time.time() - age))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """An SFTP server on a free port: a password, or the key in `client.key`."""
    files = tmp_path / "served"
    (files / "out").mkdir(parents=True)
    own, other = (asyncssh.generate_private_key(kind) for kind in ("ssh-ed25519", "ssh-rsa"))
    client = asyncssh.generate_private_key("ssh-ed25519")
    client.write_private_key(tmp_path / "client.key")

    class Door(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("portico", PASSWORD)

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            return bool(key.public_data == client.public_data)

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_factory=Door, server_host_keys=[other, own],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(files).encode()),
        )  # fmt: skip

    # in a thread from the start: a browser of another test may have a loop in this one
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(listen(), loop).result(timeout=10)
    yield Server(listening.get_port(), files, own.export_public_key().decode().strip())

    async def end() -> None:
        listening.close()
        mine = asyncio.current_task()
        served = [task for task in asyncio.all_tasks() if task is not mine]
        for task in served:
            task.cancel()
        await asyncio.gather(*served, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(end(), loop).result(timeout=10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_zips_and_nothing_else_with_their_times(server: Server, tmp_path: Path) -> None:
    server.leave(small_school(), "new.zip", age=100)
    server.leave(small_school(), "old.zip", age=9000)
    (server.files / "out" / "notes.txt").write_text("not a roster")
    (server.files / "out" / "folder.zip").mkdir()
    (server.files / "out" / "link.zip").symlink_to("/etc/passwd")
    into = tmp_path / "into"
    into.mkdir()
    fetch_zips(server.place(), into, beside=tmp_path, since=time.time() - 1000)
    assert [path.name for path in into.iterdir()] == ["new.zip"]
    there = server.files / "out" / "new.zip"
    assert (into / "new.zip").read_bytes() == there.read_bytes()
    assert int((into / "new.zip").stat().st_mtime) == int(there.stat().st_mtime)


def test_by_a_key_beside_the_settings(server: Server, tmp_path: Path) -> None:
    server.leave(small_school(), "a.zip", age=100)
    into = tmp_path / "into"
    into.mkdir()
    fetch_zips(server.place(password="", key_file="client.key"), into, beside=tmp_path)
    assert [path.name for path in into.iterdir()] == ["a.zip"]


def test_another_server_under_the_same_name_gets_no_password(
    server: Server, tmp_path: Path
) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(ServiceError, match="host key"):
        fetch_zips(server.place(host_key=other.strip()), tmp_path, beside=tmp_path)


@pytest.mark.parametrize("facts", [{"password": "wrong"}, {"folder": "/nowhere"}, {"port": 1}])
def test_what_the_server_will_not_do_is_said(server: Server, tmp_path: Path, facts: Any) -> None:
    with pytest.raises(ServiceError, match=r"127\.0\.0\.1"):
        fetch_zips(server.place(**facts), tmp_path, beside=tmp_path)


@pytest.mark.parametrize(
    "text",
    ["host = ", 'host = "h"', 'host = "h"\nhost_key = "k"\nuser = "u"', 'colour = "red"'],
)
def test_settings_that_say_too_little(tmp_path: Path, text: str) -> None:
    (tmp_path / "sftp.toml").write_text(text)
    with pytest.raises(ServiceError, match=r"sftp\.toml"):
        read_place(tmp_path / "sftp.toml")


@pytest.mark.usefixtures("schools_as_they_were")
def test_the_nightly_pull_brings_them_in_and_keeps_none(
    server: Server, settings: Any, tmp_path: Path, met: School
) -> None:
    settings.ROSTER_FOLDER = str(tmp_path / "nightly")
    folder = tmp_path / "nightly" / "bronx"
    folder.mkdir(parents=True)
    (folder / "sftp.toml").write_text(server.toml())
    with public_context(using=OWNER):
        SchoolRow.objects.filter(code="met").update(external_id="MET1")
    server.leave(small_school(), "a.zip", age=900)
    delta = Export(mode="delta", status="active").org("o-met", identifier="MET1")
    server.leave(delta.user("s3", "o-met"), "b.zip", age=800)
    for _night in range(2):
        pull_all()
        with met:
            students = Person.objects.filter(roles=["student"]).values_list("source_id", flat=True)
            assert sorted(students) == ["s1", "s2", "s3"]
    assert [upload.state for upload in uploads_of("bronx")] == ["done", "done"]
    assert [path.name for path in folder.iterdir()] == ["sftp.toml"]
    assert not list((Path(settings.ROSTER_DIR) / "bronx").rglob("*.zip"))
