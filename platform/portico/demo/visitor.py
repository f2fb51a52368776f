"""A visitor with a browser's manners and no more: cookies, links, forms, redirects.

For `make demo ARGS=--check`, which plays the story against a running portal over
HTTP: what a person without JavaScript can do.
"""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings

MOST_REDIRECTS = 5


class StoryError(Exception):
    """The story did not go on as it should; the text says where."""


@dataclass
class Form:
    """A form as it stands on a page."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Forms with what they are filled with, and links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._select = ""
        self._textarea: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "form":
            self._open = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is None:
            return
        elif tag == "input":
            self._input(values)
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and "selected" in values and self._select:
            self._open.values.append((self._select, values.get("value", "")))
        elif tag == "textarea":
            self._textarea = (values.get("name", ""), [])
        elif tag == "button" and "name" in values:
            self._open.buttons.append((values["name"], values.get("value", "")))

    def _input(self, values: dict[str, str]) -> None:
        assert self._open is not None
        name, kind = values.get("name", ""), values.get("type", "text")
        chosen = kind not in ("checkbox", "radio") or "checked" in values
        if name and chosen and kind not in ("submit", "button", "file"):
            self._open.values.append(
                (name, values.get("value", "on" if kind == "checkbox" else ""))
            )

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._textarea[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea and self._open is not None:
            name, text = self._textarea
            self._open.values.append((name, "".join(text).removeprefix("\n")))
            self._textarea = None


class Visitor:
    """One person's browser at one tenant's host."""

    def __init__(self, *, host: str, port: int) -> None:
        self.host, self.port = host, port
        # the story is checked by its English words, whatever language a person prefers
        self.cookies: dict[str, str] = {settings.LANGUAGE_COOKIE_NAME: "en"}
        self.status = 0
        self.url = "/"
        self.html = ""
        self._read = _Reader()

    def get(self, path: str) -> "Visitor":
        """Open *path*, following redirects."""
        return self._ask("GET", path)

    def submit(
        self, action: str, *, button: tuple[str, str] | None = None, **answers: object
    ) -> "Visitor":
        """Fill in the form whose action ends with *action* and send it.

        A list answers a group of checkboxes; None leaves a field out. StoryError when the
        page has no such form or no field of a name given.
        """
        form = next((f for f in self._read.forms if self._target(f).endswith(action)), None)
        if form is None:
            raise StoryError(f"no form for {action} on {self.url}")
        kept = [(name, value) for name, value in form.values if name not in answers]
        for name, answer in answers.items():
            for one in answer if isinstance(answer, list) else [answer]:
                if one is not None:
                    kept.append((name, str(one)))
        if button:
            kept.append(button)
        target = self._target(form)
        if form.method == "get":
            return self.get(f"{target}?{urlencode(kept)}")
        return self._ask("POST", target, urlencode(kept))

    def link(self, part: str) -> str:
        """The first link on the page that contains *part*."""
        found = next((link for link in self._read.links if part in link), None)
        if found is None:
            raise StoryError(f"no link with {part} on {self.url}")
        return found

    def has(self, text: str) -> bool:
        return text in self.html

    def _target(self, form: Form) -> str:
        return urlsplit(urljoin(self.url, form.action or self.url)).path

    def _ask(self, method: str, path: str, body: str = "") -> "Visitor":
        for _ in range(MOST_REDIRECTS):
            location = self._once(method, path, body)
            if location is None:
                return self
            parts = urlsplit(urljoin(path, location))
            method, body = "GET", ""
            path = parts.path + (f"?{parts.query}" if parts.query else "")
        raise StoryError(f"too many redirects at {path}")

    def _once(self, method: str, path: str, body: str) -> str | None:
        address = f"{self.host}:{self.port}"
        headers = {"Host": address, "Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{address}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body.encode() or None, headers=headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        self.status, self.url, self.html = response.status, path, text
        self._read = _Reader()
        self._read.feed(text)
        return response.headers["Location"] if response.status in (301, 302, 303) else None
