"""PostgreSQL and Valkey from Python wheels, for a machine that has neither.

    with postgres(folder) as database_url, valkey(other_folder) as redis_url:
        ...

Both use a server that already runs on the same folder, and the last user of it
stops it. Two processes may come at once: a lock decides who starts. Whatever
stands in the way is a StartError of one line.

Each server listens on a free port of 127.0.0.1 only and asks for a random
password that lies beside its data, so other people on the machine stay out.
"""

from portico.embedded.postgresql import postgres, programs_folder
from portico.embedded.shared import StartError, forget
from portico.embedded.valkey import valkey

__all__ = ["StartError", "forget", "postgres", "programs_folder", "valkey"]
