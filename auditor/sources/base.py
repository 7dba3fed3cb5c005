"""The code as it was before a change: another path, or the tree of git's merge base.

Git is asked by plumbing commands only, and blobs are taken out raw: no checkout, so that no hook, filter, monitor or
attribute of the repository takes part, and nothing is fetched. What is written is bounded, and no link leads out of it.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from auditor.sources.lent import lend

SECONDS = 120
MOST_FILES = 200_000
MOST_BYTES = 1_000_000_000
_LARGE = 1_000_000  # beyond this only what looks like code is taken
_LARGEST = 20 * 1024 * 1024
_CODE = (".tf", ".tofu", ".json", ".tfvars", ".yaml", ".yml", ".template", ".hcl", ".tpl", ".tftpl")
# In a repository of somebody else any of these settings could start a program.
_QUIET = (
    "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.untrackedCache=false", "safe.bareRepository=explicit",
    "protocol.allow=never", "core.attributesFile=/dev/null", "credential.helper=", "diff.external=",
    "submodule.recurse=false", "maintenance.auto=false", "gc.auto=0",
)  # fmt: skip


class NoBase(Exception):
    """What the change is to be compared with cannot be read; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Base:
    """`path` is where the judged path lay then (it may not have been there), `root` the top of that tree."""

    path: Path
    root: Path
    label: str
    commit: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    blob: str
    size: int
    name: str


def top(path: Path) -> Path | None:
    """The top of the repository that a path lies in; nothing where there is none."""
    try:
        return _top(path)
    except NoBase:
        return None


def _top(path: Path) -> Path:
    folder = path if path.is_dir() else path.parent
    said = os.fsdecode(_git(folder, "rev-parse", "--show-toplevel")).removesuffix("\n")
    if not said:
        raise NoBase("git: this is not a working tree")
    return Path(said).resolve()


@contextmanager
def opened(path: Path, given: str) -> Iterator[Base]:
    """The base that a user names, a path or a ref of the repository that `path` lies in."""
    root = top(path)
    commit = _commit(root, given) if root else ""
    other = Path(given)
    if commit and other.exists() and not given.startswith((".", "/")):
        raise NoBase(f"`{given}` is both a git ref and a path; write `./{given}` or `refs/heads/{given}`")
    if not commit:
        if not other.exists():
            if not root:
                raise NoBase(f"`{given}` is not a path, and {path} is not in a git working tree; pass a path as --base")
            raise NoBase(
                f"`{given}` is neither a path nor a ref of {root}; in CI fetch the whole history (fetch-depth: 0)"
            )
        if other.resolve() == path.resolve():
            raise NoBase(
                f"`{given}` is the checked path itself; name a git ref, or the path of the code before the change"
            )
        yield Base(other, top(other) or (other if other.is_dir() else other.parent), given)
        return
    assert root is not None  # noqa: S101  a commit was found in it
    merge_base = _merge_base(root, given, commit)
    with tempfile.TemporaryDirectory(prefix="auditor-base-") as folder:
        target = Path(folder).resolve() / "tree"
        target.mkdir()
        inside = path.resolve().relative_to(root)
        _export(root, merge_base, inside.as_posix(), target)
        there = target / inside
        if not there.exists():
            there = target / _name_before(root, merge_base, inside.as_posix())
        if not lend(path.resolve(), there, lambda each: _tracked(root, each)):
            raise NoBase("the modules in .terraform are too many or too large to compare with; pass a path as --base")
        yield Base(there, target, f"merge base {merge_base[:10]} of {given} and HEAD", merge_base)


def _tracked(root: Path, folder: Path) -> bool:
    """Whether the repository holds files of a folder; where that cannot be said, it may."""
    try:
        return bool(_git(root, "ls-files", "-z", "--", f":(literal){folder.relative_to(root).as_posix()}"))
    except (NoBase, ValueError):
        return True


def _git(folder: Path, *words: str, input: bytes = b"", out: BinaryIO | None = None) -> bytes:
    """One git command: no shell, no network, no prompt, bounded time; the repository is found from the folder alone."""
    settings = [word for each in _QUIET for word in ("-c", each)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environ |= {
        "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_ATTR_NOSYSTEM": "1", "LC_ALL": "C",
    }  # fmt: skip
    try:
        done = subprocess.run(
            ["git", "--no-pager", *settings, "-C", str(folder), *words],  # noqa: S607  the git of the user
            input=input, stdout=out or subprocess.PIPE, stderr=subprocess.PIPE, env=environ, timeout=SECONDS,
            check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise NoBase("git is not installed; pass a path as --base") from None
    except subprocess.TimeoutExpired:
        raise NoBase(f"git {words[0]} took more than {SECONDS} seconds; pass a path as --base") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise NoBase(f"git {words[0]}: {said[-1] if said else f'exit code {done.returncode}'}")
    return done.stdout or b""


def patch(root: Path, commit: str) -> bytes:
    """What changed between a commit and HEAD, as a host of pull requests shows it: no filter, no program of anybody."""
    options = (
        "-p",
        "-r",
        "-U3",
        "-M",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--src-prefix=a/",
        "--dst-prefix=b/",
    )
    settings = ("-c", "core.quotePath=false", "-c", "core.bigFileThreshold=2m")  # larger files are not shown as text
    return _git(root, *settings, "diff-tree", *options, commit, "HEAD", "--", *(f"*{each}" for each in _CODE))


def _commit(root: Path, ref: str) -> str:
    """The commit that a ref names; nothing for what is no ref. A ref never begins like an option."""
    if not ref or ref.startswith("-") or "\0" in ref:
        return ""
    try:
        return _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}").decode().strip()
    except NoBase:
        return ""


def _merge_base(root: Path, ref: str, commit: str) -> str:
    try:
        found = _git(root, "merge-base", commit, "HEAD").decode().split()
    except NoBase:
        found = []
    if not found:
        raise NoBase(f"{ref} and HEAD have no common commit here; fetch the whole history (fetch-depth: 0)")
    return found[0]


def _name_before(root: Path, commit: str, name: str) -> str:
    """What a path that is new was called in the base, when git sees that it was renamed."""
    options = ("-r", "-z", "-M", "-l5000", "--name-status", "--no-ext-diff", "--no-textconv")
    said = _git(root, "diff-tree", *options, commit, "HEAD")
    words = iter(said.decode(errors="surrogateescape").split("\0"))
    votes: dict[str, int] = {}
    for word in words:
        if not word.startswith("R"):
            next(words, "")
            continue
        old, new = next(words, ""), next(words, "")
        if new == name:
            return old
        if new.startswith(name + "/"):
            depth = new.removeprefix(name).count("/")
            before = old.rsplit("/", depth)[0] if old.count("/") >= depth else "."
            votes[before] = votes.get(before, 0) + 1
    return max(sorted(votes), key=lambda each: votes[each]) if votes else name


# ---- the tree of a commit


def _export(root: Path, commit: str, inside: str, target: Path) -> None:
    """Write the files of a commit below `target`, blobs as they are."""
    entries = [each for each in _entries(root, commit) if _wanted(each, inside)]
    if len(entries) > MOST_FILES or sum(each.size for each in entries) > MOST_BYTES:
        raise NoBase("the tree of the base is too large to check out; pass a path as --base")
    for name, pinned in _submodules(root, commit):
        _export_submodule(root.resolve() / name, name, pinned, target / name)
    with tempfile.TemporaryFile() as stream:
        blobs = "".join(f"{each.blob}\n" for each in entries).encode()
        _git(root, "cat-file", "--batch", "--buffer", input=blobs, out=stream)
        stream.seek(0)
        links = [(each, data) for each in entries if (data := _write(each, _blob(stream, each), target)) is not None]
    for entry, data in links:
        _link(entry, data, target)
    _check_links([target / entry.name for entry, _ in links], target)


def _submodules(root: Path, commit: str) -> Iterator[tuple[str, str]]:
    """The repositories inside this one, with the commit that each was pinned to: any module of them may be called."""
    for line in _git(root, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        facts, _, name = line.partition(b"\t")
        mode, _, rest = facts.decode("ascii").partition(" ")
        if mode == "160000" and not _leads_out(os.fsdecode(name)):
            yield os.fsdecode(name), rest.partition(" ")[2]


def _export_submodule(there: Path, name: str, commit: str, target: Path) -> None:
    """The files of a submodule as it was pinned, where it is checked out: its code is judged on the other side too."""
    if there.resolve() != there or top(there) != there:
        return  # nobody checked it out, so nothing of it is judged
    if not _commit(there, commit):
        raise NoBase(f"the submodule {name} was at {commit[:10]}, which is not here; fetch its whole history")
    target.mkdir(parents=True, exist_ok=True)
    _export(there, commit, ".", target)


def _entries(root: Path, commit: str) -> Iterator[_Entry]:
    for line in _git(root, "ls-tree", "-r", "-z", "-l", "--full-tree", commit).split(b"\0"):
        facts, tab, name = line.partition(b"\t")
        if not tab:
            continue
        mode, kind, blob, size = facts.decode("ascii").split()
        if kind == "blob" and size.isdigit():
            yield _Entry(mode, blob, int(size), os.fsdecode(name))


def _leads_out(name: str) -> bool:
    """Whether a name in a tree leads out of it, or into git's own folder."""
    parts = PurePosixPath(name).parts
    return name.startswith("/") or "\\" in name or any(part == ".." or part.lower() == ".git" for part in parts)


def _wanted(entry: _Entry, inside: str) -> bool:
    """Nothing that could not be judged anyway, and no name that leads out."""
    if _leads_out(entry.name) or entry.size > _LARGEST:
        return False
    return entry.size <= _LARGE or entry.name.endswith(_CODE) or entry.name.startswith(inside + "/")


def _blob(stream: BinaryIO, entry: _Entry) -> bytes:
    head = stream.readline().split()
    if len(head) != 3 or head[0].decode() != entry.blob or int(head[2]) != entry.size:
        raise NoBase(f"git does not have {entry.name} of the base; fetch the whole history and all files")
    data = stream.read(entry.size)
    stream.read(1)
    return data


def _write(entry: _Entry, data: bytes, target: Path) -> bytes | None:
    """Write a file; a link is given back, to be made when all files are there."""
    if entry.mode == "120000":
        return data
    path = target / entry.name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise NoBase(f"{entry.name} of the base cannot be written: {error.strerror}") from error
    return None


def _link(entry: _Entry, data: bytes, target: Path) -> None:
    path = target / entry.name
    goal = os.fsdecode(data)
    if not goal or "\0" in goal or goal.startswith("/") or len(goal) > 4096:
        return
    inside = Path(os.path.normpath(path.parent / goal)).is_relative_to(target)
    if inside and path.parent.resolve().is_relative_to(target) and not path.exists() and not path.is_symlink():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(goal)


def _check_links(paths: list[Path], target: Path) -> None:
    """Links of links may lead out though each by itself does not; those go again."""
    for path in paths:
        try:
            inside = path.resolve().is_relative_to(target)
        except (OSError, RuntimeError):  # a circle of links
            inside = False
        if path.is_symlink() and not inside:
            path.unlink()
