"""What Rasa's processes start with; run by Rasa's Python 3.10, standard library and Rasa only.

``python host.py train …`` is ``rasa train …``, but it ends when its parent does,
keeps the secret out of the list of processes, and adds nothing to the person's
own settings. The parent holds the other end of standard input: when that
closes, for whatever reason, this process ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time

#: Seconds that Rasa gets to end by itself.
_PATIENCE = 3.0


def main() -> None:
    """Hand over to Rasa's command line."""
    sys.path.pop(0)  # this folder, whose modules are none of Rasa's business
    if os.environ.pop("TROLY_DIALOGUE_LEASH", ""):
        threading.Thread(target=_leash, name="leash", daemon=True).start()
    secret = os.environ.pop("TROLY_DIALOGUE_JWT", "")
    if secret:
        sys.argv += ["--jwt-secret", secret]
    sys.argv[0] = "rasa"
    from rasa.__main__ import main as rasa_main

    rasa_main()


def _leash() -> None:
    """Wait until the parent lets go (it closes the pipe, or is dead), then end."""
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE)
    os._exit(1)


if __name__ == "__main__":
    main()
