"""The first page: is Jarvis well, and how the company's day goes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from core.health import ROLES
from db.queries import fleet_views, panel
from db.session import Tx
from web.desk import Desk
from web.standing import standing

ALARMS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class BranchDay:
    """A branch with today's hand-overs and returns (the late ones among them), its last pass and webhook."""

    branch: panel.Branch
    day: fleet_views.Day
    sync: dict[str, Any] | None
    last_webhook: datetime | None

    @property
    def late(self) -> int:
        return len(self.day.late_issues) + len(self.day.late_returns)

    @property
    def hand_overs(self) -> int:
        return len(self.day.issues) + len(self.day.late_issues)

    @property
    def returns(self) -> int:
        return len(self.day.returns) + len(self.day.late_returns)


def routes(desk: Desk) -> APIRouter:
    router = desk.pages()
    stall_s = desk.settings.monitoring.stall_s

    @router.get("/")
    async def overview(request: Request) -> Response:
        now = desk.clock.now()
        look = await standing(desk.db, stall_s=stall_s)
        async with desk.db.transaction() as tx:
            branches = await _branch_days(tx, look.facts, now)
            alarms = await panel.open_alarms(tx, limit=ALARMS_SHOWN)
        totals = {
            "cars": sum(each.branch.cars for each in branches),
            "out": sum(each.branch.out for each in branches),
            "ready": sum(each.branch.ready for each in branches),
            "hand_overs": sum(each.hand_overs for each in branches),
            "returns": sum(each.returns for each in branches),
            "late": sum(each.late for each in branches),
        }
        beating = {beat["role"] for beat in look.facts["heartbeats"]}
        return desk.page(
            request,
            "overview.html",
            look=look,
            branches=branches,
            alarms=alarms,
            totals=totals,
            silent=[role for role in ROLES if role not in beating],
            stall_s=stall_s,
        )

    return router


async def _branch_days(tx: Tx, facts: dict[str, Any], now: datetime) -> list[BranchDay]:
    syncs = {row["branch"]: row for row in facts["syncs"]}
    webhooks = {row["branch"]: row["last_at"] for row in facts["webhooks"]}
    days: list[BranchDay] = []
    for branch in await panel.branches(tx):
        starts = now.astimezone(ZoneInfo(branch.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
        day = await fleet_views.day(tx, branch.code, starts=starts, ends=starts + timedelta(days=1), now=now)
        days.append(BranchDay(branch, day, syncs.get(branch.code), webhooks.get(branch.code)))
    return days
