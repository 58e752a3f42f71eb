"""What operators can count of chat channels."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge

from bots.delivery.switches import Switch

STATES = ("on", "off", "held")


class DeliveryFigures:
    """The series of delivery, in the registry of the server."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.inbox_age = Gauge(
            "troly_inbox_age_seconds",
            "Age of the oldest message that is not answered",
            registry=registry,
        )
        self.inbox_depth = Gauge(
            "troly_inbox_depth", "Messages that are not answered", registry=registry
        )
        self.outbox_depth = Gauge(
            "troly_outbox_depth", "Parts that are not delivered", ("channel",), registry=registry
        )
        self.parts = Counter(
            "troly_parts", "What became of parts", ("channel", "outcome"), registry=registry
        )
        self.shed = Counter(
            "troly_shed", "Turns that waited or were answered with less", ("reason",),
            registry=registry,
        )  # fmt: skip
        self.channel_state = Gauge(
            "troly_channel_state", "1 for the state a channel is in", ("channel", "state"),
            registry=registry,
        )  # fmt: skip
        for reason in ("told_to_wait", "wait"):
            self.shed.labels(reason)

    def show(
        self,
        switches: Mapping[str, Switch],
        inbox: tuple[int, float],
        outbox: Mapping[str, int],
    ) -> None:
        """Set the gauges; ``switches`` names every channel."""
        self.inbox_depth.set(inbox[0])
        self.inbox_age.set(inbox[1])
        for channel, switch in switches.items():
            self.outbox_depth.labels(channel).set(outbox.get(channel, 0))
            for state in STATES:
                self.channel_state.labels(channel, state).set(state == switch.state)
