"""Speech to text by any server that speaks OpenAI's transcription interface. Start at api.py."""

from integrations.speech.api import Recording, SpeechApi, Transcript

__all__ = ["Recording", "SpeechApi", "Transcript"]
