""".ci/venv on machines that lack something: one line that says what."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / ".ci" / "venv"


def run(folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [shutil.which("sh") or "/bin/sh", str(SCRIPT)],
        cwd=folder,
        env={"UV": "uv", **environment},
        capture_output=True,
        text=True,
    )


def test_without_a_python_it_says_which_one_it_needs(tmp_path: Path) -> None:
    done = run(tmp_path, PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("Portico needs Python 3.11 or later")
    assert done.stderr.count("\n") == 1


def test_a_python_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # what it answers to "are you 3.11 or later?"
    old.chmod(0o755)
    assert "Portico needs Python 3.11" in run(tmp_path, PATH=str(tmp_path)).stderr


def test_without_venv_it_names_the_package_to_install(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError")  # as Debian's python3 is
    done = run(tmp_path, PATH=os.environ["PATH"], PYTHON=sys.executable, PYTHONPATH=str(tmp_path))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert done.returncode == 1
    assert done.stderr.endswith(f"apt install python{version}-venv\n")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / ".venv").exists()
