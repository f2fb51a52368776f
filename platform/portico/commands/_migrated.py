"""How a migration of many schools went, in a few lines."""

from typing import TYPE_CHECKING

from portico.terminal import console

if TYPE_CHECKING:
    from tenants.provisioning.rollout import Summary

MOST_LINES = 50


def say_summary(summary: "Summary") -> int:
    """Print *summary*, what failed last; gives the exit code."""
    groups: dict[tuple[str, ...], int] = {}
    for migrations in summary.migrated.values():
        groups[migrations] = groups.get(migrations, 0) + 1
    for migrations, count in groups.items():
        console.print(f"{count} schemas: {', '.join(migrations)}", markup=False, soft_wrap=True)
    if summary.granted:
        console.print(f"{len(summary.granted)} schools: rights as declared again")
    console.print(
        f"{len(summary.migrated)} migrated, {summary.up_to_date} up to date already, "
        f"{len(summary.failed)} failed"
    )
    for name, reason in list(summary.failed.items())[:MOST_LINES]:
        console.print(f"  {name}: {reason}", markup=False, soft_wrap=True)
    if len(summary.failed) > MOST_LINES:
        console.print(f"  and {len(summary.failed) - MOST_LINES} more")
    if summary.failed:
        console.print("What is done stays done; run it again to go on: portico migrate")
    return 1 if summary.failed else 0
