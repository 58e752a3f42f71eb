"""The child process that holds llama.cpp: ``python -m assistant.language_model.llama_worker``.

It speaks JSON, one object a line. Up its standard input come ``load`` (first),
``generate``, ``cancel``, ``ping`` and ``exit``; down its standard output go
``hello``, ``ready``, ``token``, ``done``, ``error`` and a ``beat`` each second.
It dies when its parent does (end of input), may be the kernel's first victim
when memory runs out, and never sees more than one request at a time.

Nothing of troly is imported, so that it starts in the time the library takes.
"""

from __future__ import annotations

import codecs
import ctypes
import json
import os
import queue
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

Message = dict[str, Any]


class Wire:
    """The pipe to the parent. Whatever the library prints goes to stderr instead."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        os.dup2(2, 1)
        self._lock = threading.Lock()

    def send(self, event: str, **fields: object) -> None:
        line = json.dumps({"event": event, **fields}, ensure_ascii=False)
        with self._lock:
            try:
                self._out.write(line + "\n")
                self._out.flush()
            except (BrokenPipeError, ValueError):
                os._exit(0)  # nobody is listening any more


class Inbox:
    """Reads standard input on its own thread, so that a cancel arrives during work."""

    def __init__(self, wire: Wire) -> None:
        self.requests: queue.Queue[Message] = queue.Queue()
        self._cancelled: set[int] = set()
        self._wire = wire
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._beat, daemon=True).start()

    def is_cancelled(self, number: int) -> bool:
        return number in self._cancelled

    def _read(self) -> None:
        for line in sys.stdin.buffer:
            try:
                message: Message = json.loads(line)
            except ValueError:
                continue
            match message.get("op"):
                case "cancel":
                    self._cancelled.add(message["id"])
                case "ping":
                    self._wire.send("pong")
                case "exit":
                    break
                case _:
                    self.requests.put(message)
        os._exit(0)

    def _beat(self) -> None:
        parent = os.getppid()
        while os.getppid() == parent:
            self._wire.send("beat")
            time.sleep(1)
        os._exit(0)


class Engine:
    """One loaded model and the tokens that its cache holds."""

    def __init__(self, options: Message) -> None:
        import numpy
        from llama_cpp import Llama, llama_cpp

        self._library, self._numpy = llama_cpp, numpy
        self._model = Llama(
            options["path"],
            n_ctx=options["context"],
            n_batch=options["batch"],
            n_ubatch=options["batch"],
            n_threads=options["threads"],
            n_threads_batch=options["threads"],
            verbose=False,
        )
        self._stop: Callable[[], bool] = lambda: False
        # llama.cpp asks this between the operations of its graph. It is a call into
        # Python, so it is set only while a prompt is computed, where it is rare.
        self._ask = llama_cpp.ggml_abort_callback(lambda _: self._stop())
        self._never = llama_cpp.ggml_abort_callback()

    def tokens(self, pieces: list[list[Any]]) -> list[int]:
        """The prompt's tokens; control tokens only where a piece allows them."""
        found: list[int] = []
        for text, special in pieces:
            if text:
                found += self._model.tokenize(text.encode(), add_bos=False, special=special)
        return found

    def generate(
        self, tokens: list[int], request: Message, stop: Callable[[], bool]
    ) -> Iterator[bytes]:
        """Bytes of one token after another, until the model ends its turn.

        ``stop`` is asked all through the prompt; between tokens the caller may just leave.
        """
        grammar = self._grammar(request["grammar"]) if request.get("grammar") else None
        temperature = request.get("temperature", 0.0)
        self._stop = stop
        self._set_callback(self._ask)
        try:
            stream = (
                self._greedy(tokens, grammar)
                if temperature == 0
                else self._sampled(tokens, temperature, request)
            )
            for count, token in enumerate(stream):
                if count == 0:
                    self._set_callback(self._never)
                if self._library.llama_vocab_is_eog(self._vocabulary(), token):
                    return
                yield self._model.detokenize([token])
        finally:
            self._set_callback(self._never)
            if grammar is not None:
                self._library.llama_sampler_free(grammar)

    def _greedy(self, tokens: list[int], grammar: Any) -> Iterator[int]:
        """The likeliest token each time, among those that the grammar allows.

        The library's own loop asks the grammar about each of 150,000 tokens. Asking
        about the likeliest first, and about all only when it is refused, is
        exact and costs a fraction.
        """
        model = self._model
        keep = self._reuse(tokens)
        model.eval(tokens[keep:])
        while True:
            logits = self._numpy.ctypeslib.as_array(
                self._library.llama_get_logits_ith(model.ctx, -1), (model.n_vocab(),)
            )
            token = int(logits.argmax())
            if grammar is not None:
                token = self._allowed(grammar, token, logits)
                self._library.llama_sampler_accept(grammar, token)
            yield token
            model.eval([token])

    def _reuse(self, tokens: list[int]) -> int:
        """How many tokens of the prompt are in the cache already; the rest of the cache is cut."""
        model = self._model
        held = model.input_ids[: model.n_tokens].tolist()
        same = next((i for i, (a, b) in enumerate(zip(held, tokens, strict=False)) if a != b), None)
        keep = min(len(held), len(tokens)) if same is None else same
        keep = min(keep, len(tokens) - 1)  # the last one is computed again, for its logits
        memory = self._library.llama_get_memory(model.ctx)
        if not self._library.llama_memory_seq_rm(memory, -1, keep, -1):
            self._library.llama_memory_clear(memory, True)  # such a model cannot cut; start over
            keep = 0
        model.n_tokens = keep
        return keep

    def _allowed(self, grammar: Any, token: int, logits: Any) -> int:
        """``token`` if the grammar takes it, else the likeliest one that it takes."""
        if self._filter(grammar, self._numpy.array([token]), logits)[0] > float("-inf"):
            return token
        return int(self._filter(grammar, self._numpy.arange(len(logits)), logits).argmax())

    def _filter(self, grammar: Any, ids: Any, logits: Any) -> Any:
        """Logits of ``ids`` with minus infinity where the grammar refuses."""
        numpy, library = self._numpy, self._library
        kind = numpy.dtype([("id", "i4"), ("logit", "f4"), ("p", "f4")])
        data = numpy.zeros(len(ids), dtype=kind)
        data["id"], data["logit"] = ids, logits[ids]
        array = library.llama_token_data_array(
            data=ctypes.cast(data.ctypes.data, library.llama_token_data_p),
            size=len(ids),
            selected=-1,
            sorted=False,
        )
        library.llama_sampler_apply(grammar, ctypes.byref(array))
        return data["logit"]

    def _sampled(self, tokens: list[int], temperature: float, request: Message) -> Iterator[int]:
        """The library's own loop, for temperatures above 0."""
        from llama_cpp import LlamaGrammar

        text = request.get("grammar")
        grammar = LlamaGrammar.from_string(text, verbose=False) if text else None
        self._model.set_seed(request.get("seed", 0))
        stream: Iterator[int] = self._model.generate(tokens, temp=temperature, grammar=grammar)
        return stream

    def _grammar(self, text: str) -> Any:
        """A grammar of its own, parsed; the library would crash on one that cannot be."""
        grammar = self._library.llama_sampler_init_grammar(
            self._vocabulary(), text.encode(), b"root"
        )
        if not grammar:
            raise ValueError("the grammar is not valid GBNF")
        return grammar

    def context_length(self) -> int:
        return int(self._model.n_ctx())

    def _vocabulary(self) -> Any:
        return self._library.llama_model_get_vocab(self._model.model)

    def _set_callback(self, callback: Any) -> None:
        self._library.llama_set_abort_callback(self._model.ctx, callback, None)


def answer(engine: Engine, inbox: Inbox, wire: Wire, request: Message) -> None:
    """Serve one ``generate``; always ends in exactly one ``done`` or ``error``."""
    number: int = request["id"]
    started = time.monotonic()
    tokens = engine.tokens(request["pieces"])
    room = engine.context_length() - len(tokens)
    if room < 8:
        wire.send("error", id=number, kind="too_long", message=f"prompt of {len(tokens)} tokens")
        return
    limit = min(request["max_tokens"], room)
    reason, first, count = "length", 0.0, 0
    text = Held(tuple(request.get("stop", ())))
    letters = codecs.getincrementaldecoder("utf-8")("replace")  # a token may end inside a letter
    try:
        for piece in engine.generate(tokens, request, lambda: inbox.is_cancelled(number)):
            first = first or time.monotonic() - started
            if inbox.is_cancelled(number):
                reason = "cancelled"
                break
            count += 1
            if said := text.feed(letters.decode(piece)):
                wire.send("token", id=number, text=said)
            if text.stopped or count >= limit:
                reason = "stop" if text.stopped else "length"
                break
        else:
            reason = "end"
    except RuntimeError:  # llama_decode says so when it was interrupted
        if not inbox.is_cancelled(number):
            raise
        reason = "cancelled"
    if reason != "cancelled" and (rest := text.rest()):
        wire.send("token", id=number, text=rest)
    wire.send(
        "done",
        id=number,
        reason=reason,
        prompt_tokens=len(tokens),
        tokens=count,
        first_token_s=round(first, 4),
        total_s=round(time.monotonic() - started, 4),
    )


class Held:
    """Holds back text that may be the beginning of a stop string."""

    def __init__(self, stops: tuple[str, ...]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False

    def feed(self, piece: str) -> str:
        if self.stopped:
            return ""
        self._held += piece
        found = [at for stop in self._stops if (at := self._held.find(stop)) >= 0]
        if found:
            self.stopped = True
            said, self._held = self._held[: min(found)], ""
            return said
        keep = max((self._overlap(stop) for stop in self._stops), default=0)
        cut = len(self._held) - keep
        said, self._held = self._held[:cut], self._held[cut:]
        return said

    def rest(self) -> str:
        said, self._held = self._held, ""
        return said

    def _overlap(self, stop: str) -> int:
        longest = min(len(stop) - 1, len(self._held))
        return next((n for n in range(longest, 0, -1) if self._held.endswith(stop[:n])), 0)


def _be_modest(options: Message) -> None:
    """Bound memory, step behind other processes, and volunteer when memory runs out."""
    limit = options["memory_limit_mb"] * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(options["nice"])
    try:
        with open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123
            file.write("1000")
    except OSError:
        pass  # not Linux, or not allowed: the limit above still holds


def main() -> None:
    wire = Wire()
    inbox = Inbox(wire)
    wire.send("hello", pid=os.getpid())
    options = inbox.requests.get()
    try:
        _be_modest(options)
        started = time.monotonic()
        engine = Engine(options)
        wire.send("ready", load_s=round(time.monotonic() - started, 3))
    except ImportError as error:
        wire.send("error", id=0, kind="runtime", message=str(error))
        return
    except (Exception, MemoryError) as error:
        wire.send("error", id=0, kind="load", message=f"{type(error).__name__}: {error}")
        return
    while True:
        request = inbox.requests.get()
        try:
            answer(engine, inbox, wire, request)
        except (Exception, MemoryError) as error:
            message = f"{type(error).__name__}: {error}"
            wire.send("error", id=request.get("id", 0), kind="generate", message=message)


if __name__ == "__main__":
    main()
