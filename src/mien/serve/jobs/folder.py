"""The data folder: where the files of jobs lie, and how nothing half stays in it.

folder/
  jobs.db            the database (and its log beside it)
  incoming/          uploads that are still being written
  jobs/<id>/         one folder a job: source.<ext>, its transcript, analysis.json
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from mien.errors import OutputError
from mien.io import save_text
from mien.io.paths import reason
from mien.io.sniff import EXTENSIONS
from mien.io.walk import TRANSCRIPTS

__all__ = ["ANALYSIS", "DataFolder"]

ANALYSIS = "analysis.json"
DATABASE = "jobs.db"
PRIVATE = 0o700
GONE = ".gone-"
FOUND = "lost+found"
"""What file systems put into a fresh volume."""

_log = logging.getLogger(__name__)


class DataFolder:
    """The files of all jobs.

    Args:
        path: The folder; made if it is not there.

    Raises:
        OutputError: It cannot be made or written, or holds files of something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / DATABASE
        self.incoming = path / "incoming"
        self._jobs = path / "jobs"
        try:
            path.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
            self._check()
            with suppress(PermissionError):  # a volume that belongs to another user keeps its mode
                path.chmod(PRIVATE)
            self.database.touch(mode=0o600)  # from here on the folder is known as ours
            for inner in (self.incoming, self._jobs):
                inner.mkdir(exist_ok=True, mode=PRIVATE)
        except OutputError:
            raise
        except OSError as error:
            raise OutputError(f"the data folder {path} cannot be used: {reason(error)}") from error

    def place(self, job: str) -> Path:
        """Return the folder of a job."""
        return self._jobs / job

    def take_in(self, job: str, source: Path, suffix: str, transcript: Path | None) -> str:
        """Move the files of a new job into its folder and return what the source is called there.

        Raises:
            OutputError: They cannot be moved.
        """
        place, name = self.place(job), f"source{_allowed(suffix, EXTENSIONS) or _allowed(source.suffix, EXTENSIONS)}"
        try:
            place.mkdir(mode=PRIVATE)
            _moved(source, place / name)
            if transcript is not None:
                _moved(transcript, place / f"source{_allowed(transcript.suffix, TRANSCRIPTS) or '.txt'}")
            _settle(place)
            _settle(self._jobs)
        except OSError as error:
            self.discard(job)
            raise OutputError(f"the upload cannot be kept: {reason(error)}") from error
        return name

    def analysis(self, job: str) -> Path:
        """Return where the result of a job lies once it is done."""
        return self.place(job) / ANALYSIS

    @contextmanager
    def writing(self, job: str, attempt: int, content: str) -> Iterator[Path | None]:
        """Write a result under a temporary name, which goes away if it is not published within the block.

        Gives ``None`` where the folder of the job is gone.

        Raises:
            OutputError: It cannot be written.
        """
        written = self.place(job) / f".{attempt}-{ANALYSIS}"
        try:
            try:
                save_text(written, content)
            except OutputError:
                if written.parent.is_dir():
                    raise
                yield None
            else:
                yield written
        finally:
            written.unlink(missing_ok=True)

    def publish(self, job: str, written: Path) -> None:
        """Give a result that was written its own name."""
        written.replace(self.analysis(job))
        _settle(self.place(job))

    def discard(self, job: str) -> None:
        """Remove the folder of a job, at once for everyone who looks for it, then its files.

        What the system does not let go now is removed by the next start.
        """
        gone = self._jobs / f"{GONE}{secrets.token_hex(8)}"
        try:
            self.place(job).rename(gone)
            shutil.rmtree(gone)
        except FileNotFoundError:
            return
        except OSError as error:
            _log.warning("files of a deleted job stay until the next start: %s", error)

    def tidy(self, job: str, *, done: bool = False) -> None:
        """Remove what a worker that was stopped left half written, and a result that no row of the database knows."""
        place = self.place(job)
        for path in [*place.glob(".*"), *([] if done else [place / ANALYSIS])]:
            path.unlink(missing_ok=True)

    def sweep(self, known: Mapping[str, bool]) -> int:
        """Remove uploads that nobody finished, folders of no known job and half files.

        Only to be called while nobody adds jobs.

        Args:
            known: Whether a job is done, for each that there is.

        Returns:
            How many uploads and folders were removed.
        """
        swept = 0
        for path in [*self.incoming.iterdir(), *(path for path in self._jobs.iterdir() if path.name not in known)]:
            _remove(path)
            swept += 1
        for job, done in known.items():
            self.tidy(job, done=done)
        return swept

    def _check(self) -> None:
        """Take no folder of something else for ours: what is unknown in ours is swept away."""
        others = [path.name for path in self.path.iterdir() if not path.name.startswith(".") and path.name != FOUND]
        if others and not self.database.is_file():
            raise OutputError(
                f"the folder {self.path} holds other files ({sorted(others)[0]}); give an empty or new one"
            )


def _allowed(suffix: str, known: Collection[str]) -> str:
    """A suffix as we write it, if it is one that we know: nothing of a client's name enters a path."""
    return next((item for item in known if item == suffix.lower()), "")


def _moved(source: Path, target: Path) -> None:
    with source.open("rb+") as stream:
        os.fsync(stream.fileno())
    source.replace(target)


def _settle(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
