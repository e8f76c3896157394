"""``bench ingress``: webhooks answered 200 after the commit, beside a bare FastAPI handler with one INSERT + COMMIT.

One server process each, 32 keep-alive clients in a process of their own, rounds in turn (ours, bare, ours, …), the
same Postgres and the same pool size. The bare handler parses nothing, knows no entity and routes nothing.
"""

import json
import subprocess
import sys
from typing import Any

from db.queries import bench as bench_rows
from orchestrator.bench.ground import Ground, child, free_port, ground
from orchestrator.bench.machine import machine, spread

CLIENTS = 32
ROUNDS = 5
ROUND_S = 6.0
SECRET = "bench-secret-of-the-hook"  # noqa: S105 - invented, lives for one run
OURS_PATH = f"/hooks/rentprog/bench/{SECRET}"
BARE_PATH = "/bare"


def measure() -> dict[str, Any]:
    about = machine()
    with ground() as found:
        bench_rows.make_table(found.database_url)
        ours_port, bare_port = free_port(), free_port()
        with (
            child(
                ["-m", "orchestrator.cli", "ingress"],
                ingress_settings(ours_port) | _servers(found),
                ready_url=f"http://127.0.0.1:{ours_port}/healthz",
            ),
            child(
                ["-m", "orchestrator.bench.bare", str(bare_port)],
                {"JARVIS_DATABASE_URL": found.database_url},
                ready_url=f"http://127.0.0.1:{bare_port}/healthz",
            ),
        ):
            _round(ours_port, OURS_PATH, 0, seconds=2)
            _round(bare_port, BARE_PATH, 0, seconds=2)
            rounds = [
                (
                    _round(ours_port, OURS_PATH, (n + 1) * 1_000_000),
                    _round(bare_port, BARE_PATH, (n + 1) * 1_000_000),
                )
                for n in range(ROUNDS)
            ]
        stored = bench_rows.count_events(found.database_url)
        servers = found.servers()
    ratios = [ours["requests_per_s"] / bare["requests_per_s"] for ours, bare in rounds]
    return {
        "bench": "ingress",
        "machine": about | servers,
        "clients": CLIENTS,
        "ours": _summary([ours for ours, _ in rounds]),
        "bare_insert_commit": _summary([bare for _, bare in rounds]),
        "ratio_ours_to_bare": spread(ratios),
        "events_stored": stored,
        "targets": {"ratio_ours_to_bare": 1.0},
    }


def ingress_settings(port: int) -> dict[str, str]:
    """One branch whose hook is ``OURS_PATH``, and no limit on what one address may send."""
    branch = {"code": "bench", "name": "Bench", "company_id": 1, "hook_secret": SECRET}
    return {
        "JARVIS_HTTP__PORT": str(port),
        "JARVIS_RENTPROG__BRANCHES": json.dumps([branch]),
        "JARVIS_RENTPROG__WEBHOOK_RPS_PER_ADDRESS": "1000000",
        "JARVIS_LOG_LEVEL": "warning",
    }


def _servers(found: Ground) -> dict[str, str]:
    return {
        "JARVIS_HOME": str(found.home),
        "JARVIS_DATABASE_URL": found.database_url,
        "JARVIS_REDIS_URL": found.redis_url,
    }


def _round(port: int, path: str, first: int, *, seconds: float = ROUND_S) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "orchestrator.bench.load", *map(str, (port, seconds, CLIENTS, path, first))],
        check=True,
        capture_output=True,
    )
    return json.loads(done.stdout)["summary"]


def _summary(rounds: list[dict[str, float]]) -> dict[str, Any]:
    return {name: spread([one[name] for one in rounds]) for name in ("requests_per_s", "p50_ms", "p99_ms", "refused")}
