"""A Telegram bot on python-telegram-bot."""
