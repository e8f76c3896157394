"""The scripted model: speaks OpenAI and Anthropic over HTTP, checks requests like them, and follows a script."""
