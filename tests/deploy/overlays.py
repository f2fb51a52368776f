"""kustomize, as much of it as deploy/kubernetes uses: enough to look at what an overlay makes.

Written so that the tests need no kubectl; where there is one they compare. What is not known
here is refused, so the manifests cannot grow past it unnoticed.
"""

import copy
from pathlib import Path
from typing import Any

import yaml

KNOWN = {
    "apiVersion",
    "kind",
    "resources",
    "namespace",
    "images",
    "replicas",
    "configMapGenerator",
    "patches",
}
Manifest = dict[str, Any]
CLUSTER_WIDE = {"Namespace", "ClusterRole", "PersistentVolume"}
MERGED_BY_NAME = {"containers", "volumes", "env", "volumeMounts"}


def render(folder: Path) -> list[Manifest]:
    """What `kubectl kustomize FOLDER` prints, with the config maps' names left as written."""
    wanted = yaml.safe_load((folder / "kustomization.yaml").read_text())
    if unknown := wanted.keys() - KNOWN:
        raise ValueError(f"{folder}: {', '.join(sorted(unknown))} is not known here")
    made: list[Manifest] = []
    for name in wanted.get("resources", []):
        path = (folder / name).resolve()
        made += render(path) if path.is_dir() else list(yaml.safe_load_all(path.read_text()))
    made = copy.deepcopy(made)  # an anchor's two places are one object
    for generator in wanted.get("configMapGenerator", []):
        _config_map(made, folder, generator)
    for patch in wanted.get("patches", []):
        change = yaml.safe_load((folder / patch["path"]).read_text())
        target = find(made, change["kind"], change["metadata"]["name"])
        target.update(_merged(target, change))
    for replicas in wanted.get("replicas", []):
        find(made, "Deployment", replicas["name"])["spec"]["replicas"] = replicas["count"]
    for manifest in made:
        for image in wanted.get("images", []):
            _rename_image(manifest, image)
        if "namespace" in wanted and manifest["kind"] not in CLUSTER_WIDE:
            manifest["metadata"]["namespace"] = wanted["namespace"]
    return made


def find(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    """The one manifest of that kind and name."""
    (found,) = (m for m in manifests if (m["kind"], m["metadata"]["name"]) == (kind, name))
    return found


def pod_specs(manifests: list[Manifest]) -> dict[str, Manifest]:
    """The pods' specs, by the name of what makes them."""
    return {
        manifest["metadata"]["name"]: manifest["spec"]["template"]["spec"]
        for manifest in manifests
        if "template" in manifest.get("spec", {})
    }


def read_env(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _config_map(made: list[Manifest], folder: Path, generator: Manifest) -> None:
    data: dict[str, str] = {}
    for name in generator["envs"]:
        data |= read_env(folder / name)
    if generator.get("behavior") == "merge":
        find(made, "ConfigMap", generator["name"])["data"].update(data)
    else:
        metadata = {"name": generator["name"]}
        made.append({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data})


def _merged(old: Any, new: Any, key: str = "") -> Any:
    """A strategic merge: maps key by key, some lists by name, null takes away."""
    if isinstance(old, dict) and isinstance(new, dict):
        result = dict(old)
        for name, value in new.items():
            if value is None:
                result.pop(name, None)
            else:
                result[name] = _merged(old.get(name), value, name)
        return result
    if isinstance(old, list) and isinstance(new, list) and key in MERGED_BY_NAME:
        by_name = {item["name"]: item for item in old}
        for item in new:
            by_name[item["name"]] = _merged(by_name.get(item["name"]), item)
        return list(by_name.values())
    return new


def _rename_image(manifest: Manifest, image: dict[str, str]) -> None:
    spec = manifest.get("spec", {}).get("template", {}).get("spec", {})
    for container in spec.get("containers", []):
        if container["image"].rpartition(":")[0] == image["name"]:
            container["image"] = f"{image['newName']}:{image['newTag']}"
