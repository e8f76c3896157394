"""Umnico's twin: one account with WhatsApp, Telegram and Instagram, its API, its webhooks, and the people who write."""
