"""The embedded PostgreSQL: made once, reached through a private socket only, never run as root."""

import contextlib
import getpass
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from launcher.console import Problem
from launcher.log import Log
from launcher.places import CLONE, Places, give_to_servers, server_account
from launcher.processes import Child, Program, run_to_end

SUPERUSER = "aset_cluster"
"""Known to the launcher alone; the application never connects as this role."""
ROLES_SQL = CLONE / "deploy" / "postgres" / "roles.sql"
DATABASE_SQL = CLONE / "deploy" / "postgres" / "database.sql"
FAST_AND_LOSSY = {"fsync": "off", "full_page_writes": "off", "max_connections": "300", "shared_buffers": "512MB", "max_wal_size": "2GB"}
"""For test data, which nobody misses after a power cut."""
SAFE = {"max_connections": "100", "shared_buffers": "256MB"}


@dataclass(frozen=True)
class Cluster:
    """One cluster: its programs, its folders, its settings."""

    programs: Path
    places: Places
    settings: dict[str, str]

    def url(self, role: str, database: str) -> str:
        """The address of a database for a role."""
        return f"postgres://{role}@/{database}?host={self.places.postgres_socket}"


def program_for(cluster: Cluster) -> Program:
    """The server process. SIGINT is PostgreSQL's `fast` stop: open connections are closed, nothing is lost."""
    fixed = {
        "listen_addresses": "",
        "unix_socket_directories": str(cluster.places.postgres_socket),
        "unix_socket_permissions": "0700",
        "logging_collector": "off",
        "log_destination": "stderr",
        "log_line_prefix": "",
        "log_checkpoints": "off",
        "log_min_messages": "warning",
        # A failed statement, its parameters and its DETAIL line could carry a child's name.
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
        "timezone": "UTC",
    }
    options = [part for name, value in (fixed | cluster.settings).items() for part in ("-c", f"{name}={value}")]
    argv = [str(cluster.programs / "postgres"), "-D", str(cluster.places.postgres), *options]
    return Program("postgres", argv, env=plain_env(), account=server_account(), stop_signal=signal.SIGINT, grace=20, serves_others=True)


def plain_env() -> dict[str, str]:
    """Nothing of the caller's PG* or locale variables may change how the servers behave."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def create(cluster: Cluster, log: Log) -> None:
    """Make the cluster, unless it exists. Built beside its place and renamed, so that half a cluster never counts.

    Raises Problem when the data was made by another major version.
    """
    folder = cluster.places.postgres
    if folder.exists():
        _refuse_other_version(cluster)
        return
    draft = folder.with_name("postgres.part")
    shutil.rmtree(draft, ignore_errors=True)
    give_to_servers(draft)
    argv = [
        str(cluster.programs / "initdb"),
        "-D",
        str(draft),
        "-U",
        SUPERUSER,
        "-A",
        "peer",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-instructions",
    ]
    if "fsync" in cluster.settings:
        argv.append("--no-sync")
    run_to_end(Program("initdb", argv, env=plain_env(), account=server_account()), log)
    draft.rename(folder)


def _refuse_other_version(cluster: Cluster) -> None:
    have = (cluster.places.postgres / "PG_VERSION").read_text().strip()
    done = subprocess.run([cluster.programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    want = done.stdout.split()[-1].split(".")[0]
    if have != want:
        raise Problem(
            f"The data in {cluster.places.data} was made by PostgreSQL {have}; this version brings {want}. "
            "Use --fresh to begin anew, or see “Upgrade” in docs/operations.md to take the data along."
        )


def write_access_rules(cluster: Cluster) -> None:
    """Only the system account that started us may connect, checked by the kernel, whatever role it asks for."""
    account = getpass.getuser() if server_account() is None else "root"
    roles = (SUPERUSER, "aset_owner", "aset_app")
    _write(cluster.places.postgres / "pg_hba.conf", "local all all peer map=launcher\n")
    _write(cluster.places.postgres / "pg_ident.conf", "".join(f'launcher "{account}" {role}\n' for role in roles))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    owner = server_account()
    if owner is not None:
        os.chown(path, owner.pw_uid, owner.pw_gid)
    path.chmod(0o600)


def stop_stale(folder: Path) -> None:
    """Stop a server left by a launcher that was killed; without this its data would be used twice or deleted under it."""
    pid = _pid_in(folder / "postmaster.pid")
    if pid is None or not _is_postgres(pid):
        return
    for number, wait in ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        end = time.monotonic() + wait
        while time.monotonic() < end:
            if _pid_in(folder / "postmaster.pid") != pid or not _is_postgres(pid):
                return
            time.sleep(0.1)
    raise Problem(f"A PostgreSQL server from an earlier run (process {pid}) does not stop. Stop it by hand: kill {pid}")


def _pid_in(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="utf-8", errors="replace").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is_postgres(pid: int) -> bool:
    """The number may have been given to another program since."""
    done = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True) if shutil.which("ps") else None
    if done is not None:
        return "postgres" in done.stdout
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def wait_until_ready(cluster: Cluster, child: Child, log: Log, timeout: float = 60.0) -> None:
    """Return when connections are taken. Raises Problem with the server's last lines when it ends or takes too long."""
    end = time.monotonic() + timeout
    while time.monotonic() < end and child.alive():
        if _says_ready(cluster.places.postgres / "postmaster.pid", child.process.pid):
            return
        time.sleep(0.02)
    child.output.join(timeout=1)
    last = "\n".join(f"  {line}" for line in log.recent(name="postgres"))
    raise Problem(f"PostgreSQL did not start. Its last lines:\n{last}")


def _says_ready(path: Path, pid: int) -> bool:
    """The server writes its state into the eighth line, as pg_ctl reads it; asking by connecting would fill the log with refusals."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def run_sql(cluster: Cluster, *files: Path, log: Log) -> None:
    """Run files of SQL as the superuser; the first error stops them."""
    chosen = [part for file in files for part in ("-f", str(file))]
    argv = [str(cluster.programs / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(cluster.places.postgres_socket)]
    env = plain_env() | {"PGOPTIONS": "-c client_min_messages=warning"}
    run_to_end(Program("psql", [*argv, "-U", SUPERUSER, "-d", "postgres", *chosen], env=env), log)


def begin(cluster: Cluster, log: Log) -> Program:
    """Everything up to a cluster that can be started: made, access rules written, no server left from before."""
    stop_stale(cluster.places.postgres)
    create(cluster, log)
    write_access_rules(cluster)
    return program_for(cluster)
