"""The three networks, written so that their weights fit llama.cpp's `llama`, `gpt2` and `t5` as they are.

Weights are fp32; every matrix product runs in bf16, which the CPU's matrix unit does ten times faster than
fp32. Attention is written out (not `scaled_dot_product_attention`) because its CPU backward pass is slow and
because `torch.compile` fuses this form well. Losses are taken only at selected positions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PRECISION = torch.bfloat16
"""What matrix products run in; only the parity check runs them in fp32."""

NEVER = -1e9
"""Added to attention scores that must not count."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of a network; `decoder_layers` is used by t5 only, `context` is the longest row."""

    arch: str
    vocab: int
    width: int
    layers: int
    heads: int
    hidden: int
    context: int
    decoder_layers: int = 0

    @property
    def head(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads


def matrix(rows: int, columns: int, scale: float = 1.0) -> nn.Parameter:
    """Return a weight of shape (out, in) that keeps the variance of its input times `scale` squared."""
    return nn.Parameter(torch.randn(rows, columns) * (scale / math.sqrt(columns)))


def vector(size: int, value: float) -> nn.Parameter:
    """Return a one-dimensional weight filled with `value`."""
    return nn.Parameter(torch.full((size,), value))


def product(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Multiply in bf16; `x` must be bf16 already."""
    return F.linear(x, weight.to(PRECISION), None if bias is None else bias.to(PRECISION))


def gelu(x: Tensor) -> Tensor:
    """tanh-GELU, written with a sigmoid because the vectorised tanh is three times slower."""
    x = x.float()
    return x * torch.sigmoid(x * (1.5957691216057308 + 0.07135481627159733 * x * x))


def rms(x: Tensor, weight: Tensor) -> Tensor:
    """RMS norm in fp32, result in bf16."""
    x = x.float()
    return (x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-5) * weight).to(PRECISION)


def attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    """Attend over (rows, heads, length, head); `bias` is added to the scaled scores; returns merged heads."""
    scores = (q @ k.transpose(-1, -2)).float() * q.shape[-1] ** -0.5 + bias
    mixed = torch.softmax(scores, -1).to(PRECISION) @ v
    return mixed.transpose(1, 2).flatten(2)


def split(x: Tensor, parts: int, heads: int) -> tuple[Tensor, ...]:
    """Split (rows, length, parts * width) into `parts` tensors of (rows, heads, length, head)."""
    rows, length, width = x.shape
    separate = x.view(rows, length, parts, heads, width // parts // heads).permute(2, 0, 3, 1, 4)
    return tuple(separate.unbind(0))


def causal(length: int) -> Tensor:
    """Return the (length, length) mask that hides what comes later."""
    return torch.full((length, length), NEVER).triu(1)


def selected_loss(states: Tensor, table: Tensor, where: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean cross-entropy of the flat positions `where`; `states` is normalised already."""
    logits = product(states.flatten(0, 1)[where], table).float()
    losses = F.cross_entropy(logits, targets, reduction="none")
    return (losses * weights).sum() / weights.sum()


class LlamaBlock(nn.Module):
    """Pre-norm block: rotary self-attention, then SwiGLU."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, hidden, small = shape.width, shape.hidden, (2 * shape.layers) ** -0.5
        self.heads = shape.heads
        self.attn_norm, self.ffn_norm = vector(width, 1.0), vector(width, 1.0)
        self.q, self.k, self.v = matrix(width, width), matrix(width, width), matrix(width, width)
        self.o = matrix(width, width, small)
        self.gate, self.up = matrix(hidden, width), matrix(hidden, width)
        self.down = matrix(width, hidden, small)

    def forward(self, x: Tensor, mask: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Return the new residual stream (rows, length, width)."""
        fused = product(rms(x, self.attn_norm), torch.cat([self.q, self.k, self.v]))
        q, k, v = split(fused, 3, self.heads)
        x = x + product(attend(rotate(q, cos, sin), rotate(k, cos, sin), v, mask), self.o)
        gate, up = product(rms(x, self.ffn_norm), torch.cat([self.gate, self.up])).chunk(2, -1)
        return x + product((F.silu(gate.float()) * up.float()).to(PRECISION), self.down)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions on interleaved pairs (2i, 2i+1), the order llama.cpp's `llama` uses."""
    even, odd = x.float().view(*x.shape[:-1], -1, 2).unbind(-1)
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2).to(PRECISION)


class Llama(nn.Module):
    """Decoder with rotary positions and a tied output head."""

    cos: Tensor
    sin: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Parameter(torch.randn(shape.vocab, shape.width) * 0.02)
        self.blocks = nn.ModuleList(LlamaBlock(shape) for _ in range(shape.layers))
        self.norm = vector(shape.width, 1.0)
        angle = 10000.0 ** (-torch.arange(0, shape.head, 2) / shape.head)
        turns = torch.arange(shape.context)[:, None] * angle
        self.register_buffer("cos", turns.cos(), persistent=False)
        self.register_buffer("sin", turns.sin(), persistent=False)

    def states(self, tokens: Tensor) -> Tensor:
        """Return the normalised last states of (rows, length) token ids."""
        length = tokens.shape[1]
        x, mask = F.embedding(tokens, self.embed), causal(length)
        for block in self.blocks:
            x = block(x, mask, self.cos[:length], self.sin[:length])
        return rms(x, self.norm)

    def forward(self, tokens: Tensor, where: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        """Return the training loss."""
        return selected_loss(self.states(tokens), self.embed, where, targets, weights)

    def logits(self, tokens: Tensor) -> Tensor:
        """Return the scores of every next token."""
        return product(self.states(tokens), self.embed).float()


class Gpt2Block(nn.Module):
    """Pre-norm block with biases: self-attention, then a GELU layer."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, hidden, small = shape.width, shape.hidden, (2 * shape.layers) ** -0.5
        self.heads = shape.heads
        self.attn_norm, self.attn_norm_bias = vector(width, 1.0), vector(width, 0.0)
        self.ffn_norm, self.ffn_norm_bias = vector(width, 1.0), vector(width, 0.0)
        self.q, self.k, self.v = matrix(width, width), matrix(width, width), matrix(width, width)
        self.qkv_bias, self.o, self.o_bias = (
            vector(3 * width, 0.0),
            matrix(width, width, small),
            vector(width, 0.0),
        )
        self.up, self.up_bias = matrix(hidden, width), vector(hidden, 0.0)
        self.down, self.down_bias = matrix(width, hidden, small), vector(width, 0.0)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return the new residual stream (rows, length, width)."""
        size = x.shape[-1:]
        normed = F.layer_norm(x, size, self.attn_norm, self.attn_norm_bias, 1e-5).to(PRECISION)
        q, k, v = split(product(normed, torch.cat([self.q, self.k, self.v]), self.qkv_bias), 3, self.heads)
        x = x + product(attend(q, k, v, mask), self.o, self.o_bias)
        normed = F.layer_norm(x, size, self.ffn_norm, self.ffn_norm_bias, 1e-5).to(PRECISION)
        return x + product(
            gelu(product(normed, self.up, self.up_bias)).to(PRECISION), self.down, self.down_bias
        )


class Gpt2(nn.Module):
    """Decoder with learned positions and a tied output head."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Parameter(torch.randn(shape.vocab, shape.width) * 0.02)
        self.position = nn.Parameter(torch.randn(shape.context, shape.width) * 0.01)
        self.blocks = nn.ModuleList(Gpt2Block(shape) for _ in range(shape.layers))
        self.norm, self.norm_bias = vector(shape.width, 1.0), vector(shape.width, 0.0)

    def states(self, tokens: Tensor, positions: Tensor) -> Tensor:
        """Return the normalised last states; `positions` has the shape of `tokens`."""
        x = F.embedding(tokens, self.embed) + F.embedding(positions, self.position)
        mask = causal(tokens.shape[1])
        for block in self.blocks:
            x = block(x, mask)
        return F.layer_norm(x, x.shape[-1:], self.norm, self.norm_bias, 1e-5).to(PRECISION)

    def forward(
        self, tokens: Tensor, positions: Tensor, where: Tensor, targets: Tensor, weights: Tensor
    ) -> Tensor:
        """Return the training loss."""
        return selected_loss(self.states(tokens, positions), self.embed, where, targets, weights)

    def logits(self, tokens: Tensor) -> Tensor:
        """Return the scores of every next token for rows that start at position 0."""
        positions = torch.arange(tokens.shape[1]).expand_as(tokens)
        return product(self.states(tokens, positions), self.embed).float()


class T5Block(nn.Module):
    """Encoder block, or decoder block when `cross`: attention, cross-attention, gated GELU."""

    def __init__(self, shape: Shape, cross: bool) -> None:
        super().__init__()
        width, hidden = shape.width, shape.hidden
        small = (2 * (shape.decoder_layers if cross else shape.layers)) ** -0.5
        self.heads, self.cross = shape.heads, cross
        self.attn_norm, self.ffn_norm = vector(width, 1.0), vector(width, 1.0)
        self.q, self.k, self.v = matrix(width, width), matrix(width, width), matrix(width, width)
        self.o = matrix(width, width, small)
        if cross:
            self.cross_norm = vector(width, 1.0)
            self.cross_q, self.cross_k, self.cross_v = (matrix(width, width) for _ in range(3))
            self.cross_o = matrix(width, width, small)
        self.gate, self.up = matrix(hidden, width), matrix(hidden, width)
        self.down = matrix(width, hidden, small)

    def forward(self, x: Tensor, bias: Tensor, memory: Tensor | None, hidden: Tensor | None) -> Tensor:
        """Return the new residual stream; `memory` is the encoder's output, `hidden` masks its padding."""
        fused = product(rms(x, self.attn_norm), torch.cat([self.q, self.k, self.v]))
        q, k, v = split(fused, 3, self.heads)
        x = x + product(attend(q, k, v, bias), self.o)
        if memory is not None and hidden is not None:
            (q,) = split(product(rms(x, self.cross_norm), self.cross_q), 1, self.heads)
            k, v = split(product(memory, torch.cat([self.cross_k, self.cross_v])), 2, self.heads)
            x = x + product(attend(q, k, v, hidden), self.cross_o)
        gate, up = product(rms(x, self.ffn_norm), torch.cat([self.gate, self.up])).chunk(2, -1)
        return x + product((gelu(gate) * up.float()).to(PRECISION), self.down)


def buckets(queries: int, keys: int, bidirectional: bool) -> Tensor:
    """T5's 32 relative position buckets with llama.cpp's fixed maximum distance of 128."""
    distance = torch.arange(keys)[None, :] - torch.arange(queries)[:, None]
    count, first = 32, torch.zeros_like(distance)
    if bidirectional:
        count = 16
        first = (distance > 0) * count
        distance = distance.abs()
    else:
        distance = -distance.clamp(max=0)
    exact = count // 2
    far = torch.log(distance.clamp(min=1) / exact) / math.log(128 / exact) * (count - exact)
    return first + torch.where(distance < exact, distance, (exact + far.long()).clamp(max=count - 1))


class T5(nn.Module):
    """Encoder-decoder with relative position biases and its own output head.

    Attention is scaled by 1/sqrt(head) here and the scale is folded into the query weights when packed,
    because T5's unscaled form is unstable to train.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Parameter(torch.randn(shape.vocab, shape.width) * 0.5)
        self.encoder = nn.ModuleList(T5Block(shape, cross=False) for _ in range(shape.layers))
        self.decoder = nn.ModuleList(T5Block(shape, cross=True) for _ in range(shape.decoder_layers))
        self.encoder_bias = nn.Parameter(torch.zeros(32, shape.heads))
        self.decoder_bias = nn.Parameter(torch.zeros(32, shape.heads))
        self.encoder_norm, self.decoder_norm = vector(shape.width, 1.0), vector(shape.width, 1.0)
        self.head = nn.Parameter(torch.randn(shape.vocab, shape.width) * 0.02)

    def states(self, source: Tensor, answer: Tensor, lengths: Tensor) -> Tensor:
        """Return the decoder's last states; `lengths` counts the tokens of each source row."""
        size, steps = source.shape[1], answer.shape[1]
        hidden = torch.where(torch.arange(size) < lengths[:, None], 0.0, NEVER)[:, None, None, :]
        bias = F.embedding(buckets(size, size, True), self.encoder_bias).permute(2, 0, 1) + hidden
        x = F.embedding(source, self.embed)
        for block in self.encoder:
            x = block(x, bias, None, None)
        memory = rms(x, self.encoder_norm)
        bias = F.embedding(buckets(steps, steps, False), self.decoder_bias).permute(2, 0, 1) + causal(steps)
        x = F.embedding(answer, self.embed)
        for block in self.decoder:
            x = block(x, bias, memory, hidden)
        return rms(x, self.decoder_norm)

    def forward(
        self, source: Tensor, answer: Tensor, lengths: Tensor, where: Tensor, targets: Tensor, weights: Tensor
    ) -> Tensor:
        """Return the training loss."""
        return selected_loss(self.states(source, answer, lengths), self.head, where, targets, weights)

    def logits(self, source: Tensor, answer: Tensor) -> Tensor:
        """Return the decoder's scores; `source` must have no padding."""
        lengths = torch.full((source.shape[0],), source.shape[1])
        return product(self.states(source, answer, lengths), self.head).float()


def build(shape: Shape) -> Llama | Gpt2 | T5:
    """Return a freshly initialised network of the shape."""
    if shape.arch == "llama":
        return Llama(shape)
    return Gpt2(shape) if shape.arch == "gpt2" else T5(shape)
