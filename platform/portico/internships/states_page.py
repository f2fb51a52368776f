"""`docs/states.md`, made from the table: python -m portico.internships.states_page"""

import os
import sys

TITLE = """# A placement's states

Made from `portico/internships/states.py` by `python -m portico.internships.states_page`; a test
compares the two. *clock* acts without a person, *owner* is the coordinator of the school that
released the slot.
"""


def as_markdown() -> str:
    """The page's text: the table of edges, and what states mean for slot and contact."""
    from portico.internships.states import EDGES, HOLDING, OPEN, REVEALING, STEPS, State

    lines = [TITLE, "| from | action | by | to | reason |", "|---|---|---|---|---|"]
    lines.append("| – | request | student | requested | |")
    for edge in EDGES:
        by = ", ".join(sorted(edge.by))
        reason = "required" if edge.reason_required else ""
        lines.append(
            f"| {edge.source.replace('_', ' ')} | {edge.action.replace('_', ' ')} | {by} "
            f"| {edge.target.replace('_', ' ')} | {reason} |"
        )
    lines += ["", "| state | open | keeps a slot | contact visible | step of the tracker |"]
    lines.append("|---|---|---|---|---|")
    for state in State:
        step = next((str(label) for _key, label, states in STEPS if state in states), "")
        marks = ["yes" if state in states else "" for states in (OPEN, HOLDING, REVEALING)]
        lines.append(f"| {state.replace('_', ' ')} | {' | '.join(marks)} | {step} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.settings.dev")
    django.setup()
    sys.stdout.write(as_markdown())
