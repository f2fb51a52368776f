"""A dump's tables into the transaction that is open, under another schema's name if wanted.

pg_restore would connect by itself and keep what it made although our part failed; so it only
writes its SQL, and we carry that out. What it writes is statements, and rows between
`COPY … FROM stdin;` and `\\.`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from portico.backups.programs import restore_script
from tenants.errors import Refused

_COPY = re.compile(rb"^COPY .* FROM stdin;$")
_END = b"\\.\n"


def load_dump(cursor: Any, dump: Path, *, schema: str, into: str) -> None:
    """Make schema *into* from a dump of *schema*: tables, rows, indexes, no rights.

    Only a school's may get another name: a region's functions and policies say theirs.
    The search path is put back afterwards.
    """
    cursor.execute("SELECT current_setting('search_path')")
    (path,) = cursor.fetchone()
    cursor.execute("SET LOCAL search_path = ''; SET LOCAL check_function_bodies = off")
    with restore_script(dump) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        _replay(cursor, program.stdout, _renamer(schema, into))
        said = program.stderr.read().decode(errors="replace").strip()
    if program.returncode:
        raise Refused("program_failed", f"pg_restore: {said.splitlines()[-1] if said else dump}")
    cursor.execute("SELECT set_config('search_path', %s, true)", [path])
    cursor.execute("SET LOCAL check_function_bodies = on")


def _renamer(schema: str, into: str) -> Any:
    """Puts *into* where a statement names *schema*; in rows nothing is touched."""
    if schema == into:
        return lambda text: text
    named = re.compile(rf"""(?<![\w"])(?:"{re.escape(schema)}"|{re.escape(schema)})(?=[.;])""")
    return lambda text: named.sub(f'"{into}"', text)


def _replay(cursor: Any, script: IO[bytes], rename: Any) -> None:
    statements: list[bytes] = []
    lines = _after_the_settings(script)
    for line in lines:
        if not _COPY.match(line):
            if not line.startswith((b"\\", b"--")):  # \restrict is for psql
                statements.append(line)
            continue
        _execute(cursor, statements, rename)
        statements = []
        command = rename(line.decode()).rstrip().removesuffix(";")
        with cursor.copy(command) as copy:
            for row in lines:
                if row == _END:
                    break
                copy.write(row)
    _execute(cursor, statements, rename)


def _after_the_settings(script: IO[bytes]) -> Iterator[bytes]:
    """What comes before the first CREATE sets the session of somebody who restores by hand."""
    begun = False
    for line in script:
        begun = begun or line.startswith(b"CREATE ")
        if begun:
            yield line


def _execute(cursor: Any, statements: list[bytes], rename: Any) -> None:
    text = b"".join(statements).decode()
    if text.strip():
        cursor.execute(rename(text))
