"""One row of the drill's table."""

from dataclasses import asdict, dataclass, field


@dataclass(kw_only=True)
class Row:
    """One fault: what people saw, and what was found when all stood still again.

    `errors`: pages that said something broke, and requests without an answer. `refused`: a
    clear no. `lost`: a yes whose effect is not there. `doubled`: an effect that is there
    twice. `revived`: programs that ended by themselves and were started again.
    """

    fault: str
    seconds: float
    requests: int
    errors: int
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    mails: int = 0
    mails_twice: int = 0
    revived: list[str] = field(default_factory=list)
    ok: bool
    why: list[str] = field(default_factory=list)  # what is not ok

    def as_json(self) -> dict[str, object]:
        return asdict(self)
