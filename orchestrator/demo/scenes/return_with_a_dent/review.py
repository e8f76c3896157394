"""A person decides: what the machine missed is marked, the close-up comes, the report opens in a browser."""

import re

import httpx

from db.queries import damages, inspection_photos, reports
from orchestrator.demo.scenes.return_with_a_dent.album import DENT, SCRATCH, Album
from orchestrator.demo.scenes.return_with_a_dent.buttons import decide, mark, press_card
from orchestrator.demo.scenes.return_with_a_dent.coming_back import BACK, DRIVEN_KM
from orchestrator.demo.scenes.return_with_a_dent.garage import CLERK, HEAD, Garage


async def play(garage: Garage) -> None:
    await _compares(garage)
    await _confirms(garage)
    await _close_up(garage)
    await _reads_report(garage)


async def _compares(garage: Garage) -> None:
    stage = garage.stage
    await stage.step(f"{HEAD} opens the pairs: on each picture before, then after")
    await press_card(garage, "Возврат №", "Пары")

    async def pairs() -> bool:
        return len([message for message in await garage.in_topic() if message.get("photo")]) >= 8

    await stage.comes_true("eight pairs stand in the topic", pairs)


async def _confirms(garage: Garage) -> None:
    """The machine may have seen the dent or not; either way a person says what it is."""
    stage = garage.stage
    found = await garage.findings(BACK)
    hits = [one for one in found if one.is_open and one.part is DENT.part]
    if hits:
        await stage.step(f"The machine has seen the dent; {HEAD} confirms it")
        await decide(garage, hits[0].ordinal, "Новое")
    else:
        await stage.step(f"The machine has missed the dent; {HEAD} marks it by buttons")
        await mark(garage, "Возврат №", "передняя левая дверь", "вмятина", "2 —")
    for other in [one for one in found if one.is_open and one not in hits[:1]]:
        await decide(garage, other.ordinal, "Не повреждение")

    async def is_confirmed() -> bool:
        known = await stage.ask(damages.open_of, garage.car_id)
        return {one.part for one in known} == {SCRATCH.part, DENT.part}

    await stage.comes_true("the car has two damages: the old scratch and the new dent", is_confirmed)


async def _close_up(garage: Garage) -> None:
    stage = garage.stage
    await stage.step(f"{CLERK} is asked for a photo from near")

    async def is_asked() -> bool:
        said = await garage.director.messages(garage.clerk)
        return any("вблизи" in (message.get("text") or "") for message in said)

    await stage.comes_true("the question came into his private chat", is_asked)
    album = Album(garage.car["number"], walk=2, damages=[SCRATCH, DENT], mileage=1, fuel=50)
    await garage.sends([await album.close_up(DENT)])

    async def is_there() -> bool:
        found = await garage.inspection(BACK)
        photos = [] if found is None else await stage.ask(inspection_photos.photos_of, found.id)
        return any(photo.finding_id is not None for photo in photos)

    await stage.comes_true("the close-up belongs to the dent", is_there)


async def _reads_report(garage: Garage) -> None:
    stage = garage.stage
    await stage.step(f"{HEAD} stands behind it; the report opens in a browser")
    await press_card(garage, "Возврат №", "Проверено")
    await stage.comes_true("the inspection is reviewed", garage.reaches(BACK, "reviewed"))

    async def is_made() -> list[str]:
        found = await garage.inspection(BACK)
        made = [] if found is None else await stage.ask(reports.newest, found.id)
        return sorted({one.language for one in made})

    languages = await stage.comes_true("the report is made", is_made, patience_s=120)
    stage.check("in Russian, English and Georgian", {"ru", "en", "ka"} <= set(languages), ", ".join(languages))
    link = await stage.comes_true("its link stands in the topic", lambda: _link(garage))
    if link:
        await _opens_link(garage, link)


async def _link(garage: Garage) -> str | None:
    """Of this inspection: the report of the hand-over stands in the same topic."""
    inspection = await garage.inspection(BACK)
    assert inspection is not None
    messages = [str(message.get("html") or "") for message in await garage.in_topic()]
    told = " ".join(one for one in messages if f"Отчёт об осмотре № {inspection.number}<" in one)
    found = re.findall(r'href="(http[^"]+/files/[^"]+)"[^>]*>([^<]*)<', told)
    pages = [link for link, label in found if "PDF" not in label]
    return pages[-1].replace("&amp;", "&") if pages else None


async def _opens_link(garage: Garage, link: str) -> None:
    stage = garage.stage
    async with httpx.AsyncClient(timeout=30) as browser:
        opened = await browser.get(link)
        forged = await browser.get(link[:-4] + "0000")
    kind = opened.headers.get("content-type", "")
    stage.check("the link opens a page", opened.status_code == 200 and kind.startswith("text/html"), kind)
    stage.check("it names the car", garage.car["number"] in opened.text)
    driven = garage.car["mileage"] + DRIVEN_KM
    stage.check("it tells the mileage", str(driven) in re.sub(r"\D", "", opened.text), driven)
    stage.check("a link that was changed opens nothing", forged.status_code in {403, 404, 410}, forged.status_code)
    stage.tell(f"the report: {link}")
