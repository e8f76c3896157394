"""Redis: it may lose everything at any moment, but it must answer, never evict, and be able to write."""

from collections.abc import Mapping
from typing import Any

from core.errors import Temporary
from core.settings import Settings
from orchestrator.doctor.diagnosis import Diagnosis, ill, well
from orchestrator.doctor.postgres import EMBEDDED
from orchestrator.streams import Bell

POLICY = "noeviction"
FULL = 0.8


async def look(settings: Settings) -> list[Diagnosis]:
    if settings.redis_url is None:
        return [well("redis", EMBEDDED)]
    bell = Bell(settings.redis_url.get_secret_value())
    try:
        if not await bell.ping():
            raise Temporary("does not answer; work goes on by polling, only later")
        info = await bell.server()
    finally:
        await bell.close()
    if not info:
        return [well("redis", "answers, and tells this user nothing of itself (INFO is refused)")]
    return [well("redis", f"Redis {info.get('redis_version')} answers"), eviction(info), persistence(info)]


def eviction(info: Mapping[str, Any]) -> Diagnosis:
    """A policy that evicts may delete a whole stream, and with it every ring in it."""
    policy, used, limit = info.get("maxmemory_policy"), int(info.get("used_memory", 0)), int(info.get("maxmemory", 0))
    if policy != POLICY:
        mend = f"CONFIG SET maxmemory-policy {POLICY}, and the same in redis.conf"
        return ill("redis memory", f"maxmemory-policy is {policy}: rings may be evicted", mend)
    if limit and used > FULL * limit:
        return ill(
            "redis memory", f"{used} of {limit} bytes are used", "raise maxmemory, or find who else writes there"
        )
    return well("redis memory", f"{POLICY}, {used // 1024} KiB used")


def persistence(info: Mapping[str, Any]) -> Diagnosis:
    """Nothing in Redis needs to be kept; but a snapshot that fails makes Redis refuse to write."""
    failed = [name for name in ("rdb_last_bgsave_status", "aof_last_write_status") if info.get(name, "ok") != "ok"]
    if failed:
        mend = "give Redis disk space, or switch snapshots off (save ''): Jarvis needs none"
        return ill("redis persistence", f"{', '.join(failed)}: Redis may refuse writes", mend)
    kept = "an append-only file" if int(info.get("aof_enabled", 0)) else "snapshots at most"
    return well("redis persistence", f"{kept}; nothing in it needs to survive")
