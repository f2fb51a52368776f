"""Sessions in the tenant's own table, with whose they are and when they were last used.

The engine of SESSION_ENGINE. Reading one is one query, which brings its person along; its last
use is noted once a quarter of an hour, so that ordinary pages are not slower for it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from portico.accounts.models import Person
from portico.signin.models import Session
from portico.signin.reading import read_session
from tenants.context import current_alias, writing_context

USE_IS_NOTED_EVERY = timedelta(minutes=15)
FACTS = "_where"  # in the data: what the columns are filled from at each save


class SessionStore(DatabaseStore):
    person: Person | None = None  # whose the row was, once it has been read

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = read_session(session_key=self.session_key or "", alias=current_alias())
        if found is None:
            self._session_key = None  # as Django does: a key that was not ours is not kept
            return None
        session, self.person = found
        if session.person_id is not None:
            now = timezone.now()
            if session.last_used_at < now - USE_IS_NOTED_EVERY:
                with writing_context():
                    Session.objects.filter(session_key=session.session_key).update(last_used_at=now)
        return session

    def save(self, must_create: bool = False) -> None:
        with writing_context():  # a page read from a replica forgets the messages it has shown
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        with writing_context():
            super().delete(session_key)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now()
        facts = data.get(FACTS, {})
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            person_id=data.get(SESSION_KEY),
            began_at=datetime.fromisoformat(facts["began"]) if "began" in facts else now,
            last_used_at=now,
            address=facts.get("address"),
            agent=facts.get("agent", ""),
            way=facts.get("way", ""),
        )
