"""Translator: messages of clients and staff, both ways, with every fact in them locked."""
