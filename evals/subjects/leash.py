"""Runs a command for as long as whoever started this lives, and no longer.

A run that is killed must not leave a server behind: when standard input ends,
so does the command. Run by its path with ``python -I``, so that it starts at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

_LAST_SECONDS = 8.0


def run(command: list[str]) -> int:
    """Start ``command``, end it when standard input ends; its exit code."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def let_go() -> None:
        while os.read(0, 4096):  # not sys.stdin: its lock would be held when the process ends
            pass
        process.terminate()
        try:
            process.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()

    threading.Thread(target=let_go, daemon=True).start()
    return process.wait()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
