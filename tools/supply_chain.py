"""What the image is made of: `./imagine sbom`, `./imagine licences`, `./imagine audit`.

Each looks at requirements/runtime.lock, which is what the image installs.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements" / "runtime.lock"


def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the installed tools."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def sbom() -> int:
    """Print a CycloneDX bill of materials, with the hashes."""
    done = run("cyclonedx_py", "requirements", "--output-format", "JSON", str(LOCK))
    print(done.stdout or done.stderr)
    return done.returncode


def licences() -> int:
    """Print each package with its version and licence, as installed here."""
    names = re.findall(r"^([\w.-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    options = ("--from=mixed", "--format=markdown", "--with-urls", "--packages", *names)
    done = run("piplicenses", *options)
    print(done.stdout or done.stderr)
    return done.returncode


def audit() -> int:
    """Look for known vulnerabilities; skipped, with the reason, where the data is out of reach."""
    options = ("--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json")
    done = run("pip_audit", *options, "-r", str(LOCK))
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        reason = (done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1]
        print(f"audit: skipped, its data cannot be reached: {reason[:300]}")
        return 0
    unseen = [package for package in packages if "skip_reason" in package]
    if len(unseen) == len(packages):
        print(f"audit: skipped, nothing could be looked up: {unseen[0]['skip_reason']}")
        return 0
    found = [package for package in packages if package.get("vulns")]
    for package in found:
        ids = ", ".join(hole["id"] for hole in package["vulns"])
        print(f"audit: {package['name']} {package['version']}: {ids}")
    print(f"audit: {len(found)} of {len(packages)} packages have known holes")
    print(f"audit: {len(unseen)} could not be looked up")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit({"sbom": sbom, "licences": licences, "audit": audit}[sys.argv[1]]())
