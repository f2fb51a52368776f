"""Steady load: students and coordinators in the main story, interns who check in and out.

Every answer is looked at as a person would see it, and every yes is noted as a promise to be
found kept. A no (4xx) is an answer. No answer at all, and a page that says something broke,
are errors shown: the person tries again, as people do.
"""

import http.client
import json
import re
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from tests.drill.region import Account, World

CSRF = "d" * 32  # a cookie and a header that agree are what Django asks for
PATIENCE = 30  # seconds until a browser gives up
IDLE = 2  # seconds after which a kept connection is not trusted any more
PAUSE = 0.1  # between a person's requests
PUZZLED = 1.0  # until somebody who got an error tries again
INSIDE = re.compile(
    r"Traceback \(most recent|psycopg|OperationalError|InterfaceError|django/|File \"/"
)


@dataclass(frozen=True)
class Promise:
    """An answer of yes: *what* of *subject* has been done. `at`: when it was asked, Unix time."""

    schema: str
    what: str  # "tap", or an action of history
    subject: str
    at: float


@dataclass
class Answers:
    """What people saw between two looks."""

    requests: int = 0
    errors: list[str] = field(default_factory=list)  # "503 /placements/…", "no answer …"
    refused: int = 0
    signed_out: int = 0
    insides: list[str] = field(default_factory=list)  # pages that showed how we are made
    last_error: float = 0.0  # monotonic


class Load:
    """Threads that go on until stopped; `pause()` returns when all stand still."""

    def __init__(self, world: World, *, port: int, hands: int) -> None:
        self.port = port
        self.answers = Answers()
        self.promises: list[Promise] = []
        self._note = threading.Lock()
        self._go = threading.Event()
        self._stopped = False
        self._resting = threading.Semaphore(0)
        scripts = [_taps(world, number, hands) for number in range(hands)]
        scripts += [_stories(world, number, hands) for number in range(hands)]
        self._threads = [
            threading.Thread(target=self._run, args=(script,), daemon=True) for script in scripts
        ]
        for thread in self._threads:
            thread.start()

    def resume(self) -> None:
        self._go.set()

    def pause(self) -> None:
        """Have everybody finish what they do and stand still."""
        self._go.clear()
        for _ in self._threads:
            self._resting.acquire()

    def stop(self) -> None:
        self._stopped = True
        self._go.set()
        for thread in self._threads:
            thread.join()

    def take_answers(self) -> Answers:
        """The answers since the last look; call it while everybody stands still."""
        with self._note:
            taken, self.answers = self.answers, Answers()
        return taken

    def _run(self, script: "Script") -> None:
        browser = Browser(self.port)
        reply: Reply | None = None
        while not self._stopped:
            if not self._go.is_set():
                self._resting.release()
                self._go.wait()
                continue
            wanted = script.send(reply) if reply else next(script)
            began = time.time()
            reply = browser.ask(wanted)
            self._see(wanted, reply, began)
            time.sleep(PAUSE if reply.is_answer else PUZZLED)

    def _see(self, wanted: "Wanted", reply: "Reply", began: float) -> None:
        with self._note:
            seen = self.answers
            seen.requests += 1
            if INSIDE.search(reply.text):
                seen.insides.append(f"{reply.status} {wanted.path}")
            if not reply.is_answer:
                seen.errors.append(f"{reply.status or 'no answer'} {wanted.path}")
                seen.last_error = time.monotonic()
            elif reply.is_signed_out:
                seen.signed_out += 1
            elif reply.status >= 400:
                seen.refused += 1
            elif promised := wanted.promised(reply):
                what, subject = promised
                self.promises.append(Promise(wanted.who.schema, what, subject, began))


@dataclass(frozen=True)
class Reply:
    status: int  # 0: none came
    text: str = ""
    location: str = ""

    @property
    def is_answer(self) -> bool:
        return 0 < self.status < 500

    @property
    def is_signed_out(self) -> bool:
        return self.status == 401 or "/sign-in/" in self.location

    @property
    def is_yes(self) -> bool:
        return 200 <= self.status < 400 and not self.is_signed_out


@dataclass(frozen=True)
class Wanted:
    """One request. `act`: what history calls it once it has been answered with yes."""

    who: Account
    path: str
    body: str | None = None
    content_type: str = "application/x-www-form-urlencoded"
    act: str = ""
    subject: str = ""

    def promised(self, reply: Reply) -> tuple[str, str] | None:
        if not self.act or (self.act != "tap" and reply.status != 302):
            return None  # a page that shows the form again has promised nothing
        return self.act, self.subject or _id_in(reply.location)


Script = Iterator[Wanted] | object  # a generator: yields what it wants, is sent the reply


class Browser:
    """One connection that is kept, and opened anew when it broke."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._used = time.monotonic()

    def ask(self, wanted: Wanted) -> Reply:
        headers = {
            "Host": wanted.who.host,
            "Cookie": f"portico_session={wanted.who.session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": wanted.content_type,
        }
        if time.monotonic() - self._used > IDLE:
            self._connection.close()
        try:
            method = "GET" if wanted.body is None else "POST"
            self._connection.request(method, wanted.path, wanted.body, headers)
            response = self._connection.getresponse()
            text = response.read().decode(errors="replace")
            return Reply(response.status, text, response.headers["Location"] or "")
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return Reply(0)
        finally:
            self._used = time.monotonic()


def _id_in(location: str) -> str:
    return next(iter(re.findall(r"[0-9a-f-]{36}", location)), "")


def _taps(world: World, number: int, hands: int):  # type: ignore[no-untyped-def]
    """Interns come, and in the second round go home; a tap without an answer is sent again."""
    interns = [one for school in world.busy for one in school.interns][number::hands]
    sent: list[Wanted] = []
    for kind in ("in", "out"):
        for intern in interns:
            tap = _tap(intern, kind)
            sent.append(tap)
            for _ in range(20):
                reply = yield tap
                if reply.is_yes or 400 <= reply.status < 500:
                    break
    while True:  # everybody has gone home; phones send again what they are not sure of
        for tap in sent:
            yield tap


def _tap(intern: Account, kind: str) -> Wanted:
    key = str(uuid.uuid4())
    body = {
        "key": key,
        "user": intern.person,
        "placement": intern.placement,
        "kind": kind,
        "goals": ["Greet every visitor"] if kind == "in" else [],
        "done": [],
        "reflection": "Faster than last week." if kind == "out" else "",
        "location": {"status": "ok", "latitude": 40.82, "longitude": -73.9, "accuracy": 20},
    }
    return Wanted(
        intern, "/check-in/events/", json.dumps(body), "application/json", act="tap", subject=key
    )


def _stories(world: World, number: int, hands: int):  # type: ignore[no-untyped-def]
    """Student after student: request at another school, approval, start, end; and pages read.

    What was answered with an error or a no is left where it stands; the next student goes on.
    """
    while True:
        for turn, school in enumerate(world.busy):
            other = world.busy[(turn + 1) % len(world.busy)]
            for student in school.students[number::hands]:
                yield Wanted(student, "/")
                listing = other.listing
                ask = urlencode({"message": "I keep forty plants on our fire escape."})
                path = f"/listings/{listing}/request/"
                reply = yield Wanted(student, path, ask, act="placement_request")
                placement = _id_in(reply.location) if reply.is_yes else ""
                if not placement:
                    continue
                staff = f"/coordinator/placements/{placement}"
                mine = f"/placements/{placement}"
                for who, where, form, act in (
                    (school.coordinator, f"{staff}/approve/", {}, "placement_approve"),
                    (
                        student,
                        f"/placements/{placement}/start/",
                        _start(),
                        "placement_request_start",
                    ),
                    (school.coordinator, f"{staff}/approve_start/", {}, "placement_approve_start"),
                    (student, f"{mine}/", None, ""),
                    (school.coordinator, f"{staff}/end_early/", _REASON, "placement_end_early"),
                ):
                    body = None if form is None else urlencode(form, doseq=True)
                    reply = yield Wanted(who, where, body, act=act, subject=placement)
                    if not reply.is_yes:
                        break


_REASON = {"reason": "The drill is over."}


def _start() -> dict[str, object]:
    return {
        "starts_on": (date.today() + timedelta(days=7)).isoformat(),
        "ends_on": (date.today() + timedelta(days=90)).isoformat(),
        "days": ["2", "4"],
        "start_time": "09:00",
        "end_time": "13:00",
        "goal_1": "Learn the names of twenty plants",
    }
