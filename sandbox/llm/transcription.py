"""OpenAI's transcription: a file in a form goes in; its text comes out in the format that was asked for."""

import json
from pathlib import PurePath
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox.faults import Fault, suffer_latency
from sandbox.llm.answers import Usage
from sandbox.llm.asked import Json
from sandbox.llm.desk import SYSTEM, Desk, name_of, raise_ordered
from sandbox.llm.doors import admit_to_openai, unknown_openai_model
from sandbox.llm.faults import ModelFault, Spoil
from sandbox.llm.refusals import Refused, openai_envelope
from sandbox.llm.transcripts import Listener, Transcript, duration_of
from sandbox.rentprog.faults import CutResponse

OPERATION = "openai.transcriptions"
_LIMIT = 25 * 1024 * 1024
_ENDINGS = {"flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm"}
_FORMATS = {"json", "text", "srt", "verbose_json", "vtt"}
_FIELDS = {
    "file", "model", "language", "languages", "keywords", "prompt", "response_format", "temperature",
    "timestamp_granularities", "include", "chunking_strategy", "stream", "known_speaker_names",
    "known_speaker_references",
}  # fmt: skip
_NOISE = "Umbrella seven the kettle"


class Transcription:
    def __init__(self, desk: Desk, listener: Listener, key: str) -> None:
        self._desk = desk
        self._listener = listener
        self._key = key

    async def respond(self, request: Request) -> Response:
        note: Json = {}
        try:
            admit_to_openai(self._key, request.headers)
            async with _form(request) as form:
                return await self._answer(form, note)
        except MultiPartException:
            refusal = Refused("Could not parse multipart form.")
        except Refused as error:
            refusal = error
        return self._desk.refuse(OPERATION, openai_envelope, refusal, note)

    async def _answer(self, form: FormData, note: Json) -> Response:
        fields = [(name.removesuffix("[]"), value) for name, value in form.multi_items()]
        told = {name: value for name, value in fields if isinstance(value, str)}
        note |= {"model": told.get("model"), "form": told}
        _check_fields([name for name, _ in fields])
        name, data = await _file(form)
        note |= {"file_name": name, "bytes": len(data)}
        model, shape = _model(told), told.get("response_format", "json")
        if model not in self._desk.models:
            raise unknown_openai_model(model)
        if shape not in _FORMATS:
            raise Refused(f"Invalid value: '{shape}'.", param="response_format", code="invalid_value")
        fault = self._desk.faults.take(SYSTEM, OPERATION, model)
        await suffer_latency(fault)
        raise_ordered(fault)
        heard = _spoiled(self._listener.hear(name, data), fault)
        await suffer_latency(Fault(SYSTEM, latency_s=heard.delay_s))
        note["fault"] = name_of(fault)
        self._desk.journal.record(SYSTEM, OPERATION, note, result={"text": heard.text})
        self._desk.totals.add(model, Usage(input_tokens=0, output_tokens=0))
        response = _written(heard, shape, duration_of(heard, data))
        return CutResponse(bytes(response.body)) if fault is not None and fault.drop else response


def _form(request: Request) -> Any:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refused("The content type of this request must be multipart/form-data.")
    return request.form()


def _check_fields(names: list[str]) -> None:
    unknown = [name for name in names if name.partition("[")[0] not in _FIELDS]
    if unknown:
        text = f"Unknown parameter: '{unknown[0]}'."
        raise Refused(text, param=unknown[0], code="unknown_parameter")


def _model(told: dict[str, str]) -> str:
    if not told.get("model"):
        raise Refused("you must provide a model parameter", param="model")
    return told["model"]


async def _file(form: FormData) -> tuple[str, bytes]:
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        raise Refused("Missing required parameter: 'file'.", param="file", code="missing_required_parameter")
    name, data = upload.filename or "", await upload.read()
    if len(data) > _LIMIT:
        raise Refused(f"Maximum content size limit ({_LIMIT}) exceeded ({len(data)} bytes read)", status=413)
    if PurePath(name).suffix.lstrip(".").lower() not in _ENDINGS:
        raise Refused(f"Invalid file format. Supported formats: {sorted(_ENDINGS)}", param="file")
    if not data:
        raise Refused(
            "Audio file is too short. Minimum audio length is 0.1 seconds.", param="file", code="audio_too_short"
        )
    return name, data


def _spoiled(heard: Transcript, fault: Fault | None) -> Transcript:
    """Nonsense is what such a model hears in noise; its own figures say so."""
    if isinstance(fault, ModelFault) and fault.spoil is Spoil.NONSENSE:
        return heard.model_copy(update={"text": _NOISE, "avg_logprob": -1.6, "no_speech_prob": 0.8})
    return heard


def _written(heard: Transcript, shape: str, duration: float) -> Response:
    match shape:
        case "text":
            return PlainTextResponse(heard.text + "\n")
        case "srt":
            return PlainTextResponse(f"1\n{_clock(0, ',')} --> {_clock(duration, ',')}\n{heard.text}\n\n")
        case "vtt":
            return PlainTextResponse(f"WEBVTT\n\n{_clock(0, '.')} --> {_clock(duration, '.')}\n{heard.text}\n\n")
        case "verbose_json":
            told = _verbose(heard, duration)
        case _:
            told = {"text": heard.text, "usage": {"type": "duration", "seconds": round(duration)}}
    return Response(json.dumps(told, ensure_ascii=False), media_type="application/json")


def _verbose(heard: Transcript, duration: float) -> Json:
    segment = {
        "id": 0, "seek": 0, "start": 0.0, "end": duration, "text": heard.text, "tokens": [], "temperature": 0.0,
        "avg_logprob": heard.avg_logprob, "compression_ratio": 1.1, "no_speech_prob": heard.no_speech_prob,
    }  # fmt: skip
    return {
        "task": "transcribe",
        "language": heard.language,
        "duration": duration,
        "text": heard.text,
        "segments": [segment] if heard.text else [],
        "usage": {"type": "duration", "seconds": round(duration)},
    }


def _clock(seconds: float, point: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{thousandths:03}"
