"""A working Telegram Bot API: forums, topics, albums, files, updates and refusals, with people to play with."""
