"""The image's recipe, as far as it can be read without a Docker engine."""

import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "deploy" / "Dockerfile").read_text()
STAGES = TEXT.split("\nFROM ")[1:]


def instructions(word: str) -> list[str]:
    joined = TEXT.replace("\\\n", " ")
    return [line.split(None, 1)[1] for line in joined.splitlines() if line.startswith(f"{word} ")]


def copied_from_the_project() -> list[str]:
    lines = [line for line in instructions("COPY") if not line.startswith("--from")]
    return [source for line in lines for source in line.split()[:-1]]


def test_everything_it_copies_exists_and_is_let_through() -> None:
    allowed = [
        line[1:]
        for line in (ROOT / "deploy" / "Dockerfile.dockerignore").read_text().splitlines()
        if line.startswith("!")
    ]
    sources = copied_from_the_project()
    assert "requirements.lock" in sources
    assert [name for name in sources if not (ROOT / name).exists()] == []
    assert sorted(sources) == sorted(allowed)


def test_secrets_and_data_stay_out() -> None:
    first, *_ = (
        line
        for line in (ROOT / "deploy" / "Dockerfile.dockerignore").read_text().splitlines()
        if not line.startswith("#")
    )
    assert first == "*"
    for source in copied_from_the_project():
        assert not any(
            fnmatch(source, name) for name in (".", ".env", ".portico", "deploy", ".git")
        )


def test_every_package_of_the_project_is_in_the_image() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {name.split("/")[0] for name in packages} <= set(copied_from_the_project())


def test_it_does_not_run_as_root() -> None:
    assert "\nUSER portico\n" in STAGES[-1]
    assert STAGES[-1].index("\nUSER ") < STAGES[-1].index("\nCMD ")


def test_uv_is_the_one_that_make_uses() -> None:
    pin = re.compile(r"uv==[\d.]+")
    assert pin.findall(TEXT) == pin.findall((ROOT / "Makefile").read_text()) != []
