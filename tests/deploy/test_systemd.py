"""The units: systemd takes them, they name what exists, and they may do little."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.test_env_example import read_by_settings

FOLDER = Path(__file__).parents[2] / "deploy" / "systemd"
UNITS = sorted(
    path for path in FOLDER.iterdir() if path.suffix in (".service", ".target", ".timer")
)
PROGRAMS = [FOLDER / f"portico-{name}.service" for name in ("setup", "web", "worker", "beat")]
INSTALLED = "/opt/portico/.venv/bin/"


def read(unit: Path) -> dict[str, list[str]]:
    """Every line of the unit, by its key: a key may come more than once."""
    text = unit.read_text().replace("\\\n", " ")
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^([A-Za-z]+)=(.*)$", text, re.M):
        found.setdefault(key, []).append(value)
    return found


def test_all_are_there() -> None:
    assert {unit.name for unit in UNITS} >= {unit.name for unit in PROGRAMS} | {"portico.target"}


def test_systemd_takes_them() -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze here")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, UNITS)], capture_output=True, text=True
    )
    # The program is not installed where it will be.
    missing = re.compile(rf"\S+: Command {INSTALLED}\w+ is not executable: No such file.*")
    left = [line for line in done.stderr.splitlines() if not missing.fullmatch(line)]
    assert left == []


@pytest.mark.parametrize("unit", PROGRAMS, ids=lambda unit: unit.stem)
def test_a_program_is_one_of_ours_and_may_do_little(unit: Path) -> None:
    lines = read(unit)
    (command,) = lines["ExecStart"]
    program = command.split()[0]
    assert program.startswith(INSTALLED)
    assert program.removeprefix(INSTALLED) in {"portico", "granian", "celery"}
    assert lines["User"] == ["portico"]
    assert lines["EnvironmentFile"] == ["/etc/portico/env"]
    assert lines["CapabilityBoundingSet"] == [""]
    for guard in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictNamespaces"):
        assert lines[guard] == ["yes"]
    assert lines["ProtectSystem"] == ["strict"]


@pytest.mark.parametrize("unit", PROGRAMS, ids=lambda unit: unit.stem)
def test_what_a_unit_sets_is_a_setting_and_its_folders_are_made(unit: Path) -> None:
    lines = read(unit)
    pairs = dict(
        pair.split("=", 1) for line in lines["Environment"] for pair in line.split() if "=" in pair
    )
    own = {"DJANGO_SETTINGS_MODULE", "PYTHONUNBUFFERED"}
    assert set(pairs) - own <= read_by_settings()
    made = [f"/var/lib/{name}" for name in " ".join(lines["StateDirectory"]).split()]
    made += [f"/run/{name}" for name in lines.get("RuntimeDirectory", [])]
    for name, value in pairs.items():
        if value.startswith("/"):
            assert any(value == folder or value.startswith(f"{folder}/") for folder in made), name


def test_the_target_starts_what_is_part_of_it() -> None:
    wanted = " ".join(read(FOLDER / "portico.target")["Wants"]).split()
    assert sorted(wanted) == [
        "portico-beat.service",
        "portico-web.service",
        "portico-worker.service",
    ]
    for name in wanted:
        assert read(FOLDER / name)["PartOf"] == ["portico.target"]
        assert "portico-setup.service" in read(FOLDER / name)["After"]


def test_a_reload_is_granians_own() -> None:
    web = read(FOLDER / "portico-web.service")
    assert web["ExecReload"] == ["/bin/kill -HUP $MAINPID"]
    assert web["KillMode"] == ["mixed"]
