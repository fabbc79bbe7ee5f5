"""Bring LHC-Forms, the form renderer of the US National Library of Medicine, into `build/`: `make renderer`.

The npm package `lforms`, in the one version that is named here and checked against its digest. Needs npm to fetch it,
and nothing but Python's own library: it runs before anything is installed.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

VERSION: Final = "40.1.3"
INTEGRITY: Final = "WLruTm+BcVnafC0rSAQ3/cNqhxvclBUxyBG68aub/uha2NaK9H8ZZcEXTTuORuGzzCt0wa7fvhuieZtcDIdPzQ=="
"""SHA-512 of the package, as the registry states it."""

BUILD: Final = Path(__file__).parents[2] / "build" / "lhc-forms"
INSTALLED: Final = BUILD / VERSION
_FILES: Final = "package/dist/lforms/"


def install() -> None:
    """Fetch, check and unpack; does nothing when that was done before. Raises ValueError for another package."""
    if INSTALLED.exists():
        return
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as scratch:
        package = _fetched(Path(scratch))
        check(package.read_bytes())
        unpack(package, Path(scratch) / "files")
        (Path(scratch) / "files").rename(INSTALLED)


def check(package: bytes) -> None:
    """Refuse what is not the package that was pinned."""
    found = base64.b64encode(hashlib.sha512(package).digest()).decode()
    if found != INTEGRITY:
        raise ValueError(f"lforms {VERSION} has the digest {found}, not the one it was pinned with: do not use it")


def unpack(package: Path, folder: Path) -> None:
    """The files a page loads, without the maps for debuggers."""
    with tarfile.open(package) as archive:
        for member in archive:
            held = archive.extractfile(member)
            if held and member.name.startswith(_FILES) and not member.name.endswith(".map"):
                file = folder / member.name.removeprefix(_FILES)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(held.read())


def _fetched(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch LHC-Forms: apt-get install npm")
    subprocess.run([npm, "pack", "--silent", f"lforms@{VERSION}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder / f"lforms-{VERSION}.tgz"


if __name__ == "__main__":
    install()
