"""Speaks the worker's protocol without a model; the user's words say how it misbehaves."""

import json
import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path

requests: queue.Queue = queue.Queue()
cancelled: set = set()


def send(event, **fields):
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


def read():
    for line in sys.stdin:
        message = json.loads(line)
        if message["op"] == "cancel":
            cancelled.add(message["id"])
        elif message["op"] == "exit":
            os._exit(0)
        else:
            requests.put(message)
    os._exit(0)


def answer(number, request):
    said = "".join(text for text, _ in request["pieces"])
    if "die now" in said:
        os.kill(os.getpid(), signal.SIGKILL)
    if "garbage" in said:
        sys.stdout.write("Segmentation fault?\n")
        sys.stdout.flush()
        time.sleep(60)
    if "hang" in said:
        time.sleep(60)
    pause = 0.5 if "slow" in said else 0.01
    for count in range(request["max_tokens"]):
        if number in cancelled and "deaf" not in said:
            send("done", id=number, reason="cancelled", tokens=count)
            return
        send("token", id=number, text=f"t{count} ")
        if "stall" in said:
            time.sleep(60)
        time.sleep(pause)
    send("done", id=number, reason="length", tokens=request["max_tokens"])


threading.Thread(target=read, daemon=True).start()
send("hello", pid=os.getpid())
options = requests.get()
mode = os.environ.get("FAKE_WORKER", "")
if mode == "load fails":
    send("error", id=0, kind="load", message="out of memory")
    sys.exit(1)
if mode == "load hangs":
    time.sleep(60)
if mode == "dies at start":
    os._exit(3)
if mode == "writes options":
    told = {**options, "omp": os.environ.get("OMP_WAIT_POLICY")}
    Path(os.environ["FAKE_WORKER_OPTIONS"]).write_text(json.dumps(told))
send("ready", load_s=0.0)
while True:
    request = requests.get()
    answer(request["id"], request)
