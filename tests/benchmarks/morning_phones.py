"""Phones that tap, over HTTP on loopback: kept connections, one tap after another on each."""

import asyncio
import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.benchmarks.morning_region import Phone

CSRF = "m" * 32  # a cookie and a header that agree are what Django asks for


@dataclass
class Tapped:
    """What came of the taps: answers by status, milliseconds each took, taps a second."""

    statuses: dict[int, int] = field(default_factory=dict)
    took_ms: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.took_ms) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.took_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class Tap:
    phone: Phone
    kind: str
    key: str

    def request(self) -> bytes:
        body = json.dumps(
            {
                "key": self.key,
                "user": self.phone.student,
                "placement": self.phone.placement,
                "kind": self.kind,
                "goals": ["Greet every visitor", "Sort the shelves"] if self.kind == "in" else [],
                "done": [0],
                "reflection": "Faster than last week." if self.kind == "out" else "",
                "pulse": 4 if self.kind == "out" else None,
                "location": {
                    "status": "ok",
                    "latitude": 40.8201,
                    "longitude": -73.9001,
                    "accuracy": 25,
                },
            }
        ).encode()
        head = (
            "POST /check-in/events/ HTTP/1.1\r\n"
            f"Host: {self.phone.host}\r\n"
            f"Cookie: portico_session={self.phone.session}; csrftoken={CSRF}\r\n"
            f"X-CSRFToken: {CSRF}\r\n"
            f"Idempotency-Key: {self.key}\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def taps(phones: Iterable[Phone], kind: str) -> list[Tap]:
    return [Tap(phone, kind, str(uuid.uuid4())) for phone in phones]


def send(wanted: list[Tap], *, port: int, connections: int) -> Tapped:
    """Send all of *wanted*; each connection takes the next as soon as its last is answered."""
    return asyncio.run(_send(wanted, port, connections))


async def _send(wanted: list[Tap], port: int, connections: int) -> Tapped:
    result, queue = Tapped(), iter(wanted)
    began = time.perf_counter()
    await asyncio.gather(*(_one_line(queue, port, result) for _ in range(connections)))
    result.seconds = time.perf_counter() - began
    return result


async def _one_line(queue: Iterable[Tap], port: int, result: Tapped) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for tap in queue:
        request = tap.request()
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        await reader.readexactly(length)
        result.took_ms.append(1000 * (time.perf_counter() - began))
        status = int(head[9:12])
        result.statuses[status] = result.statuses.get(status, 0) + 1
    writer.close()
    await writer.wait_closed()
