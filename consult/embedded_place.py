"""Where the embedded services of one data folder keep their files, and as whom they run."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from consult.embedded_host import Runner, ServicesUnavailable

POINTER = "services-elsewhere.txt"
SYSTEM_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - ownership is checked before use
ROOM_NEEDED = (
    300_000_000  # bytes: a new cluster takes 60 MB, its write-ahead log and a copy of the programs more
)


@dataclass(frozen=True)
class Place:
    """A folder in which `postgres/` and `redis/` lie, and the user who owns them."""

    folder: Path
    runner: Runner
    notes: tuple[str, ...] = ()

    @property
    def first_port(self) -> int:
        """Where the search for ports begins: another for each checkout, the same at every start."""
        return 20_000 + int(_digest(str(self.folder)), 16) % 9_000

    def program(self, name: str, entry: Path, trees: Sequence[Path]) -> Path:
        """A program that the runner may execute: `entry` itself, or the same in a copy of `trees` made here.

        The trees (folders or files) lie beside one another; `entry` lies in the first. A copy is needed where
        the installation lies in a folder that the runner may not enter, or was made with a narrow umask.
        """
        if not self.runner.steps_down or self.runner.executes(entry):
            return entry
        found = entry.stat()
        stamp = _digest(f"{entry} {found.st_size} {found.st_mtime_ns}")
        copies = self.folder / "programs"
        copy = copies / f"{name}-{stamp}"
        if not copy.exists():
            shutil.rmtree(copies / f"{name}.draft", ignore_errors=True)
            for tree in trees:
                _copy_readable(tree, copies / f"{name}.draft" / tree.name)
            for old in copies.glob(f"{name}-*"):
                shutil.rmtree(old)
            (copies / f"{name}.draft").rename(copy)
        return copy / entry.relative_to(trees[0].parent)


def settle(data_dir: Path) -> Place:
    """Decide where the services of `data_dir` live. The answer stays the same once there are data.

    A normal user keeps them in `data_dir`. Root runs them as the owner of existing data, else as `postgres`
    or `nobody`; where that user cannot enter `data_dir`, they live in a system-wide folder named after the
    checkout.

    Raises ServicesUnavailable when the folder cannot be used.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(data_dir).free < ROOM_NEEDED and not (data_dir / "postgres" / "data").exists():
            raise ServicesUnavailable(
                f"The disk of {data_dir} has less than {ROOM_NEEDED // 1_000_000} MB free.",
                "Make room, or set DATA_DIR to a folder on another disk.",
            )
        return _settle_as_root(data_dir) if os.geteuid() == 0 else _settle_as_user(data_dir)
    except OSError as fault:
        raise ServicesUnavailable(
            f"The data folder {data_dir} cannot be used ({fault.strerror}: {fault.filename}).",
            "Give it to the user who runs this, or set DATA_DIR to another folder.",
        ) from fault


def _settle_as_user(data_dir: Path) -> Place:
    uid = os.geteuid()
    for path in (data_dir, data_dir / "postgres", data_dir / "redis"):
        if (
            path.exists()
            and path.stat().st_uid != uid
            and not (path == data_dir and os.access(path, os.W_OK))
        ):
            raise ServicesUnavailable(
                f"{path} belongs to the user {_user_name(path.stat().st_uid)}.",
                "Run as that user, hand it over with `chown -R`, or set DATA_DIR to another folder.",
            )
    if (data_dir / POINTER).exists():
        raise ServicesUnavailable(
            f"Root has run the services of {data_dir}; their data lie in {_pointed(data_dir)}.",
            f"Run as root again, set another DATA_DIR, or begin afresh by deleting {data_dir / POINTER}.",
        )
    return Place(data_dir, Runner(uid, os.getegid(), _user_name(uid), steps_down=False))


def _settle_as_root(data_dir: Path) -> Place:
    inside = data_dir / "postgres" / "data"
    runner = _runner_for_root(data_dir)
    if not inside.exists() and (data_dir / POINTER).exists():
        return _elsewhere(data_dir, runner)
    if runner.reaches(data_dir):
        return Place(data_dir, runner)
    if inside.exists():
        raise ServicesUnavailable(
            f"The user {runner.name} runs the services for root, but may no longer enter {data_dir}.",
            "Open the folders above it again, or set DATA_DIR to another folder.",
        )
    return _elsewhere(data_dir, runner)


def _runner_for_root(data_dir: Path) -> Runner:
    for folder in (data_dir / "postgres", data_dir / "redis"):
        if folder.exists() and folder.stat().st_uid != 0:
            owner = folder.stat()
            return Runner(owner.st_uid, owner.st_gid, _user_name(owner.st_uid), steps_down=True)
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Runner(user.pw_uid, user.pw_gid, name, steps_down=True)
    raise ServicesUnavailable(
        "PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody` to run it.",
        "Run as a normal user, or set DATABASE_URL and REDIS_URL to servers of your own.",
    )


def _elsewhere(data_dir: Path, runner: Runner) -> Place:
    label = re.sub(r"[^a-z0-9]+", "-", data_dir.parent.name.lower()).strip("-") or "checkout"
    choices = [base / f"consult-{label}-{_digest(str(data_dir))[:8]}" for base in SYSTEM_FOLDERS]
    if (data_dir / POINTER).exists():
        if _pointed(data_dir) not in choices:
            raise ServicesUnavailable(
                f"This folder was moved or copied; the data of its services lie in {_pointed(data_dir)}.",
                f"Move them to {choices[0]} and name that in {data_dir / POINTER}, or delete that.",
            )
        choices = [_pointed(data_dir)]
    for folder in choices:
        if _prepared(folder) and runner.reaches(folder):
            (data_dir / POINTER).write_text(f"{folder}\n")
            note = f"The user {runner.name} runs PostgreSQL and Redis for root and may not enter {data_dir}: "
            note += f"their data and a copy of the programs lie in {folder}."
            return Place(folder, runner, (note,))
    raise ServicesUnavailable(
        f"The user {runner.name} may enter neither {data_dir} nor {' nor '.join(map(str, choices))}.",
        "Set DATA_DIR to a folder that everybody may enter, or run as a normal user.",
    )


def _prepared(folder: Path) -> bool:
    """Make a system-wide folder, or find it made by us: in a folder open to all, others could lay a trap."""
    try:
        folder.mkdir(mode=0o711, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            return False
        folder.chmod(0o711)
    except OSError:
        return False
    return True


def _pointed(data_dir: Path) -> Path:
    return Path((data_dir / POINTER).read_text().strip())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # containers often run as a bare number
        return str(uid)


def _copy_readable(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.a", "include"))
    else:
        shutil.copy2(source, target)
    for part in [*target.parents[:2], target, *target.rglob("*")]:
        if not part.is_symlink():
            part.chmod(0o755 if part.is_dir() or part.stat().st_mode & stat.S_IXUSR else 0o644)
