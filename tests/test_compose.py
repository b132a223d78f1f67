"""docker-compose.yml keeps to the compose specification and to our own rules; no engine is needed to know that."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LONG_RUNNING = sorted(SERVICES.keys() - {"migrate"})
APPLICATION = ("web", "worker", "jobs", "beat", "escalator", "migrate")


def test_the_file_keeps_to_the_compose_specification() -> None:
    tool = Path(sys.executable).parent / "check-jsonschema"

    done = subprocess.run([tool, "--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_all_parts_of_the_system_are_there() -> None:
    assert SERVICES.keys() == {"proxy", "postgres", "redis", *APPLICATION}
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert SERVICES["redis"]["image"] == "redis:8"


def test_only_the_proxy_publishes_ports() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_locked_down(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert int(service["user"].split(":")[0]) > 0
    assert "privileged" not in service


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_every_long_running_service_says_how_it_is(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_secrets_are_files_and_never_variables(name: str) -> None:
    service = SERVICES[name]
    variables = service.get("environment", {})

    for variable, value in variables.items():
        if re.search(r"SECRET|PASSWORD|KEY|DATABASE_URL|REDIS_URL", variable):
            assert variable.endswith("_FILE"), variable
            assert value.removeprefix("/run/secrets/") in service["secrets"]
    assert set(service.get("secrets", [])) <= COMPOSE["secrets"].keys()


def test_only_migrate_knows_the_owner_of_the_tables() -> None:
    knowing = [name for name, service in SERVICES.items() if "owner_database_url" in service.get("secrets", [])]

    assert knowing == ["migrate"]


def test_nothing_runs_before_the_schema_is_there() -> None:
    for name in set(APPLICATION) - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_database_and_queue_have_no_way_out() -> None:
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis", "migrate", "jobs", "beat"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_the_queue_never_drops_entries_in_silence() -> None:
    assert "--maxmemory-policy noeviction" in SERVICES["redis"]["command"][-1]


def test_data_lives_where_postgres_18_keeps_it() -> None:
    assert "database:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


def test_workers_listen_to_every_queue_there_is() -> None:
    listened = {
        queue for name in ("worker", "jobs") for queue in SERVICES[name]["command"][SERVICES[name]["command"].index("-Q") + 1].split(",")
    }
    used = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}

    assert used == listened


def test_the_demonstration_listens_to_the_same_queues() -> None:
    text = (ROOT / "bin" / "launcher" / "programs.py").read_text(encoding="utf-8")

    assert '"-Q", "deadlines,default"' in text
    assert '"-Q", "jobs"' in text


def test_every_application_folder_goes_into_the_image() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    apps = {app for app in settings.INSTALLED_APPS if "." not in app and (ROOT / app).is_dir()}

    assert apps | {"manage.py", "requirements.txt", "VERSION", "templates", "static", "locale", "deploy"} <= allowed


def test_the_image_holds_no_secret_and_runs_as_an_ordinary_user() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    stages = [line.split()[-1] for line in lines if line.startswith("FROM")]
    users = [line for line in lines if line.startswith("USER")]

    assert stages == ["packages", "app", "proxy"]
    assert users == ["USER 10001:10001", "USER 10001:10001"]
    assert not [line for line in lines if line.startswith(("ARG", "ENV")) and re.search(r"SECRET|PASSWORD|KEY", line)]
    assert any("--require-hashes --only-binary=:all:" in line for line in lines)


def test_files_named_by_compose_exist() -> None:
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", []) if volume.startswith("./")]

    assert mounted
    assert all((ROOT / path).is_file() for path in mounted)


def test_new_secrets_make_every_file_that_compose_asks_for() -> None:
    sys.path.append(str(ROOT / "bin"))
    from launcher.new_secrets import make

    assert make().keys() == COMPOSE["secrets"].keys()


def test_new_secrets_never_replace_old_ones(tmp_path: Path) -> None:
    sys.path.append(str(ROOT / "bin"))
    from launcher.console import Problem
    from launcher.new_secrets import main

    main([str(tmp_path / "secrets")])
    with pytest.raises(Problem, match="never replaced"):
        main([str(tmp_path / "secrets")])

    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_the_web_servers_settings_keep_addresses_out_of_logs() -> None:
    spec = importlib.util.spec_from_file_location("gunicorn_conf", ROOT / "deploy" / "gunicorn_conf.py")
    assert spec is not None
    assert spec.loader is not None
    conf = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conf)

    assert conf.accesslog is None
    assert (conf.workers, conf.threads) == (2, 4)
