"""The round of the doctor: settings, servers, disks, Telegram, what clients and inspections need, then each branch."""

from core.settings import Settings
from integrations.http import open_http
from orchestrator.doctor import branches, clients, disks, eyes, postgres, redis_server, telegram
from orchestrator.doctor.diagnosis import Diagnosis, guarded
from orchestrator.doctor.given import set_up
from orchestrator.wiring import rentprog_clients, umnico_client


async def examine(settings: Settings) -> list[Diagnosis]:
    """Look at everything; never raises for what it finds."""
    diagnoses = set_up(settings)
    async with postgres.opened(settings) as db, open_http(settings.rentprog.timeout_s) as http:
        mend = "check database_url and that Postgres runs"
        found = await guarded("database", mend, lambda: postgres.look(db))
        diagnoses += found
        known = db if found[0].is_well else None  # one that is away is not waited for again
        diagnoses += await guarded("redis", "check redis_url and that Redis runs", lambda: redis_server.look(settings))
        mend = "check storage_url and the rights on it"
        diagnoses += await guarded("storage", mend, lambda: disks.storage(settings))
        diagnoses += disks.space(settings)
        asked = telegram.Asked()

        async def ask() -> list[Diagnosis]:
            return await telegram.look(settings, await postgres.forums(settings, known), asked, http)

        diagnoses += await guarded("telegram", "check telegram.token and telegram.api_url", ask)
        inbox = umnico_client(settings, http)
        mend = "check umnico.token and umnico.base_url"
        diagnoses += await guarded("umnico", mend, lambda: clients.umnico(settings, inbox))
        diagnoses += await guarded("models", "check llm.providers", lambda: clients.models(settings))
        diagnoses.append(clients.speech(settings))
        diagnoses += await guarded("vision", "check vision.damage_weights", lambda: eyes.look(settings))
        apis = rentprog_clients(settings, http)
        for branch in settings.rentprog.branches:  # one after the other: they share RentProg's limits
            sight = branches.Sight(settings, apis.get(branch.code), known, asked.problems)
            diagnoses += await branches.look(branch, sight)
    return diagnoses
