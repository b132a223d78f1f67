"""What every command runs in: servers, addresses, keys, folders."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher import binaries, keys, postgres, valkey
from launcher.console import Problem
from launcher.demo import DEMO_DOMAIN, DEMO_PASSWORD
from launcher.log import Log
from launcher.places import Places
from launcher.supervisor import Supervisor

OURS = ("ASET_SECRET_KEY", "ASET_FIELD_KEYS", "ASET_INDEX_KEY")
"""A key in the caller's environment must not seal demonstration data that later starts could not open."""

ROLES_MADE = "roles-made"
"""Written when roles and database have been made; lies in the cluster and goes with it."""


@dataclass(frozen=True)
class External:
    """Servers that somebody else runs; what is empty is started by us."""

    database: str = ""
    owner: str = ""
    redis: str = ""


def external_servers(env: Mapping[str, str]) -> External:
    """Read DATABASE_URL, OWNER_DATABASE_URL, REDIS_URL. Raises Problem when only one role's address is given."""
    found = External(env.get("DATABASE_URL", ""), env.get("OWNER_DATABASE_URL", ""), env.get("REDIS_URL", ""))
    if bool(found.database) != bool(found.owner):
        raise Problem(
            "DATABASE_URL (role aset_app) and OWNER_DATABASE_URL (role aset_owner) go together: "
            "the role that runs must not be the role that owns. Set both, or neither."
        )
    return found


@dataclass(frozen=True)
class Servers:
    """Addresses of the running servers; the cluster is None when it is somebody else's."""

    database: str
    owner: str
    redis: str
    cluster: postgres.Cluster | None = None


def our_cluster(places: Places, python: Path, settings: dict[str, str]) -> tuple[postgres.Cluster, Path]:
    """The cluster of these places, and the queue's program."""
    found = binaries.find(python)
    return postgres.Cluster(found.postgres, places, settings), found.valkey


def addresses(cluster: postgres.Cluster, places: Places) -> Servers:
    """Where our own servers are reached."""
    return Servers(cluster.url("aset_app", "aset"), cluster.url("aset_owner", "aset"), valkey.url(places), cluster)


def start_servers(
    places: Places, python: Path, supervisor: Supervisor, log: Log, *, settings: dict[str, str], external: External
) -> Servers:
    """Start what nobody else runs, make roles and database, return the addresses."""
    if external.database and external.redis:
        return Servers(external.database, external.owner, external.redis)
    cluster, valkey_binary = our_cluster(places, python, settings)
    own = addresses(cluster, places)
    if not external.redis:
        valkey.forget_stale(places)
        queue = supervisor.add(valkey.program_for(valkey_binary, places))
    if not external.database:
        server = supervisor.add(postgres.begin(cluster, log))
        postgres.wait_until_ready(cluster, server, log)
        if not (places.postgres / ROLES_MADE).exists():
            postgres.run_sql(cluster, postgres.ROLES_SQL, postgres.DATABASE_SQL, log=log)
            (places.postgres / ROLES_MADE).touch()
    if not external.redis:
        valkey.wait_until_ready(places, queue, log)
    return Servers(
        external.database or own.database,
        external.owner or own.owner,
        external.redis or own.redis,
        None if external.database else cluster,
    )


def variables(places: Places, servers: Servers, *, mode: str, port: int = 8000) -> dict[str, str]:
    """The environment of every process of the application."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    ours = {
        "ASET_MODE": mode,
        "DATABASE_URL": servers.database,
        "OWNER_DATABASE_URL": servers.owner,
        "REDIS_URL": servers.redis,
        "ASET_BASE_URL": f"http://localhost:{port}",
        "ASET_ALLOWED_HOSTS": "localhost,127.0.0.1",
        "ASET_TRUSTED_PROXIES": "0",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port + 2),
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": "0",
        "ASET_MAIL_FROM": f"no-reply@{DEMO_DOMAIN}",
        "ASET_MAIL_PAGE": f"http://localhost:{port + 1}/",
        "ASET_FILES_DIR": str(places.files),
        "ASET_STATIC_ROOT": str(places.static),
        "ASET_RUN_DIR": str(places.run),
        "ASET_DEMO_PASSWORD": DEMO_PASSWORD,
        "DJANGO_SETTINGS_MODULE": "aset_safeguarding.settings",
        "PYTHONUNBUFFERED": "1",
        "C_FORCE_ROOT": "1",
    }
    return inherited | ours | keys.ensure(places.keys)


@contextmanager
def temporary_servers(places: Places, python: Path, *, settings: dict[str, str], external: External) -> Iterator[tuple[Servers, Log]]:
    """Servers for a command that ends by itself; everything is stopped afterwards, whatever happens."""
    with ExitStack() as stack:
        log = Log(places.log)
        stack.callback(log.close)
        supervisor = Supervisor(log)
        stack.callback(supervisor.stop)
        yield start_servers(places, python, supervisor, log, settings=settings, external=external), log
