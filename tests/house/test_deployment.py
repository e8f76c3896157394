"""The image and the compose file say what the roles need, and no password."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from db.rights import APP_ROLE, READ_ROLE

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()

ROLES = ("ingress", "relay", "worker", "deliver", "clock", "bot", "web")
STORES = ("postgres", "redis", "minio")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_a_service_that_waits_for_the_tables(role: str) -> None:
    service = SERVICES[role]

    assert service["command"] == role
    assert service["stop_grace_period"] == "15s"
    assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert service["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert service["environment"]["JARVIS_DATABASE_URL_FILE"] == "/run/secrets/database_url"


def test_the_tables_are_laid_once_before_the_roles_start() -> None:
    migrate = SERVICES["migrate"]

    assert migrate["command"] == "db upgrade"
    assert migrate["restart"] == "no"
    assert set(migrate["depends_on"]) == {"postgres"}


@pytest.mark.parametrize("store", STORES)
def test_each_store_tells_whether_it_is_healthy(store: str) -> None:
    assert SERVICES[store]["healthcheck"]["test"]


@pytest.mark.parametrize(("role", "port"), [("ingress", "8080"), ("web", "8081")])
def test_a_role_that_listens_is_asked_for_its_health_and_open_to_this_host_only(role: str, port: str) -> None:
    service = SERVICES[role]

    assert "/healthz" in service["healthcheck"]["test"][-1]
    assert service["environment"]["JARVIS_HTTP__PORT"] == port
    (published,) = service["ports"]
    assert published.endswith(f"-127.0.0.1:{port}}}:{port}")


def test_redis_keeps_nothing_and_never_forgets_in_silence() -> None:
    command = SERVICES["redis"]["command"]

    assert "--maxmemory-policy noeviction" in command
    assert '--save ""' in command
    assert "volumes" not in SERVICES["redis"]


def test_the_data_of_postgres_18_lies_where_its_image_expects_it() -> None:
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert "postgres:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


def test_only_the_migrations_know_the_owner_of_the_tables() -> None:
    knowing = {name for name, service in SERVICES.items() if "database_owner_url" in service.get("secrets", [])}

    assert knowing == {"migrate"}
    assert SERVICES["migrate"]["environment"]["JARVIS_DATABASE_OWNER_URL_FILE"] == "/run/secrets/database_owner_url"


def test_the_database_is_made_with_the_roles_that_get_rights() -> None:
    script = "scripts/postgres-roles.sh"

    assert f"./{script}:/docker-entrypoint-initdb.d/roles.sh:ro" in SERVICES["postgres"]["volumes"]
    assert re.findall(r"^CREATE ROLE (\w+)", (ROOT / script).read_text(), re.MULTILINE) == [APP_ROLE, READ_ROLE]


def test_every_secret_is_a_file_that_git_never_sees() -> None:
    files = [secret["file"] for secret in COMPOSE["secrets"].values()]

    assert files
    assert all(file.startswith("./secrets/") for file in files)
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])


def test_the_image_does_not_run_as_root() -> None:
    users = [line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("USER ")]

    assert users == ["jarvis"]


def test_the_image_is_checked_for_health_and_starts_jarvis() -> None:
    assert "/healthz" in DOCKERFILE.split("HEALTHCHECK", 1)[1]
    assert 'ENTRYPOINT ["jarvis"]' in DOCKERFILE


@pytest.mark.parametrize("private", [".git", ".env", "secrets", "config.yaml", ".jarvis"])
def test_nothing_private_is_sent_to_the_image(private: str) -> None:
    assert private in (ROOT / ".dockerignore").read_text().splitlines()
