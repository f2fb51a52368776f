"""The story, played over HTTP against a running demo: `make demo ARGS=--check`.

One school releases an internship; a student of another finds it, requests it, pursues
it, starts it. Each step is one line. What it makes it ends and recalls again, so that
it can be played any number of times.
"""

import time
from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlsplit

from rich.console import Console

from portico.accounts.roles import Role
from portico.demo import content
from portico.demo.seed import PASSWORD
from portico.demo.visitor import StoryError, Visitor

MAIL_SECONDS = 60  # a worker looks for due work every ten
console = Console(highlight=False, soft_wrap=True)


def run_check(*, base_url: str) -> bool:
    """Play the story at *base_url* (`http://localhost:8000`); True when every step went well."""
    port = urlsplit(base_url).port or 80
    story = Story(port)
    for words, step in story.steps():
        try:
            step()
        except StoryError as error:
            console.print(f"[red]✗[/] {words}: {error}")
            return False
        console.print(f"[green]✓[/] {words}")
    console.print("The story works.")
    return True


def expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise StoryError(otherwise)


class Story:
    """The people of the story, and what they have come to know."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.title = f"Greenhouse Guide {int(time.time()) % 100_000}"
        self.mentor = "Odalys Ferreira"
        region = content.region().code
        owner, other, third = (school.code for school in content.schools()[:3])
        self.alice = self._visitor(f"{owner}.{region}.localhost")
        self.dana = self._visitor(f"{other}.{region}.localhost")
        self.charlie = self._visitor(f"{third}.{region}.localhost")
        self.owner, self.other, self.third = owner, other, third
        self.student = self._visitor(self.dana.host)
        self.admin = self._visitor(f"{region}.localhost")
        self.opportunity = self.listing = self.placement = ""

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        return [
            ("a coordinator adds a site, a mentor and an internship", self.add),
            ("publishes it and releases one slot to the region", self.release),
            ("a student of another school finds it, labelled with its origin", self.find),
            ("and requests it; the mentor's contact is nowhere to be seen", self.request),
            ("the coordinator of that school approves", self.approve),
            ("the student sees the contact and the days left", self.pursue),
            ("a student of a third school sees neither contact nor placement", self.stranger),
            ("the student asks to start", self.ask_to_start),
            ("the teacher approves from the e-mail, without signing in", self.approve_start),
            ("the student is interning", self.active),
            ("the owning school sees a slot in use, not by whom", self.owner_sees),
            ("the district sees the pool with its origins", self.district),
            ("the internship ends, and the slot is recalled", self.tidy_up),
        ]

    def _visitor(self, host: str) -> Visitor:
        return Visitor(host=host, port=self.port)

    def _sign_in(self, visitor: Visitor, email: str) -> None:
        visitor.get("/sign-in/").submit("/sign-in/", username=email, password=PASSWORD)
        expect(visitor.status == 200 and "/sign-in/" not in visitor.url, f"{email} cannot sign in")

    @staticmethod
    def _person(tenant: str, role: str) -> str:
        return next(p.email for p in content.people() if p.tenant == tenant and role in p.roles)

    def add(self) -> None:
        alice = self.alice
        self._sign_in(alice, self._person(self.owner, Role.COORDINATOR))
        alice.get("/coordinator/sites/new/").submit(
            "/coordinator/sites/new/",
            name=f"Story Gardens {self.title[-5:]}",
            address="1 Story Avenue",
            latitude="40.83",
            longitude="-73.91",
        )
        expect(alice.url.startswith("/coordinator/sites/"), f"the site was not added ({alice.url})")
        site = alice.url.rstrip("/").rsplit("/", 1)[1]
        alice.get("/coordinator/opportunities/new/").submit(
            "/coordinator/opportunities/new/",
            site=site,
            title=self.title,
            description="Show visitors around the greenhouse and look after the seedlings.",
            field="agriculture",
            capacity="1",
            days=["2", "4"],
            start_time="09:00",
            end_time="13:00",
            pay="credit",
            new_mentor_name=self.mentor,
            new_mentor_email="odalys@example.com",
        )
        expect(alice.has(self.title), f"the internship was not added ({alice.url})")
        self.opportunity = alice.url.rstrip("/").rsplit("/", 1)[1]

    def release(self) -> None:
        page = f"/coordinator/opportunities/{self.opportunity}/"
        alice = self.alice.get(page)
        alice.submit(f"{self.opportunity}/state/", button=("action", "publish"))
        alice.get(page).submit(f"{self.opportunity}/release/", slots="1")
        expect(alice.has("1 released to the region"), "the slot was not released")

    def find(self) -> None:
        self._sign_in(self.student, self._free_student())
        page = self.student.get("/?" + "q=" + self.title.replace(" ", "+"))
        expect(page.has(self.title), "the search does not find it")
        origin = next(s.name for s in content.schools() if s.code == self.owner)
        expect(page.has(origin), "the origin is not named")
        self.listing = page.link("/listings/")

    def _free_student(self) -> str:
        """Somebody of the other school who is on the way with nothing."""
        busy = {p.student for p in content.placements() if p.closed_days_ago is None}
        return next(
            p.email
            for p in content.people()
            if p.tenant == self.other and Role.STUDENT in p.roles and p.email not in busy
        )

    def request(self) -> None:
        page = self.student.get(self.listing)
        expect(not page.has(self.mentor), "the mentor is shown before approval")
        page.submit("/request/", message="I keep forty plants on our fire escape.")
        self.placement = page.link("/placements/") if "/placements/" not in page.url else page.url
        self.placement = self.placement.split("?")[0].rstrip("/").rsplit("/", 1)[1]
        expect(not page.has(self.mentor), "the mentor is shown before approval")

    def approve(self) -> None:
        self._sign_in(self.dana, self._person(self.other, Role.COORDINATOR))
        page = self.dana.get(f"/coordinator/requests/{self.placement}/")
        expect(page.has(self.title), "the request is not in the queue")
        page.submit(f"{self.placement}/approve/")
        expect(self.dana.status == 200, f"approving answered {self.dana.status}")

    def pursue(self) -> None:
        page = self.student.get(f"/placements/{self.placement}/")
        expect(page.has(self.mentor), "the contact is not shown after approval")
        expect(page.has("days left"), "the tracker does not show the days left")

    def stranger(self) -> None:
        self._sign_in(self.charlie, self._person(self.third, Role.STUDENT))
        page = self.charlie.get(self.listing)
        expect(not page.has(self.mentor), "another school's student sees the contact")
        self.charlie.get(f"/placements/{self.placement}/")
        expect(
            self.charlie.status == 404, f"another school's placement answered {self.charlie.status}"
        )

    def ask_to_start(self) -> None:
        page = self.student.get(f"/placements/{self.placement}/start/")
        page.submit(
            f"{self.placement}/start/",
            starts_on=(date.today() + timedelta(days=7)).isoformat(),
            ends_on=(date.today() + timedelta(days=90)).isoformat(),
            days=["2", "4"],
            start_time="09:00",
            end_time="13:00",
            goal_1="Learn the names of twenty plants",
        )
        expect(self.student.has("Start requested"), "the start was not asked for")

    def approve_start(self) -> None:
        teacher = self._visitor(self.dana.host)
        deadline = time.monotonic() + MAIL_SECONDS
        link = ""
        while not link:
            page = teacher.get("/outbox/")
            # the newest mail about this site carries the link
            _before, found, after = page.html.partition(f"Story Gardens {self.title[-5:]}</h2>")
            if found and "/start/" in after:
                link = "/start/" + after.split("/start/", 1)[1].split("/", 1)[0] + "/"
            elif time.monotonic() > deadline:
                raise StoryError("no e-mail to the teacher came")
            else:
                time.sleep(1)
        for _ in range(2):  # a mail scanner opens it first: that must change nothing
            teacher.get(link)
            expect(teacher.has(self.title), "the link does not show the request")
        teacher.submit(link, button=("answer", "approve"))
        expect(teacher.status == 200, f"the button answered {teacher.status}")

    def active(self) -> None:
        page = self.student.get(f"/placements/{self.placement}/")
        expect(page.has("Interning"), "the tracker does not show the internship")
        expect(page.has(self.mentor), "the contact has gone")

    def owner_sees(self) -> None:
        page = self.alice.get(f"/coordinator/opportunities/{self.opportunity}/")
        expect(page.has("1 in use there"), "the slot in use is not shown")
        student = next(p for p in content.people() if p.email == self._free_student())
        expect(not page.has(student.last_name), "the owner sees who the student is")

    def district(self) -> None:
        self._sign_in(self.admin, self._person(content.region().code, Role.DISTRICT_ADMIN))
        page = self.admin.get("/pool/?q=" + self.title.replace(" ", "+"))
        origin = next(s.name for s in content.schools() if s.code == self.owner)
        expect(page.has(self.title) and page.has(origin), "the district does not see the pool")

    def tidy_up(self) -> None:
        page = self.dana.get(f"/coordinator/placements/{self.placement}/end_early/")
        page.submit("/end_early/", reason="The story has been told.")
        page = self.alice.get(f"/coordinator/opportunities/{self.opportunity}/")
        page.submit("/recall/")
        page.get(f"/coordinator/opportunities/{self.opportunity}/")
        page.submit(f"{self.opportunity}/state/", button=("action", "archive"))
        page = self.student.get(f"/placements/{self.placement}/")
        expect(not page.has("mailto:odalys"), "the contact stays after the end")
