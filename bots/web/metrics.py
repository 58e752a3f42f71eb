"""What operators can count. No label ever holds a word that a person typed."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

from assistant.desk.figures import QueueFigures
from assistant.vocabulary import Answer, AnswerEvent, EventKind

#: States Rasa can be in, where it is to run; the gauge is 1 for the current one.
RASA_STATES = ("preparing", "starting", "ready", "down", "failed", "stopped")

#: States a model can be in; the gauge is 1 for the current one and 0 for the rest.
MODEL_STATES = ("ready", "preparing", "missing", "off", "broken", "unknown")

_SECONDS = (0.01, 0.03, 0.1, 0.3, 0.5, 1, 2, 5, 10, 20, 40, 90)


class Metrics:
    """The series of one server, in a registry of their own."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.requests = Histogram(
            "troly_http_request_seconds",
            "Time to answer an HTTP request, streams to their end",
            ("route", "method", "code"),
            buckets=_SECONDS,
            registry=registry,
        )
        self.answers = Counter(
            "troly_answers", "Finished answers by status", ("door", "status"), registry=registry
        )
        self.card_seconds = Histogram(
            "troly_card_seconds",
            "Time to the deterministic answer",
            ("door",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.answer_seconds = Histogram(
            "troly_answer_seconds",
            "Time to the final answer",
            ("door",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.degraded = Counter(
            "troly_degraded",
            "Answers that were less than they could have been, by reason",
            ("reason",),
            registry=registry,
        )
        self.decisions = Counter(
            "troly_decisions",
            "Turns by who decided (rasa, or direct: plain rules) and what was done about them",
            ("by", "kind"),
            registry=registry,
        )
        self.cut_short = Counter(
            "troly_answers_cut_short",
            "Answers whose reader left or which broke before the end",
            ("door",),
            registry=registry,
        )
        self.in_flight = Gauge(
            "troly_answers_in_flight", "Answers being worked out", registry=registry
        )
        self.sessions = Gauge(
            "troly_sessions", "Conversations with a word in the last half hour", registry=registry
        )
        self.ready = Gauge("troly_ready", "1 when questions can be answered", registry=registry)
        self.model_state = Gauge(
            "troly_model_state", "1 for the state the model is in", ("state",), registry=registry
        )
        self.rasa_state = Gauge(
            "troly_rasa_state", "1 for the state Rasa is in", ("state",), registry=registry
        )
        self.rasa_restarts = Gauge(
            "troly_rasa_restarts", "Times Rasa was started again", registry=registry
        )
        self.tickets = Gauge(
            "troly_desk_tickets", "Tickets that are not settled", ("status",), registry=registry
        )
        self.oldest_ticket = Gauge(
            "troly_desk_oldest_seconds",
            "How long the ticket that waits longest has waited",
            registry=registry,
        )
        self.corpus = Info(
            "troly_corpus", "The version of the corpus that answers", registry=registry
        )
        for reason in ("busy", "failed"):
            self.degraded.labels(reason)

    def seen(self, event: AnswerEvent, door: str, seconds: float) -> None:
        """Count one event of an answer that began ``seconds`` ago."""
        if event.kind is EventKind.CARD:
            self.card_seconds.labels(door).observe(seconds)
        elif event.kind is EventKind.FINAL:
            answer: Answer = event.data
            self.answer_seconds.labels(door).observe(seconds)
            self.answers.labels(door, answer.status.value).inc()
        elif event.kind is EventKind.ERROR:
            self.answers.labels(door, "error").inc()

    def queued(self, figures: QueueFigures) -> None:
        """Take over how the officers' queue stands."""
        for status in ("waiting", "taken", "answered"):
            self.tickets.labels(status).set(getattr(figures, status))
        self.oldest_ticket.set(figures.oldest_seconds)

    def page(
        self, health: Mapping[str, object], *, ready: bool, sessions: int, version: str
    ) -> bytes:
        """The exposition text, with the gauges that are read rather than counted."""
        state = str(health.get("model", "unknown"))
        state = state if state in MODEL_STATES else "unknown"
        for name in MODEL_STATES:
            self.model_state.labels(name).set(name == state)
        for name in RASA_STATES:
            self.rasa_state.labels(name).set(name == health.get("rasa"))
        restarts = health.get("rasa_restarts")
        self.rasa_restarts.set(restarts if isinstance(restarts, int) else 0)
        self.ready.set(ready)
        self.sessions.set(sessions)
        self.corpus.info({"version": version})
        return generate_latest(self.registry)
