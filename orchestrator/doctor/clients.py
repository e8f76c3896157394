"""What talking with clients needs: Umnico's account and webhook, a model that answers, a server for voice."""

from agents.kit.checkup import ask_models
from core.settings import Settings
from integrations.umnico import UmnicoApi
from orchestrator.doctor.diagnosis import Diagnosis, ill, well
from orchestrator.umnico_door import UMNICO_PATH


async def umnico(settings: Settings, api: UmnicoApi | None) -> list[Diagnosis]:
    """The account, the manager in whose name we send, and our webhook; nothing is changed."""
    if api is None:
        return [well("umnico", "off: no token and account are set, clients are not heard")]
    account = await api.account()
    if account.account_id != settings.umnico.account_id:
        text = f"the token is that of account {account.account_id}, set is {settings.umnico.account_id}"
        return [ill("umnico", text, "correct umnico.account_id or umnico.token")]
    found = [well("umnico", f"the token is that of account {account.account_id}")]
    return [*found, await _manager(settings, api), await _webhook(settings, api)]


async def _manager(settings: Settings, api: UmnicoApi) -> Diagnosis:
    wanted = settings.umnico.manager_id
    known = {operator.operator_id for operator in await api.operators()}
    names = ", ".join(str(one) for one in sorted(known))
    if wanted is None:
        return ill("umnico.manager_id", "none is set: nothing is sent to clients", f"set one of {names}")
    if wanted not in known:
        return ill("umnico.manager_id", f"{wanted} is no operator of the account", f"set one of {names}")
    if not settings.umnico.send_enabled:
        return well("umnico.manager_id", f"{wanted}; sending is switched off by umnico.send_enabled")
    return well("umnico.manager_id", f"{wanted} may send")


async def _webhook(settings: Settings, api: UmnicoApi) -> Diagnosis:
    public_url, secrets = settings.http.public_url, settings.umnico.hook_secret
    if public_url is None or not secrets:
        mend = "set http.public_url and umnico.hook_secret"
        return ill("umnico webhook", "no address is known: clients are heard by looking into the inbox only", mend)
    urls = {public_url.rstrip("/") + UMNICO_PATH.format(secret=secret.get_secret_value()) for secret in secrets}
    ours = [webhook for webhook in await api.webhooks() if webhook.url in urls]
    if not ours:
        return ill("umnico webhook", "ours is not registered", "`jarvis up` registers it within umnico.inbox_minutes")
    if not any(webhook.is_on for webhook in ours):
        return ill("umnico webhook", "Umnico has switched ours off", "see that http.public_url answers from outside")
    return well("umnico webhook", "registered and on")


async def models(settings: Settings) -> list[Diagnosis]:
    """Every configured model is asked one word."""
    if not settings.llm.has_models:
        return [well("models", "none: every agent works in its degraded mode")]
    mend = "check llm.providers (key, base_url) and the model's name"
    return [
        well(f"model {sign.model}", f"{sign.provider} answers")
        if sign.trouble is None
        else ill(f"model {sign.model}", f"{sign.provider}: {sign.trouble}", mend)
        for sign in await ask_models(settings.llm)
    ]


def speech(settings: Settings) -> Diagnosis:
    """Nothing is sent: a recording costs money."""
    where = settings.speech.base_url
    text = "off: voice messages stay files" if where is None else f"{settings.speech.model} at {where}"
    return well("speech", text)
