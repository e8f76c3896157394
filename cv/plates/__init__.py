"""Plates: a photo and the car that is expected come in; a verdict comes out (`check.py` first)."""
