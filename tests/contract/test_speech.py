"""One contract over real HTTP: our client of a speech server and the twin mean the same."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from core.clock import SystemClock
from core.errors import NeedsAttention, Rejected, Temporary
from integrations.http import Patience, open_http
from integrations.speech import LONGEST_FILE, Recording, SpeechClient
from sandbox.llm.voice import voice
from tests.sandbox.llm_at_work import OPTIONS, ModelAtWork, model_at_work
from tests.sandbox.twin_at_work import Mailbox, at_port

WORDS = "Здравствуйте, машина свободна?"
OPERATION = "openai.transcriptions"


@pytest.fixture
def twin() -> Iterator[ModelAtWork]:
    with model_at_work() as at_work:
        yield at_work


@asynccontextmanager
async def calling(twin: ModelAtWork, *, model: str = "whisper-1", key: str = "") -> AsyncIterator[SpeechClient]:
    async with open_http(10) as http:
        yield SpeechClient(
            twin.openai_url,
            model=model,
            http=http,
            clock=SystemClock(),
            api_key=key or OPTIONS.openai_key,
            patience=Patience(attempts=2, attempt_s=10, backoff_s=0.01, jitter_s=0),
        )


@pytest.fixture
async def client(twin: ModelAtWork) -> AsyncIterator[SpeechClient]:
    async with calling(twin) as opened:
        yield opened


def recording(words: str = WORDS, name: str = "v.ogg", mime: str = "audio/ogg") -> Recording:
    return Recording(voice(words), name, mime)


def heard(twin: ModelAtWork, **transcript) -> None:
    twin.follow(transcripts=[{"transcript": transcript}])


def asked(twin: ModelAtWork) -> list[dict]:
    return [call["params"] for call in twin.read("journal")["calls"]]


async def test_what_was_said_comes_back_with_its_language_and_length(twin: ModelAtWork, client: SpeechClient):
    heard(twin, text=f" {WORDS}\n", language="russian", duration=7.5)
    found = await client.transcribe(recording())
    assert (found.text, found.language, found.seconds) == (WORDS, "ru", 7.5)


async def test_a_clear_recording_is_trusted_more_than_noise(twin: ModelAtWork, client: SpeechClient):
    heard(twin, text="clear", avg_logprob=-0.1, no_speech_prob=0.01)
    clear = (await client.transcribe(recording())).confidence
    heard(twin, text="noise", avg_logprob=-1.6, no_speech_prob=0.8)
    noise = (await client.transcribe(recording())).confidence
    assert clear == pytest.approx(0.896, abs=0.001)
    assert noise == pytest.approx(0.040, abs=0.001)


async def test_silence_is_an_empty_text_that_nothing_judges(twin: ModelAtWork, client: SpeechClient):
    heard(twin, text="")
    found = await client.transcribe(recording())
    assert (found.text, found.confidence) == ("", None)


@pytest.mark.parametrize(
    ("name", "mime", "sent"),
    [
        ("v.ogg", "audio/ogg", "recording.ogg"),
        ("Голос Анны.OGA", "audio/ogg", "recording.ogg"),
        ("voice", "audio/ogg; codecs=opus", "recording.ogg"),
        ("circle.mp4", "video/mp4", "recording.mp4"),
        ("", "audio/mpeg", "recording.mp3"),
    ],
)
async def test_only_the_ending_of_a_name_leaves(twin: ModelAtWork, client: SpeechClient, name, mime, sent):
    await client.transcribe(recording(name=name, mime=mime))
    assert [call["file_name"] for call in asked(twin)] == [sent]


async def test_the_language_is_told_where_it_is_known(twin: ModelAtWork, client: SpeechClient):
    await client.transcribe(recording(), language="ru")
    await client.transcribe(recording())
    assert [call["form"].get("language") for call in asked(twin)] == ["ru", None]


async def test_a_server_that_tells_the_text_alone_is_understood_and_remembered(twin: ModelAtWork, client: SpeechClient):
    body = json.dumps({"error": {"message": "Unsupported", "param": "response_format"}})
    twin.fail(operation=OPERATION, status=400, body=body)
    first, second = await client.transcribe(recording()), await client.transcribe(recording())
    assert (first.text, first.confidence) == (second.text, second.confidence) == (WORDS, None)
    forms = [call["form"]["response_format"] for call in asked(twin)]
    assert forms[-2:] == ["json", "json"]
    assert forms.count("json") == 2


async def test_a_short_outage_is_waited_out_and_a_longer_one_told(twin: ModelAtWork, client: SpeechClient):
    twin.fail(operation=OPERATION, status=503)
    assert (await client.transcribe(recording())).text == WORDS
    twin.fail(operation=OPERATION, status=503, times=2)
    with pytest.raises(Temporary):
        await client.transcribe(recording())
    assert (await client.transcribe(recording())).text == WORDS


async def test_a_broken_connection_is_temporary(twin: ModelAtWork, client: SpeechClient):
    twin.fail(operation=OPERATION, drop=True, times=2)
    with pytest.raises(Temporary):
        await client.transcribe(recording())


async def test_an_answer_that_is_no_transcript_is_temporary():
    with at_port(Mailbox().app()) as url:
        async with open_http(10) as http:
            client = SpeechClient(url, model="whisper-1", http=http, clock=SystemClock())
            with pytest.raises(Temporary):
                await client.transcribe(recording())


async def test_a_wrong_key_or_model_needs_attention(twin: ModelAtWork):
    for wrong in ({"key": "sk-other"}, {"model": "whisper-nobody-has"}):
        async with calling(twin, **wrong) as client:
            with pytest.raises(NeedsAttention):
                await client.transcribe(recording())


async def test_what_the_server_cannot_hear_is_refused(twin: ModelAtWork, client: SpeechClient):
    twin.fail(operation=OPERATION, status=400, body='{"error": {"message": "Invalid file", "param": "file"}}')
    with pytest.raises(Rejected):
        await client.transcribe(recording())


@pytest.mark.parametrize("content", [b"", bytes(LONGEST_FILE + 1)], ids=["empty", "too large"])
async def test_what_no_server_takes_is_refused_without_a_call(twin: ModelAtWork, client: SpeechClient, content):
    with pytest.raises(Rejected):
        await client.transcribe(Recording(content, "v.ogg", "audio/ogg"))
    assert asked(twin) == []


def test_neither_words_nor_sound_stand_in_a_log():
    assert "RIFF" not in repr(Recording(b"RIFF", "v.wav", "audio/wav"))
