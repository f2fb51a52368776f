"""`make audit` fails on a weakness, and does not call what it could not ask a pass."""

import runpy
from pathlib import Path

import pytest

AUDIT = runpy.run_path(str(Path(__file__).parents[2] / ".ci" / "audit"), run_name="audit")
judge = AUDIT["judge"]
SOUND = {"name": "django", "version": "5.2.19", "vulns": []}
WEAK = {
    "name": "pillow",
    "version": "9.0",
    "vulns": [{"id": "PYSEC-2023-1", "fix_versions": ["10.0"], "aliases": [], "description": ""}],
}
UNKNOWN = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize("required", [False, True])
def test_a_weakness_fails_and_says_what_mends_it(required: bool) -> None:
    code, lines = judge({"dependencies": [SOUND, UNKNOWN, WEAK]}, "", required=required)
    assert code == 1
    assert lines == ["pillow 9.0: PYSEC-2023-1, mended in 10.0"]


@pytest.mark.parametrize(
    ("packages", "said"), [([], "ConnectionError: no route"), ([UNKNOWN, UNKNOWN], "")]
)
def test_out_of_reach_is_said_and_fails_only_where_it_is_required(packages, said) -> None:
    for required in (False, True):
        code, (line,) = judge({"dependencies": packages}, said, required=required)
        assert code == int(required)
        assert line.startswith("NOT AUDITED")
    assert said in line


def test_all_asked_and_sound() -> None:
    assert judge({"dependencies": [SOUND]}, "", required=True) == (
        0,
        ["1 packages audited, no known weakness."],
    )
    code, lines = judge({"dependencies": [SOUND, UNKNOWN]}, "", required=False)
    assert code == 0
    assert "ours" in lines[1]
