"""One row of a measurement."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Case:
    """What we take beside what cannot be beaten (limit) and what others take (rival).

    The ratio to the limit should be near 1; the one to the rival should be small.
    """

    case: str
    unit: str
    ours: float
    limit: float | None = None
    rival: float | None = None
    aim: str
    ok: bool

    @property
    def verdict(self) -> str:
        """“ok”, “missed”; nothing of a case that is only shown."""
        if self.aim == "shown":
            return ""
        return "ok" if self.ok else "missed"

    def as_json(self) -> dict[str, float | str | bool | None]:
        return asdict(self) | {
            "ratio_to_limit": self.ours / self.limit if self.limit else None,
            "ratio_to_rival": self.ours / self.rival if self.rival else None,
        }
