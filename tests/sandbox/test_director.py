"""The director's verbs for clients, over the whole sandbox."""

from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox.app import create_app
from sandbox.llm.app import LlmOptions
from sandbox.scenes.director import Director
from sandbox.serve import serving
from sandbox.umnico.account import TOKEN
from tests.sandbox.twin_at_work import Mailbox
from tests.wait import wait_until

HEADERS = {"Authorization": f"bearer {TOKEN}"}


@pytest.fixture
async def director() -> AsyncIterator[Director]:
    async with serving(create_app()) as url:
        director = Director(url)
        yield director
        await director.close()


async def send(director: Director, lead_id: int, text: str) -> httpx.Response:
    """As Jarvis answers."""
    async with httpx.AsyncClient(base_url=f"{director.base_url}/umnico/v1.3", headers=HEADERS) as http:
        [source] = (await http.get(f"/messaging/{lead_id}/sources")).json()
        order = {"message": {"text": text}, "source": str(source["realId"]), "userId": 16}
        return await http.post(f"/messaging/{lead_id}/send", json=order)


async def ask_model(director: Director) -> httpx.Response:
    order = {"model": "jarvis-scripted", "messages": [{"role": "user", "content": "hello"}]}
    headers = {"Authorization": f"Bearer {LlmOptions().openai_key}"}
    async with httpx.AsyncClient(base_url=director.base_url, headers=headers) as http:
        return await http.post("/llm/openai/v1/chat/completions", json=order)


async def test_a_client_of_the_company_writes_from_their_own_phone_and_sees_the_answer(director: Director):
    told = await director.clients.writes("david", "שלום")
    assert (await send(director, told["lead_id"], "Shalom")).is_success
    screen = await director.clients.screen("david")
    assert (screen["login"], screen["channels"]) == ("972000000004", ["whatsapp"])
    assert [message["text"] for message in await director.clients.messages("david")] == ["Shalom"]


async def test_anybody_may_write_from_an_address_nobody_knows(director: Director):
    told = await director.clients.writes("somebody.example", "hi", channel="instagram")
    assert told["is_new"]
    assert (await director.clients.screen("somebody.example"))["channels"] == ["instagram"]


async def test_photos_and_a_voice_come_as_messages_with_files(director: Director):
    album = await director.clients.sends_photos("john", [b"one", b"two"], "the bumper")
    await director.clients.speaks("john", "I am late")
    saw = (await director.clients.screen("john"))["saw"]
    assert [message["message_id"] for message in saw[:2]] == [message["message_id"] for message in album]
    assert [message["text"] for message in saw] == ["the bumper", "", ""]
    assert [file["type"] for message in saw for file in message["attachments"]] == ["photo", "photo", "audio"]


async def test_what_a_client_edits_and_what_an_operator_writes_is_on_the_screen(director: Director):
    told = await director.clients.writes("john", "at 9")
    await director.clients.edits(told["message_id"], "at 10")
    await director.clients.operator_writes("john", "fine")
    assert [message["text"] for message in (await director.clients.screen("john"))["saw"]] == ["at 10", "fine"]


async def test_a_refused_send_reaches_nobody_and_the_next_one_does(director: Director):
    lead_id = (await director.clients.writes("john", "hello"))["lead_id"]
    await director.clients.refuse_send()
    assert (await send(director, lead_id, "first")).status_code == 422
    assert (await send(director, lead_id, "second")).is_success
    assert [message["text"] for message in await director.clients.messages("john")] == ["second"]


async def test_a_lost_answer_leaves_the_message_with_the_client(director: Director):
    lead_id = (await director.clients.writes("john", "hello"))["lead_id"]
    await director.clients.lose_answer_of_send()
    with pytest.raises(httpx.HTTPError):
        await send(director, lead_id, "first")
    assert [message["text"] for message in await director.clients.messages("john")] == ["first"]


async def test_while_umnico_is_down_every_call_fails_until_it_is_up_again(director: Director):
    lead_id = (await director.clients.writes("john", "hello"))["lead_id"]
    await director.clients.umnico_down()
    async with httpx.AsyncClient(base_url=f"{director.base_url}/umnico/v1.3", headers=HEADERS) as http:
        assert (await http.get("/managers")).status_code == 503
        await director.clients.umnico_up()
        assert (await http.get("/managers")).status_code == 200
    assert (await send(director, lead_id, "after")).is_success


async def test_a_hook_that_was_switched_off_is_told_nothing(director: Director):
    async with httpx.AsyncClient(base_url=f"{director.base_url}/umnico/v1.3", headers=HEADERS) as http:
        await http.post("/webhooks", json={"url": "http://127.0.0.1:9/", "name": "jarvis"})
    await director.clients.switch_hook_off()
    await director.clients.writes("john", "into the void")
    assert await director.clients.all_is_told()
    assert [hook["status"] for hook in await director.clients.webhooks()] == [0]


async def test_the_model_follows_a_script_goes_down_and_comes_back(director: Director):
    await director.clients.follow_script("everyday")
    await director.clients.model_says({"when": {"user": "hello"}, "answer": {"text": "said by the rule"}})
    assert (await ask_model(director)).json()["choices"][0]["message"]["content"] == "said by the rule"
    await director.clients.model_down()
    assert (await ask_model(director)).status_code == 503
    await director.clients.model_up()
    assert (await ask_model(director)).is_success


async def test_a_script_that_does_not_exist_is_refused_with_the_names_there_are(director: Director):
    with pytest.raises(LookupError, match="everyday"):
        await director.clients.follow_script("no-such-scene")


async def test_a_screen_tells_of_each_message_whether_its_webhook_was_taken(director: Director):
    async with serving(Mailbox().app()) as mailbox:
        before = await director.clients.writes("john", "nobody listens yet")
        async with httpx.AsyncClient(base_url=f"{director.base_url}/umnico/v1.3", headers=HEADERS) as http:
            await http.post("/webhooks", json={"url": mailbox, "name": "jarvis"})
        after = await director.clients.writes("john", "and now")
        await wait_until(director.clients.all_is_told)
    async with httpx.AsyncClient(base_url=director.base_url) as http:
        screen = (await http.get(f"/_sandbox/umnico/clients/{after['lead_id']}")).json()
    assert screen["told"] == {before["message_id"]: "lost", after["message_id"]: "taken"}
