"""Which folder holds what: the clone, its virtual environment, the data, the sockets."""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from launcher.console import Problem

CLONE = Path(__file__).resolve().parent.parent.parent
MARKER = ".aset-data"
LONGEST_SOCKET_FOLDER = 80
"""Socket paths end at 107 bytes; the folder leaves room for `postgres/.s.PGSQL.5432`."""


def is_root() -> bool:
    """True when the launcher itself runs as root; the servers then run as `nobody`."""
    return os.geteuid() == 0


def clone_hash() -> str:
    """Eight characters that tell two clones on one machine apart."""
    return hashlib.sha256(str(CLONE).encode()).hexdigest()[:8]


def base_folder() -> Path:
    """Where data lives by default: in the clone, or outside it for root, whose clone `nobody` may be unable to enter."""
    if is_root():
        return Path(f"/var/lib/aset-safeguarding-demo-{clone_hash()}")
    return CLONE / "var"


@dataclass(frozen=True)
class Places:
    """The folders of one set of data."""

    data: Path
    sockets: Path

    @property
    def postgres(self) -> Path:
        """The database cluster."""
        return self.data / "postgres"

    @property
    def postgres_socket(self) -> Path:
        """Folder of the database's private socket."""
        return self.sockets / "postgres"

    @property
    def valkey_socket(self) -> Path:
        """Folder of the queue's private socket."""
        return self.sockets / "valkey"

    @property
    def keys(self) -> Path:
        """Generated keys, readable by their owner alone."""
        return self.data / "keys"

    @property
    def mails(self) -> Path:
        """Mails caught by the sink."""
        return self.data / "mails"

    @property
    def files(self) -> Path:
        """Sealed uploads and exports."""
        return self.data / "files"

    @property
    def static(self) -> Path:
        """Collected static files."""
        return self.data / "static"

    @property
    def run(self) -> Path:
        """What does not outlive a run: beat's schedule."""
        return self.data / "run"

    @property
    def log(self) -> Path:
        """The one log of all processes."""
        return self.data / "log" / "aset.log"


def places_for(name: str, data: Path | None = None) -> Places:
    """The folders for `demo`, `test` or `bench`, or for a folder the person chose."""
    folder = (data or base_folder() / name).expanduser().resolve()
    sockets = folder / "run"
    if len(os.fsencode(sockets)) > LONGEST_SOCKET_FOLDER:
        digest = hashlib.sha256(str(folder).encode()).hexdigest()[:8]
        sockets = Path(tempfile.gettempdir()) / f"aset-{os.geteuid()}-{digest}"
    return Places(data=folder, sockets=sockets)


def prepare(places: Places) -> None:
    """Make the folders. As root, `nobody` may pass through the data folder but list nothing in it.

    Raises Problem when the folder holds something else, or belongs to somebody else.
    """
    if not is_root() and places.data.is_relative_to(CLONE / "var"):
        (CLONE / "var").mkdir(exist_ok=True)
    _refuse_foreign(places.data)
    _refuse_unreachable(places.data)
    try:
        places.data.mkdir(parents=True, exist_ok=True)
        places.data.chmod(0o711 if is_root() else 0o700)
        (places.data / MARKER).touch()
        for folder in (places.keys, places.mails, places.files, places.log.parent, places.run):
            folder.mkdir(mode=0o700, exist_ok=True)
        _prepare_sockets(places)
    except PermissionError as error:
        raise Problem(f"No permission to write {error.filename}. Choose another folder with --data.") from error


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise Problem(f"{folder} is not a folder.")
    if folder.is_dir() and not (folder / MARKER).exists() and any(folder.iterdir()):
        raise Problem(f"{folder} holds other files. Choose an empty folder, or one made by this program, with --data.")


def _refuse_unreachable(folder: Path) -> None:
    """As root the servers run as `nobody`, who must be able to pass through every folder above the data."""
    if not is_root():
        return
    for parent in folder.parents:
        if parent.exists() and not parent.stat().st_mode & stat.S_IXOTH:
            raise Problem(
                f"The database server must not run as root, and the account it runs as (nobody) cannot enter {parent}. "
                "Choose a folder elsewhere with --data, for example under /var/lib."
            )


def _prepare_sockets(places: Places) -> None:
    """Socket folders are 0700 and belong to whom the servers run as; a planted link in /tmp is refused."""
    places.sockets.mkdir(mode=0o711, parents=True, exist_ok=True)
    found = places.sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise Problem(f"{places.sockets} belongs to somebody else. Remove it, or choose a shorter path with --data.")
    places.sockets.chmod(0o711 if is_root() else 0o700)
    for folder in (places.postgres_socket, places.valkey_socket):
        give_to_servers(folder)


def give_to_servers(folder: Path) -> None:
    """Make a private folder of the account the servers run as."""
    folder.mkdir(mode=0o700, exist_ok=True)
    account = server_account()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o700)


def server_account() -> pwd.struct_passwd | None:
    """`nobody` when we are root (PostgreSQL refuses root); otherwise None: the servers run as ourselves."""
    return pwd.getpwnam("nobody") if is_root() else None


def delete(places: Places) -> None:
    """Delete the data, but only a folder this program made. The lock held on it is kept."""
    _refuse_foreign(places.data)
    if not places.data.exists():
        return
    for entry in places.data.iterdir():
        if entry.name in {MARKER, "lock"}:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    if places.sockets.is_dir() and not places.sockets.is_symlink():
        shutil.rmtree(places.sockets)
