"""The doors of the house: make, CI and the scripts behind them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()


def run(*command: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs in the repository; with ``path`` only the programs in that folder exist."""
    environment = None if path is None else {"PATH": str(path)}
    bash = shutil.which(command[0]) or command[0]
    return subprocess.run([bash, *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The programs of a machine that has next to nothing."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "dirname", "env", "grep", "id", "cat", "rm", "mktemp"):
        (programs / name).symlink_to(shutil.which(name) or name)
    return programs


def add_program(machine: Path, name: str, script: str) -> None:
    program = machine / name
    program.write_text(f"#!/usr/bin/env bash\n{script}\n")
    program.chmod(0o755)


def test_make_alone_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    shown = run("make", "--no-print-directory")

    assert shown.returncode == 0
    assert re.findall(r"make ([a-z-]+) ", shown.stdout) == phony.group(1).split()


@pytest.mark.parametrize("target", ["demo", "test", "lint", "types", "format", "bench", "soak", "help", "install"])
def test_the_target_exists(target: str) -> None:
    assert re.search(rf"^{target}: .*## \w", MAKEFILE, re.MULTILINE)


def test_ci_runs_what_a_developer_runs() -> None:
    assert "make lint types test" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize("script", sorted((ROOT / "scripts").glob("*.sh")), ids=lambda script: script.name)
def test_a_script_is_strict_and_may_be_run(script: Path) -> None:
    assert "set -euo pipefail" in script.read_text()
    assert script.stat().st_mode & 0o111


def test_a_python_that_is_too_old_is_told_in_one_line(machine: Path) -> None:
    add_program(machine, "python3", "exit 1")  # it answers no to "are you 3.11?"

    done = run("bash", "scripts/venv.sh", path=machine)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 or newer" in done.stderr


def test_a_missing_chromium_that_may_not_be_installed_is_named_in_one_line(machine: Path) -> None:
    done = run("bash", "scripts/debian-packages.sh", "tests", path=machine)

    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert "sudo apt-get install chromium" in done.stderr


def test_missing_fonts_are_named_but_do_not_stop_the_tests(machine: Path) -> None:
    add_program(machine, "chromium", "exit 0")
    add_program(machine, "tesseract", "exit 0")
    add_program(machine, "dpkg-query", "exit 1")  # knows no package

    done = run("bash", "scripts/debian-packages.sh", "tests", path=machine)

    assert done.returncode == 0
    assert "fonts-noto-core fonts-noto-color-emoji" in done.stderr


def test_with_everything_there_nothing_is_said_or_installed(machine: Path) -> None:
    add_program(machine, "chromium", "exit 0")
    add_program(machine, "dpkg-query", "echo installed")
    add_program(machine, "apt-get", "echo called; exit 1")

    done = run("bash", "scripts/debian-packages.sh", "tests", path=machine)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_packages_are_installed_where_that_is_allowed(machine: Path, tmp_path: Path) -> None:
    add_program(machine, "sudo", 'while [ "${1:-}" = -n ]; do shift; done; exec "$@"')
    add_program(machine, "true", "exit 0")
    add_program(machine, "dpkg-query", "echo installed")
    # The first try fails as with empty package lists; after an update the package is there.
    add_program(
        machine,
        "apt-get",
        f'echo "$*" >>{tmp_path}/calls\n'
        f'case "$*" in\n'
        f"  *update*) : >{tmp_path}/updated ;;\n"
        f"  *) [ -e {tmp_path}/updated ] || exit 100; printf '#!/usr/bin/env bash\\n' >{machine}/chromium\n"
        f"     chmod +x {machine}/chromium ;;\n"
        f"esac",
    )
    (machine / "chmod").symlink_to(shutil.which("chmod") or "chmod")

    done = run("bash", "scripts/debian-packages.sh", "tests", path=machine)

    assert done.returncode == 0
    assert done.stderr == ""
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 3
    assert all("chromium" in calls[i] for i in (0, 2))
