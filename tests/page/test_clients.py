"""Being a client in the browser: writing, sending, speaking, and seeing what comes back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from sandbox.scenes.director import Director
from sandbox.umnico.account import TOKEN
from tests.page.pictures import png
from tests.page.window import PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

DIRECTION = "node => getComputedStyle(node).direction"


@dataclass
class Phones:
    """The phones of the clients, and the company at the other end of Umnico."""

    browser: Browser
    director: Director
    windows: list[Window] = field(default_factory=list)

    async def hold(self, client: str = "", *, size: dict[str, int] | None = None) -> Window:
        place = f"clients#who={client}" if client else "clients"
        window = await Window.open(self.browser, f"{self.director.base_url}/{place}", size=size)
        self.windows.append(window)
        return window

    async def answer(self, client: str, text: str) -> None:
        screen = await self.director.clients.screen(client)
        headers = {"Authorization": f"bearer {TOKEN}"}
        async with httpx.AsyncClient(base_url=f"{self.director.base_url}/umnico/v1.3", headers=headers) as http:
            [source] = (await http.get(f"/messaging/{screen['lead_id']}/sources")).json()
            order = {"message": {"text": text}, "source": str(source["realId"]), "userId": 16}
            await http.post(f"/messaging/{screen['lead_id']}/send", json=order)

    async def saw(self, client: str) -> list[dict]:
        return (await self.director.clients.screen(client))["saw"]


@pytest_asyncio.fixture(loop_scope="module")
async def phones(sandbox: str, browser: Browser) -> AsyncIterator[Phones]:
    director = Director(sandbox)
    phones = Phones(browser, director)
    yield phones
    for window in phones.windows:
        await window.page.context.close()
    await director.close()
    assert [error for window in phones.windows for error in window.errors] == []


async def test_a_client_is_chosen_by_messenger_writes_and_sees_the_answer_live(phones):
    john = await phones.hold()
    await john.sees(".channel-name", "WhatsApp")
    await john.find(".chat-list .row", "John O'Sample").click()
    await john.write("I am at the office")
    await john.sees("article.mine", "I am at the office")
    await phones.answer("john", "We are coming")
    await john.sees("article:not(.mine)", "We are coming")
    await john.sees(".row.open .row-text", "We are coming")


async def test_hebrew_and_arabic_run_from_the_right_on_both_sides(phones):
    david = await phones.hold("david")
    await david.write("שלום, אני ליד המשרד")
    await phones.answer("david", "תודה, אנחנו באים ב-9:30")
    for words in ("שלום", "תודה"):
        assert await david.find("article .text", words).evaluate(DIRECTION) == "rtl"
    assert await david.find("article.mine .bubble").evaluate("node => node.getBoundingClientRect().left > 400")


async def test_photos_go_as_messages_of_their_own_and_are_shown_as_one_album(phones, tmp_path: Path):
    ayse = await phones.hold("ayse")
    files = [png(tmp_path / f"{number}.png", 60, 40, (180, 40, 60)) for number in range(3)]
    await ayse.find("input[type=file]").set_input_files(files)
    await ayse.write("Tampon")
    await expect(ayse.find("article.mine .album .photo")).to_have_count(3)
    await ayse.sees("article.mine .text", "Tampon")
    saw = await phones.saw("ayse")
    assert [message["text"] for message in saw] == ["Tampon", "", ""]
    assert [file["type"] for message in saw for file in message["attachments"]] == ["photo"] * 3


async def test_words_go_out_as_a_voice_message_that_the_scripted_ear_hears(phones):
    anna = await phones.hold("anna")
    await anna.page.get_by_role("button", name="Send these words as a voice message").click()
    await anna.write("Ich bin in zehn Minuten da")
    await anna.sees("article.mine .voice")
    [message] = await phones.saw("anna")
    [file] = message["attachments"]
    async with httpx.AsyncClient(base_url=phones.director.base_url) as http:
        sound = (await http.get(file["path"])).content
    assert (message["text"], file["type"], file["mime"]) == ("", "audio", "audio/ogg")
    assert b"TRANSCRIPT=Ich bin in zehn Minuten da" in sound


async def test_each_message_says_whether_jarvis_was_told(phones):
    emma = await phones.hold("emma")
    await emma.write("Is anybody there?")
    await expect(emma.find("article.mine .fate")).to_have_attribute("aria-label", "In Umnico; Jarvis was not told")


async def test_an_answer_that_umnico_refused_is_shown_as_such(phones):
    tamar = await phones.hold("tamar")
    await tamar.write("გამარჯობა")
    await tamar.sees("article.mine", "გამარჯობა")
    await phones.director.clients.refuse_send()
    await phones.answer("tamar", "never seen")
    await tamar.sees(".pill.bad", "did not get through (422)")
    await tamar.misses("article", "never seen")


async def test_an_answer_to_another_client_is_counted_until_it_is_read(phones):
    await phones.director.clients.writes("sergey", "Здравствуйте")
    layla = await phones.hold("layla")
    await phones.answer("sergey", "Добрый день")
    row = layla.find(".chat-list [data-person='sergey']")
    await expect(row.locator(".badge")).to_have_text("1")
    await row.click()
    await layla.sees("article", "Добрый день")
    await expect(row.locator(".badge")).to_have_count(0)


async def test_markup_in_a_name_and_in_words_is_text(phones):
    layla = await phones.hold("layla")
    await layla.write("<img src=x onerror=alert(1)><b>bold</b>")
    await layla.sees("article .text", "<img src=x onerror=alert(1)><b>bold</b>")
    await layla.misses("article .text *")


async def test_a_phone_shows_the_clients_or_one_conversation_and_goes_back(phones):
    window = await phones.hold(size=PHONE)
    await window.find(".chat-list .row", "Emma").click()
    await expect(window.find(".sidebar")).to_be_hidden()
    assert await window.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    await window.find(".talk-head .back").click()
    await expect(window.find(".sidebar")).to_be_visible()


async def test_the_staff_s_page_leads_to_the_clients(phones):
    window = await Window.open(phones.browser, phones.director.base_url)
    phones.windows.append(window)
    await expect(window.page.get_by_role("link", name="Be a client of the company instead")).to_have_attribute(
        "href", "/clients"
    )
