"""People at the chat page, in a real browser, against the real simulated Telegram."""

import pytest
from playwright.async_api import expect

from tests.page.line import line_to
from tests.page.pictures import png
from tests.page.window import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_visitor_chooses_who_to_be_and_sees_their_chats(story):
    window = await story.window("")
    await window.page.get_by_role("button", name="Nino").click()
    await window.sees(".switcher", "Nino")
    await window.sees(".chat-list .row", "Branch Tbilisi")
    await window.sees(".chat-list .row", "Jarvis")
    await window.sees(".sandbox-note", "everything here is simulated")
    assert f"as={story.nino}" in window.page.url


async def test_a_person_becomes_another_one_by_the_switcher(story):
    window = await story.window(f"#as={story.nino}")
    await window.find(".switcher").click()
    await window.page.get_by_role("option", name="Oleg").click()
    await window.sees(".switcher", "Oleg")
    assert f"as={story.oleg}" in window.page.url


async def test_a_message_appears_in_the_other_person_s_window_at_once(story):
    thread = await story.topic("Kia Rio")
    nino = await story.window(story.link(story.nino, thread))
    oleg = await story.window(story.link(story.oleg, thread))
    await nino.write("The keys are in the office")
    await nino.sees("article.mine", "The keys are in the office")
    await oleg.sees("article:not(.mine) .sender", "Nino")
    await oleg.sees("article:not(.mine)", "The keys are in the office")


async def test_shift_and_enter_make_a_second_line(story):
    thread = await story.topic("Two lines")
    nino = await story.window(story.link(story.nino, thread))
    field = nino.page.get_by_role("textbox", name="Message")
    await field.press_sequentially("one")
    await field.press("Shift+Enter")
    await field.press_sequentially("two")
    await field.press("Enter")
    await expect(nino.find("article.mine .text")).to_have_text("one\ntwo", use_inner_text=True)
    await expect(field).to_have_value("")


async def test_a_button_spins_until_the_bot_answers_with_a_toast(story):
    thread = await story.topic("Card")
    keyboard = [[{"text": "Ready", "callback_data": "ready", "style": "success"}]]
    await story.say(thread, "Kia Rio", reply_markup={"inline_keyboard": keyboard})
    nino = await story.window(story.link(story.nino, thread))
    await nino.page.get_by_role("button", name="Ready").click()
    await expect(nino.find(".key.busy")).to_be_visible()
    query = await story.bot.next_press()
    assert query["data"] == "ready"
    await story.bot.call("answerCallbackQuery", callback_query_id=query["id"], text="The car is ready")
    await nino.sees(".toast", "The car is ready")
    await nino.misses(".key.busy")


async def test_an_alert_has_to_be_confirmed(story):
    thread = await story.topic("Alert")
    keyboard = [[{"text": "Write off", "callback_data": "off"}]]
    await story.say(thread, "Sure?", reply_markup={"inline_keyboard": keyboard})
    nino = await story.window(story.link(story.nino, thread))
    await nino.page.get_by_role("button", name="Write off").click()
    query = await story.bot.next_press()
    answer = {"callback_query_id": query["id"], "text": "Only a head may do this", "show_alert": True}
    await story.bot.call("answerCallbackQuery", **answer)
    dialog = nino.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Only a head may do this")
    await dialog.get_by_role("button", name="OK").click()
    await expect(dialog).to_have_count(0)


async def test_two_pictures_with_a_caption_become_an_album_for_everybody(story, tmp_path):
    thread = await story.topic("Return")
    nino = await story.window(story.link(story.nino, thread))
    oleg = await story.window(story.link(story.oleg, thread))
    pictures = [png(tmp_path / "front.png", 120, 90, (200, 60, 60)), png(tmp_path / "back.png", 90, 120, (60, 90, 200))]
    await nino.find("input[type=file]").set_input_files(pictures)
    await expect(nino.find(".attachment img")).to_have_count(2)
    await nino.page.get_by_role("textbox", name="Message").fill("Around the car")
    await nino.page.get_by_role("button", name="Send").click()
    album = oleg.bubble("Around the car")
    await expect(album.locator(".album .photo img")).to_have_count(2)
    await expect(nino.find(".attachment")).to_have_count(0)
    await album.locator(".photo").first.click()
    picture = oleg.find(".lightbox img")
    await expect(picture).to_have_js_property("naturalWidth", 120)
    await oleg.page.keyboard.press("ArrowRight")
    await expect(picture).to_have_js_property("naturalWidth", 90)
    await oleg.page.keyboard.press("Escape")
    await oleg.misses(".lightbox")


async def test_a_pasted_picture_waits_for_its_caption(story):
    thread = await story.topic("Paste")
    nino = await story.window(story.link(story.nino, thread))
    await nino.page.get_by_role("textbox", name="Message").evaluate(
        """field => {
            const data = new DataTransfer();
            data.items.add(new File(['x'], 'scratch.png', { type: 'image/png' }));
            field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    await nino.sees(".attachment[title='scratch.png']")
    await nino.page.get_by_role("button", name="Leave out scratch.png").click()
    await nino.misses(".attachment")


async def test_a_deleted_topic_leaves_the_list_and_its_open_window(story):
    thread = await story.topic("Sold car")
    await story.say(thread, "Kia Sold")
    nino = await story.window(story.link(story.nino, thread))
    await nino.sees("article", "Kia Sold")
    await story.bot.control("topics/delete", chat_id=story.chat, message_thread_id=thread)
    await nino.misses(".topic-list .row", "Sold car")
    await nino.sees(".hint-area", "This topic was deleted")
    await nino.misses("article", "Kia Sold")


async def test_the_director_s_desk_closes_and_deletes_the_open_topic(story):
    thread = await story.topic("Desk work")
    nino = await story.window(story.link(story.nino, thread))
    await nino.find(".talk-head .desk-open").click()
    desk = nino.page.get_by_role("complementary", name="Director’s desk")
    await desk.get_by_role("button", name="Close", exact=True).click()
    await nino.sees(f".topic-list [data-topic='{thread}'] .closed-mark")
    await desk.get_by_role("button", name="Delete", exact=True).click()
    await nino.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await nino.misses(".topic-list .row", "Desk work")


async def test_trouble_ordered_at_the_desk_meets_the_bot_s_next_call(story):
    nino = await story.window(f"#as={story.nino}&chat={story.chat}&topic=0")
    await nino.find(".talk-head .desk-open").click()
    await nino.page.get_by_role("button", name="Too many requests").click()
    await nino.sees(".toast", "Prepared")
    refused = await story.bot.ask("getMe")
    assert (refused.status_code, refused.json()["parameters"]) == (429, {"retry_after": 5})
    assert (await story.bot.ask("getMe")).status_code == 200


async def test_a_car_moved_at_the_desk_is_in_the_other_branch(story):
    nino = await story.window(f"#as={story.nino}&chat={story.chat}&topic=0")
    await nino.find(".talk-head .desk-open").click()
    field = nino.page.get_by_role("combobox", name="Car", exact=True)
    await expect(field).to_be_visible()
    chosen = await nino.find("#list-car option[value*='Tbilisi']").first.get_attribute("value")
    await field.fill(chosen)
    await nino.page.get_by_role("combobox", name="To branch").select_option("batumi")
    await nino.page.get_by_role("button", name="Move the car").click()
    await nino.sees(".toast", "Done")
    cars = (await story.bot.http.get("/_sandbox/rentprog/state")).json()["cars"]
    assert [car["branch"] for car in cars if chosen.startswith(f"{car['code']} · ")] == ["batumi"]


async def test_a_person_opens_a_topic_and_stands_in_it(story):
    nino = await story.window(f"#as={story.nino}&chat={story.chat}")
    await nino.page.get_by_role("button", name="New topic").click()
    await nino.page.get_by_role("textbox", name="Name of the new topic").fill("Lost and found")
    await nino.page.keyboard.press("Enter")
    await nino.sees(".talk-head", "Lost and found")
    await nino.sees(".topic-list .row.open", "Lost and found")


async def test_a_reaction_is_seen_by_everybody_and_taken_back_by_a_second_click(story):
    thread = await story.topic("Reactions")
    await story.say(thread, "Washed and ready")
    nino = await story.window(story.link(story.nino, thread))
    oleg = await story.window(story.link(story.oleg, thread))
    for count in (1, 0):
        await nino.bubble("Washed and ready").click(button="right")
        await nino.page.get_by_role("menuitem", name="👍").click()
        await expect(oleg.find(".reaction", "👍")).to_have_count(count)


async def test_a_telegram_link_to_a_topic_opens_it_here(story):
    target = await story.topic("Target of the link")
    thread = await story.topic("With a link")
    address = f"https://t.me/c/{str(story.chat).removeprefix('-100')}/{target}"
    await story.say(thread, f"See {address}")
    nino = await story.window(story.link(story.nino, thread))
    await nino.find("article a").click()
    await nino.sees(".talk-head", "Target of the link")


async def test_a_new_topic_a_rename_and_a_closing_are_seen_live(story):
    nino = await story.window(f"#as={story.nino}&chat={story.chat}")
    thread = await story.topic("Freshly opened")
    await nino.sees(".topic-list .row", "Freshly opened")
    await story.bot.call("editForumTopic", chat_id=story.chat, message_thread_id=thread, name="Renamed car")
    await nino.sees(".topic-list .row", "Renamed car")
    await story.bot.call("closeForumTopic", chat_id=story.chat, message_thread_id=thread)
    await nino.sees(f".topic-list [data-topic='{thread}'] .closed-mark")
    await nino.sees(f".topic-list [data-topic='{thread}'] .row-text", "Topic closed")


async def test_unread_messages_are_counted_until_they_are_seen(story):
    thread = await story.topic("Unread")
    nino = await story.window(f"#as={story.nino}&chat={story.chat}&topic=0")
    await story.say(thread, "First")
    await story.say(thread, "Second")
    row = nino.find(f".topic-list [data-topic='{thread}']")
    await expect(row.locator(".badge")).to_be_visible()
    await row.click()
    await nino.sees("article", "Second")
    await expect(row.locator(".badge")).to_have_count(0)
    await story.say(thread, "Third")
    await nino.sees("article", "Third")
    await expect(row.locator(".row-text")).to_have_text("Third")
    await expect(row.locator(".badge")).to_have_count(0)


async def test_an_edit_changes_the_bubble_and_a_deletion_takes_it_away(story):
    thread = await story.topic("Edits")
    message = await story.say(thread, "Odometer 100")
    nino = await story.window(story.link(story.nino, thread))
    where = {"chat_id": story.chat, "message_id": message["message_id"]}
    await story.bot.call("editMessageText", **where, text="Odometer 120")
    bubble = nino.bubble("Odometer 120")
    await expect(bubble.locator(".edited")).to_be_visible()
    await nino.misses("article", "Odometer 100")
    await story.bot.call("deleteMessage", **where)
    await nino.misses("article", "Odometer 120")


async def test_a_person_corrects_the_last_message_with_the_arrow_key(story):
    thread = await story.topic("Correction")
    nino = await story.window(story.link(story.nino, thread))
    await nino.write("Tank is emty")
    await nino.sees("article.mine", "Tank is emty")
    field = nino.page.get_by_role("textbox", name="Message")
    await field.press("ArrowUp")
    await expect(field).to_have_value("Tank is emty")
    await nino.write("Tank is empty")
    await expect(nino.bubble("Tank is empty").locator(".edited")).to_be_visible()


async def test_a_reply_quotes_the_message_and_the_quote_leads_to_it(story):
    thread = await story.topic("Replies")
    await story.say(thread, "Where is the spare key?")
    nino = await story.window(story.link(story.nino, thread))
    question = nino.bubble("Where is the spare key?")
    await question.hover()
    await question.get_by_role("button", name="Reply").click()
    await nino.sees(".about-bar", "Where is the spare key?")
    await nino.write("In the safe")
    quote = nino.bubble("In the safe").get_by_role("button", name="Go to the quoted message")
    await expect(quote).to_contain_text("Where is the spare key?")
    await quote.click()
    await expect(question.first).to_be_focused()


async def test_older_messages_come_while_scrolling_up_and_a_button_leads_back(story):
    thread = await story.topic("Long story")
    for number in range(90):
        body = {"as": story.oleg, "chat_id": story.chat, "thread_id": thread, "text": f"Line {number} of the story"}
        await story.bot.control("send", **body)
    nino = await story.window(story.link(story.nino, thread))
    await nino.find("article", "Line 89 of").scroll_into_view_if_needed()
    await nino.misses("article", "Line 0 of")
    down = nino.page.get_by_role("button", name="Go to the newest message")
    await expect(down).to_be_hidden()
    log = nino.find(".scroll")
    await log.focus()
    for oldest in ("Line 10 of", "Line 0 of"):
        await log.evaluate("node => node.scrollTo(0, 0)")
        await expect(nino.bubble(oldest)).to_have_count(1)
    assert await nino.find("article").count() == 90
    await down.click()
    await expect(nino.bubble("Line 89 of")).to_be_in_viewport()


async def test_a_pinned_message_is_shown_above_and_found_by_a_click(story):
    thread = await story.topic("Pinned")
    card = await story.say(thread, "Card of the car")
    await story.bot.call("pinChatMessage", chat_id=story.chat, message_id=card["message_id"])
    nino = await story.window(story.link(story.nino, thread))
    pinned = nino.page.get_by_role("button", name="Go to the pinned message")
    await expect(pinned).to_contain_text("Card of the car")
    await nino.sees(".pill", "pinned")
    await pinned.click()
    await expect(nino.bubble("Card of the car").first).to_be_focused()


async def test_start_opens_the_private_chat_and_commands_are_offered(story):
    nino = await story.window(f"#as={story.nino}&chat={story.nino}")
    await nino.page.get_by_role("button", name="Start", exact=True).click()
    await nino.sees("article.mine", "/start")
    field = nino.page.get_by_role("textbox", name="Message")
    await field.fill("/he")
    await expect(nino.page.get_by_role("option", name="/help")).to_be_visible()
    await field.press("Enter")
    await nino.sees("article.mine", "/help")


async def test_markup_from_the_bot_is_shown_and_no_script_of_it_runs(story):
    thread = await story.topic("<img src=x onerror=alert(1)>")
    await story.say(thread, "<b>bold</b> <a href='https://example.com/'>link</a>", parse_mode="HTML")
    await story.say(thread, "<script>alert('script')</script><img src=x onerror=alert('image')>")
    nino = await story.window(story.link(story.nino, thread))
    await nino.sees("article .text b", "bold")
    await nino.sees("article a[href='https://example.com/']", "link")
    await nino.sees("article .text", "<script>alert('script')</script>")
    await nino.sees(".topic-list .row", "<img src=x onerror=alert(1)>")
    await nino.misses("article script, article img, .topic-list img")


async def test_hostile_html_of_a_server_is_rebuilt_from_harmless_tags_only(story):
    nino = await story.window(f"#as={story.nino}")
    html = (
        "<b onclick='alert(1)'>bold</b><script>alert(2)</script><img src=x onerror='alert(3)'>"
        "<a href='javascript:alert(4)'>bad</a><a href='https://example.com/'>good</a><style>*{display:none}</style>"
        "<iframe srcdoc='<script>alert(5)</script>'></iframe><svg onload='alert(6)'>drawn</svg>"
    )
    rebuilt = await nino.page.evaluate(
        """async html => {
            const { rich } = await import('/static/js/richtext.js');
            const box = document.createElement('div');
            box.append(rich(html));
            document.body.append(box);
            return box.innerHTML;
        }""",
        html,
    )
    good = '<a href="https://example.com/" target="_blank" rel="noopener noreferrer" class="text-link">good</a>'
    assert rebuilt == f"<b>bold</b>bad{good}drawn"


async def test_an_inline_script_is_refused_by_the_page_s_policy(story):
    nino = await story.window(f"#as={story.nino}")
    ran = await nino.page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.ran = true';
            document.body.append(script);
            return window.ran === true;
        }"""
    )
    assert ran is False


async def test_a_phone_shows_one_column_at_a_time_and_goes_back(story):
    thread = await story.topic("On the phone")
    await story.say(thread, "A long line that has to fit: " + "car " * 80)
    nino = await story.window(f"#as={story.nino}", size=PHONE)
    await nino.find(".chat-list .row", "Branch Tbilisi").click()
    await expect(nino.find(".sidebar")).to_be_hidden()
    await nino.find(".topic-list .row", "On the phone").click()
    await nino.sees("article", "A long line")
    await expect(nino.find(".topics")).to_be_hidden()
    widths = "[document.documentElement, document.querySelector('.scroll')].map(node => node.scrollWidth)"
    assert max(await nino.page.evaluate(widths)) <= PHONE["width"]
    await nino.find(".talk-head .back").click()
    await expect(nino.find(".topics")).to_be_visible()
    await nino.find(".topics .back").click()
    await expect(nino.find(".sidebar")).to_be_visible()


async def test_arabic_runs_from_the_right_and_georgian_from_the_left(story):
    thread = await story.topic("Languages")
    await story.say(thread, "شكرا جزيلا")
    await story.say(thread, "გმადლობთ")
    nino = await story.window(story.link(story.nino, thread))
    direction = "node => getComputedStyle(node).direction"
    assert await nino.find("article .text", "شكرا").evaluate(direction) == "rtl"
    assert await nino.find("article .text", "გმადლობთ").evaluate(direction) == "ltr"


async def test_chats_and_topics_are_reached_with_the_keyboard_alone(story):
    await story.topic("By keyboard")
    nino = await story.window(f"#as={story.nino}")
    await nino.find(".chat-list .row", "Branch Tbilisi").focus()
    await nino.page.keyboard.press("Enter")
    await nino.find(".topic-list .row").first.focus()
    await nino.page.keyboard.press("ArrowDown")
    await nino.page.keyboard.press("Enter")
    await expect(nino.page.get_by_role("textbox", name="Message")).to_be_focused()


async def test_the_stream_comes_back_after_a_break_with_what_was_missed(story):
    thread = await story.topic("Broken line")
    async with line_to(story.url) as line:
        nino = await story.window(story.link(story.nino, thread), url=line.url)
        await nino.sees(".talk-head", "Broken line")
        await line.cut()
        await nino.sees(".live.broken", "Connecting")
        await story.say(thread, "Said meanwhile")
        await line.mend()
        await nino.sees("article", "Said meanwhile")
        await nino.misses(".live.broken")
        await story.say(thread, "Said afterwards")
        await nino.sees("article", "Said afterwards")
