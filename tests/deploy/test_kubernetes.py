"""The manifests: valid, hardened, and set by the same settings as everything else."""

import re
import shutil
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from portico.settings.queues import QUEUES
from tests.deploy.overlays import Manifest, find, pod_specs, read_env, render
from tests.deploy.test_env_example import explained, read_by_settings

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
OVERLAYS = ["small", "large"]
RENDERED = {name: render(FOLDER / "overlays" / name) for name in OVERLAYS}
OURS = {"portico-setup", "portico-web", "portico-worker", "portico-beat"}
VERSIONS = ("1.30", "1.33")  # the oldest still in use, and a newer one


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_every_manifest(overlay: str, version: str) -> None:
    assert len(RENDERED[overlay]) >= 14
    for manifest in RENDERED[overlay]:
        kubernetes_validate.validate(manifest, version, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_the_tests_look_at_is_what_kubectl_makes(overlay: str) -> None:
    if not shutil.which("kubectl"):
        pytest.skip("there is no kubectl here")
    done = subprocess.run(
        ["kubectl", "kustomize", str(FOLDER / "overlays" / overlay)],
        capture_output=True,
        text=True,
        check=True,
    )
    hashed = re.compile(r"portico-settings-[a-z0-9]{10}")  # so that a change restarts the pods
    assert hashed.search(done.stdout)
    theirs = list(yaml.safe_load_all(hashed.sub("portico-settings", done.stdout)))
    assert _by_name(theirs) == _by_name(RENDERED[overlay])


def _by_name(manifests: list[Manifest]) -> dict[tuple[str, str], Manifest]:
    return {(each["kind"], each["metadata"]["name"]): each for each in manifests}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_settings_and_secrets_are_those_that_are_read(overlay: str) -> None:
    settings = find(RENDERED[overlay], "ConfigMap", "portico-settings")["data"]
    secrets = read_env(FOLDER / "secrets.env.example")
    assert set(settings) <= read_by_settings()
    assert set(secrets) - read_by_settings() == {"POSTGRES_PASSWORD"}
    assert set(secrets) <= set(explained())
    assert not set(settings) & set(secrets)
    for needed in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "BASE_HOST", "EMAIL_URL"):
        assert needed in {*settings, *secrets}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_of_ours_has_both_and_no_more_rights_than_it_needs(overlay: str) -> None:
    pods = pod_specs(RENDERED[overlay])
    assert set(pods) >= OURS
    for name, pod in pods.items():
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["automountServiceAccountToken"] is False, name
        for container in pod["containers"]:
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["resources"]["limits"]["memory"]
    for name in OURS:
        (container,) = pods[name]["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["image"] == "registry.example.org/portico:0.1.0"
        assert container["envFrom"] == [
            {"configMapRef": {"name": "portico-settings"}},
            {"secretRef": {"name": "portico-secrets"}},
        ]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_selectors_find_their_pods_and_the_probes_their_port(overlay: str) -> None:
    manifests = RENDERED[overlay]
    labelled = [
        each["spec"]["template"]["metadata"]["labels"]
        for each in manifests
        if "template" in each.get("spec", {})
    ]
    for service in (each for each in manifests if each["kind"] == "Service"):
        if service["metadata"]["name"] == "portico-nobody":
            assert "selector" not in service["spec"]
            continue
        wanted = service["spec"]["selector"].items()
        assert [labels for labels in labelled if wanted <= labels.items()] != []
    (web,) = pod_specs(manifests)["portico-web"]["containers"]
    assert [port["name"] for port in web["ports"]] == ["http"]
    probes = {name: web[name]["httpGet"] for name in web if name.endswith("Probe")}
    assert {name: probe["path"] for name, probe in probes.items()} == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_queue_has_workers_and_each_worker_its_own_pods(overlay: str) -> None:
    taken: list[str] = []
    components = []
    for each in RENDERED[overlay]:
        if each["kind"] != "Deployment" or not each["metadata"]["name"].startswith("portico-work"):
            continue
        assert each["spec"]["replicas"] >= 1
        labels = each["spec"]["template"]["metadata"]["labels"]
        assert each["spec"]["selector"]["matchLabels"] == labels
        components.append(labels["app.kubernetes.io/component"])
        (container,) = each["spec"]["template"]["spec"]["containers"]
        named = {line["name"]: line["value"] for line in container.get("env", [])}
        taken += named.get("WORKER_QUEUES", ",".join(QUEUES)).split(",")
    assert sorted(taken) == sorted(QUEUES)
    assert len(components) == len(set(components)) == {"small": 1, "large": 3}[overlay]


def test_there_is_one_clock_and_no_moment_with_two_or_with_no_web() -> None:
    for manifests in RENDERED.values():
        beat = find(manifests, "Deployment", "portico-beat")["spec"]
        assert (beat["replicas"], beat["strategy"]) == (1, {"type": "Recreate"})
        web = find(manifests, "Deployment", "portico-web")["spec"]
        assert web["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_what_machines_ask_leads_nowhere_from_outside() -> None:
    for rule in find(RENDERED["small"], "Ingress", "portico")["spec"]["rules"]:
        paths = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
        assert paths == {
            "/metrics": "portico-nobody",
            "/readyz": "portico-nobody",
            "/": "portico-web",
        }
