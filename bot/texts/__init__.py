"""Every word the bot says, by key and language; the only place where plain values become markup."""

from functools import lru_cache

from bot.texts.catalog import Catalog, read_catalogs
from bot.texts.rendering import Texts
from core.commands import Text

__all__ = ["Catalog", "Texts", "default_texts", "read_catalogs", "render_html", "render_plain"]


@lru_cache(maxsize=1)
def default_texts() -> Texts:
    """The texts of this installation, read once. Tests set ``is_strict`` on it."""
    return Texts(read_catalogs())


def render_html(text: Text, language: str | None) -> str:
    """Telegram HTML: arguments are escaped, markup comes only from the .ftl files."""
    return default_texts().html(text, language)


def render_plain(text: Text, language: str | None) -> str:
    """The same words without markup, for buttons, toasts and names."""
    return default_texts().plain(text, language)
