"""Seeing: what a photo shows, told as values; ``vision.py`` is read first."""
