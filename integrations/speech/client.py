"""The client of a transcription server: a `SpeechApi` over HTTP."""

import json
from pathlib import PurePath

import httpx
from pydantic import ValidationError

from core.clock import Clock
from core.errors import JarvisError, NeedsAttention, Rejected, Temporary
from integrations.http import Answer, Call, CallKind, HttpLink, Patience, RateBudget, Upload, error_of
from integrations.speech.api import Recording, Transcript
from integrations.speech.models import Heard

SYSTEM = "Speech"
PATH = "/audio/transcriptions"
LONGEST_FILE = 25 * 1024 * 1024
"""What the interface takes (contract page)."""
PATIENCE = Patience(attempts=2, attempt_s=60.0, total_s=60.0)
"""Three minutes of speech take a small server some ten seconds and more; somebody waits for the message meanwhile."""
_CALL = f"POST {PATH}"
_ENDINGS = {".flac", ".m4a", ".mp3", ".mp4", ".mpeg", ".mpga", ".ogg", ".wav", ".webm"}
_ENDING_OF_OTHER = {".oga": ".ogg", ".opus": ".ogg", ".mov": ".mp4"}
_ENDING_OF_MIME = {
    "audio/ogg": ".ogg",
    "application/ogg": ".ogg",
    "audio/opus": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp3": ".mp3",
    "audio/mp4": ".m4a",
    "audio/x-m4a": ".m4a",
    "audio/aac": ".m4a",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/webm": ".webm",
    "video/webm": ".webm",
    "video/mp4": ".mp4",
    "audio/flac": ".flac",
}


class SpeechClient:
    """See `SpeechApi` for what the method promises."""

    def __init__(
        self,
        base_url: str,
        *,
        model: str,
        http: httpx.AsyncClient,
        clock: Clock,
        api_key: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        """``base_url`` is what stands before ``/audio/transcriptions``, such as ``https://api.openai.com/v1``.

        ``http`` must wait for an answer as long as a recording is listened to, which is longer than for other systems.
        """
        self._url = base_url.rstrip("/") + PATH
        self._model = model
        self._headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {api_key}"} if api_key else {})
        self._link = HttpLink(SYSTEM, http=http, budget=RateBudget({}), clock=clock, patience=patience or PATIENCE)
        self._tells_more = True
        """Newer models know ``json`` only; that is learnt from the first refusal."""

    async def transcribe(self, recording: Recording, *, language: str | None = None) -> Transcript:
        if not recording.content:
            raise Rejected(f"{SYSTEM}: the recording is empty")
        if len(recording.content) > LONGEST_FILE:
            raise Rejected(f"{SYSTEM}: the recording is larger than {LONGEST_FILE} bytes")
        answer = await self._ask(recording, language)
        if self._tells_more and answer.status == 400 and "response_format" in _refused(answer):
            self._tells_more = False
            answer = await self._ask(recording, language)
        if error := _error(answer):
            raise error
        heard = _read(answer)
        return Transcript(heard.text.strip(), heard.language_code, heard.confidence, heard.seconds)

    async def _ask(self, recording: Recording, language: str | None) -> Answer:
        asked = {"model": self._model, "response_format": "verbose_json" if self._tells_more else "json"}
        if language is not None:
            asked["language"] = language
        upload = Upload("file", _file_name(recording), recording.content, recording.mime, beside=asked)
        return await self._link.send(
            Call(_CALL, "POST", self._url, CallKind.WRITE, headers=self._headers, upload=upload)
        )


def _file_name(recording: Recording) -> str:
    """Only its ending says anything; the name itself is the client's own text and stays here."""
    ending = PurePath(recording.filename).suffix.lower()
    ending = _ENDING_OF_OTHER.get(ending, ending)
    if ending not in _ENDINGS:
        ending = _ENDING_OF_MIME.get(recording.mime.partition(";")[0].strip().lower(), ".ogg")
    return f"recording{ending}"


def _error(answer: Answer) -> JarvisError | None:
    match answer.status:
        case 400 | 413 | 415 | 422:
            return Rejected(f"{SYSTEM}: {_CALL}: refused with status {answer.status}: nothing to be heard in it")
        case 404:
            return NeedsAttention(f"{SYSTEM}: {_CALL}: the address or the model is not known there")
        case _:
            return error_of(answer, SYSTEM, _CALL)


def _refused(answer: Answer) -> str:
    return answer.body[:2000].decode("utf-8", "replace")


def _read(answer: Answer) -> Heard:
    try:
        return Heard.model_validate(json.loads(answer.body))
    except (ValidationError, ValueError):
        # The text of the error would repeat what the client said.
        raise Temporary(f"{SYSTEM}: {_CALL}: the answer is no transcript") from None
