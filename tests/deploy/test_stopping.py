"""However it runs, a web process is given longer to stop than its parent waits for it.

A process told to stop while it starts does not hear it: granian ends it after
`--workers-kill-timeout`. What stops granian itself must not be quicker than that.
"""

import re
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
PROGRAMS = ("Dockerfile", "systemd/portico-web.service")
PATIENCE = {
    "systemd/portico-web.service": r"^TimeoutStopSec=(\d+)$",
    "compose.yaml": r"^  web:\n(?:^ {4}.*\n)*?^    stop_grace_period: (\d+)s",
    "kubernetes/base/web.yaml": r"^ +terminationGracePeriodSeconds: (\d+)$",
}


@pytest.mark.parametrize("place", PATIENCE)
def test_stopping_waits_for_the_slowest_process(place: str) -> None:
    (patience,) = re.findall(PATIENCE[place], (DEPLOY / place).read_text(), re.M)
    for program in PROGRAMS:
        text = (DEPLOY / program).read_text()
        (kill_after,) = re.findall(r"--workers-kill-timeout\W+(\d+)", text)
        assert int(kill_after) + 10 <= int(patience)
