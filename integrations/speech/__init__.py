"""Speech to text by any server that speaks OpenAI's transcription interface. Start at api.py."""

from integrations.speech.api import Recording, SpeechApi, Transcript
from integrations.speech.client import LONGEST_FILE, SpeechClient

__all__ = ["LONGEST_FILE", "Recording", "SpeechApi", "SpeechClient", "Transcript"]
