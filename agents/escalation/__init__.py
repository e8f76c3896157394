"""Escalation: what nobody answered comes in; a reminder, a new holder one level up or an alarm come out."""
