"""Zalo's and Telegram's servers as their documents describe them, on real sockets."""
