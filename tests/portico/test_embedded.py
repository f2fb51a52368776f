"""The embedded servers, started for real in folders of their own."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from portico import embedded
from portico.embedded import StartError


def pid_of(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a table in it, its server stopped."""
    folder = tmp_path_factory.mktemp("kept") / "with space" / "postgres"
    with embedded.postgres(folder, durable=False) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'ÉCOLE' AS word")
    return folder


def test_data_is_kept_and_the_server_is_gone_after_the_block(kept: Path) -> None:
    with embedded.postgres(kept, durable=False) as url, psycopg.connect(url) as connection:
        pid = pid_of(kept)
        assert connection.execute("SELECT lower(word) FROM kept").fetchone() == ("école",)
        assert 180000 <= connection.info.server_version < 190000
    assert not psutil.pid_exists(pid)


def test_it_asks_for_its_password(kept: Path) -> None:
    with (
        embedded.postgres(kept, durable=False) as url,
        pytest.raises(psycopg.OperationalError, match="password"),
    ):
        psycopg.connect(url, password="guessed")


def test_a_second_user_shares_it_and_the_last_one_stops_it(kept: Path) -> None:
    first, second = embedded.postgres(kept), embedded.postgres(kept)
    url = first.__enter__()
    pid = pid_of(kept)
    assert second.__enter__() == url
    first.__exit__(None, None, None)
    psycopg.connect(url).close()
    second.__exit__(None, None, None)
    assert not psutil.pid_exists(pid)


def test_processes_that_start_together_get_one_server(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys
        from pathlib import Path
        from portico import embedded
        with embedded.postgres(Path(sys.argv[1]), durable=False) as url:
            print(url, flush=True)
            sys.stdin.read()
    """)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "postgres")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    urls = [process.stdout.readline() for process in processes if process.stdout]
    pid = pid_of(tmp_path / "postgres")
    for process in processes:
        process.communicate("")
    assert urls[0].startswith("postgresql://")
    assert len(set(urls)) == 1
    assert not psutil.pid_exists(pid)


def test_a_killed_server_is_started_again(kept: Path) -> None:
    with embedded.postgres(kept):
        os.kill(pid_of(kept), signal.SIGKILL)
    assert (kept / "postmaster.pid").exists()
    with embedded.postgres(kept) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_a_pid_file_whose_number_went_to_another_process_is_cleared(kept: Path) -> None:
    (kept / "postmaster.pid").write_text(f"{os.getpid()}\n{kept}\n0\n5432\n")
    with embedded.postgres(kept) as url:
        psycopg.connect(url).close()
        assert pid_of(kept) != os.getpid()


def test_data_of_another_version_is_refused_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    (folder / "portico.password").write_text("secret")
    with pytest.raises(StartError, match=r"made by PostgreSQL 16, this is 18; move it away") as got:
        embedded.postgres(folder).__enter__()
    assert "\n" not in str(got.value)
    assert (folder / "PG_VERSION").exists()


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "holiday.jpg").touch()
    with pytest.raises(StartError, match="holds no complete PostgreSQL data"):
        embedded.postgres(folder).__enter__()
    assert [path.name for path in folder.iterdir()] == ["holiday.jpg"]


def test_broken_data_is_told_with_postgres_own_reason(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with embedded.postgres(folder, durable=False):
        pass
    (folder / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(StartError, match=r"did not start: .*pg_control") as got:
        embedded.postgres(folder, durable=False).__enter__()
    assert "\n" not in str(got.value)


def test_no_room_to_write_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError) as got:
        embedded.postgres(tmp_path / "file" / "postgres").__enter__()
    assert "\n" not in str(got.value)


def test_no_permission_is_told_in_one_line() -> None:
    program = textwrap.dedent("""
        import os, sys
        from pathlib import Path
        from portico import embedded
        if os.geteuid() == 0:
            os.setuid(65534)  # root may write everywhere
        try:
            embedded.postgres(Path(sys.argv[1])).__enter__()
        except embedded.StartError as error:
            print(error)
    """)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        said = subprocess.check_output(
            [sys.executable, "-c", program, f"{folder}/.portico/postgres"], text=True
        )
    assert said == f"No permission to write {folder}/.portico\n"


def test_forget_deletes_but_not_under_a_user(tmp_path: Path) -> None:
    folder = tmp_path / "valkey"
    with embedded.valkey(folder), pytest.raises(StartError, match="in use"):
        embedded.forget(folder)
    assert folder.exists()
    embedded.forget(folder)
    assert not folder.exists()


def test_valkey_keeps_its_data_is_shared_and_asks_for_its_password(tmp_path: Path) -> None:
    folder = tmp_path / "with space" / "valkey"
    with embedded.valkey(folder) as url, redis.Redis.from_url(url) as client:
        client.set("kept", "yes")
        with embedded.valkey(folder) as same:
            assert same == url
        assert client.get("kept") == b"yes"
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(url.replace(":", ":x", 2).replace("redis:x", "redis:")).ping()
    with embedded.valkey(folder) as url, redis.Redis.from_url(url) as client:
        assert client.get("kept") == b"yes"


def test_valkey_tells_broken_data_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "valkey").mkdir()
    (tmp_path / "valkey" / "dump.rdb").write_bytes(b"not a dump at all")
    with pytest.raises(StartError, match="Valkey did not start") as got:
        embedded.valkey(tmp_path / "valkey").__enter__()
    assert "\n" not in str(got.value)
