"""Sixteen grey values side by side: what the exact PDQ needs and a compiler does not find in plain loops.

Each function emits vectors of LLVM's intermediate language, which become AVX-512, AVX2, SSE or NEON, whatever the
processor has; the sums and their rounding are the same on all. Inside compiled functions only.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from llvmlite.ir import IRBuilder
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

WIDE = 16
GROUPS = 2  # independent sums in flight: each waits for its last addition, so one alone would idle
LANES = WIDE * GROUPS

_FLOAT = ir.FloatType()
_VECTOR = ir.VectorType(_FLOAT, WIDE)
_INT = ir.IntType(64)
_INDEX = ir.IntType(32)
_BYTE = ir.IntType(8)
_ALIGN = 4  # of a float32 array; the default for a vector would be 64, and crash where it is not so


def _int(value: int) -> Any:
    return ir.Constant(_INT, value)


def _start(context: Any, builder: IRBuilder, array_type: Any, array: Any) -> Any:
    return context.make_array(array_type)(context, builder, array).data


def _load(builder: IRBuilder, start: Any, offset: Any) -> Any:
    pointer = builder.bitcast(builder.gep(start, [offset]), _VECTOR.as_pointer())
    return builder.load(pointer, align=_ALIGN)


def _store(builder: IRBuilder, value: Any, start: Any, offset: Any) -> None:
    pointer = builder.bitcast(builder.gep(start, [offset]), _VECTOR.as_pointer())
    builder.store(value, pointer, align=_ALIGN)


def _everywhere(builder: IRBuilder, value: Any) -> Any:
    """One number in all lanes."""
    one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), value, ir.Constant(_INDEX, 0))
    mask = ir.Constant(ir.VectorType(_INDEX, WIDE), [0] * WIDE)
    return builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), mask)


def _multiplies_and_adds_at_once(context: Any) -> bool:
    """Whether the code is made for a processor with fused multiply-add; elsewhere it would be a call, and slow."""
    triple, _, features = context.codegen().magic_tuple()
    return "+fma" in features.split(",") or triple.startswith(("aarch64", "arm64"))


def _quotient(context: Any, builder: IRBuilder, total: Any, divisor: Any, reciprocal: Any) -> Any:
    """`total / divisor`, rounded as a division rounds it, for a whole `divisor` below 2**20.

    Division is slow, so it is done by its correctly rounded reciprocal r, and mended. With u the last place of
    q = total * r, q is within 2u of the quotient, and rest = total - divisor * q is a whole multiple of u small enough
    to be exact. q + rest * r then misses the quotient by less than u / 2**22 before it is rounded, while the quotient
    is at least u / (4 * divisor) from the middle between two numbers: a middle has 25 bits, and so has every
    whole multiple of it, but `total` has 24. So both round to the same number.
    """
    if not _multiplies_and_adds_at_once(context):
        return builder.fdiv(total, divisor)
    kind, suffix = (_VECTOR, f"v{WIDE}f32") if total.type == _VECTOR else (_FLOAT, "f32")
    shape = ir.FunctionType(kind, [kind] * 3)
    multiply_add = cgutils.get_or_insert_function(builder.module, shape, f"llvm.fma.{suffix}")
    rough = builder.fmul(total, reciprocal)
    rest = builder.call(multiply_add, [builder.fneg(rough), divisor, total])
    return builder.call(multiply_add, [rest, reciprocal, rough])


@intrinsic
def quotient(_typing: Any, total: Any, divisor: Any, reciprocal: Any) -> Any:
    """`total / divisor` in single precision, correctly rounded; `reciprocal` is 1 / `divisor` so rounded."""

    def generate(context: Any, builder: IRBuilder, _signature: Any, values: Any) -> Any:
        return _quotient(context, builder, *values)

    return types.float32(total, divisor, reciprocal), generate


def _thousandths(builder: IRBuilder, start: Any, at: Any, channels: int) -> Any:
    """Grey values of 16 pixels of 3 or 4 channels, in thousandths: whole numbers, so exact."""
    size = WIDE * channels
    bytes_type = ir.VectorType(_BYTE, size)
    pointer = builder.bitcast(builder.gep(start, [at]), bytes_type.as_pointer())
    pixels = builder.load(pointer, align=1)
    total = None
    for channel, weight in enumerate((299.0, 587.0, 114.0)):
        lanes = ir.Constant(ir.VectorType(_INDEX, WIDE), list(range(channel, size, channels)))
        colour = builder.shuffle_vector(pixels, ir.Constant(bytes_type, ir.Undefined), lanes)
        share = builder.fmul(builder.uitofp(colour, _VECTOR), ir.Constant(_VECTOR, [weight] * WIDE))
        total = share if total is None else builder.fadd(total, share)
    return total


def _luma(context: Any, builder: IRBuilder, start: Any, at: Any, channels: int) -> Any:
    """Grey values of 16 pixels.

    The reference adds 0.299, 0.587 and 0.114 of the colours in double precision and rounds once. For every colour
    that is the whole number of thousandths, divided by 1000 and rounded.
    """
    if channels == 1:
        grey = ir.VectorType(_BYTE, WIDE)
        pixels = builder.load(builder.bitcast(builder.gep(start, [at]), grey.as_pointer()), align=1)
        return builder.uitofp(pixels, _VECTOR)
    thousandths = _thousandths(builder, start, at, channels)
    divisor, reciprocal = (ir.Constant(_VECTOR, [value] * WIDE) for value in (1000.0, float(np.float32(0.001))))
    return _quotient(context, builder, thousandths, divisor, reciprocal)


def _luma_tile(channels: int) -> Any:
    """Make the function that turns a tile of 16 x 16 pixels of `channels` into columns of grey values."""

    @intrinsic
    def luma_tile(
        _typing: Any, source: Any, source_at: Any, source_step: Any, rows: Any, target: Any, target_at: Any
    ) -> Any:
        def generate(context: Any, builder: IRBuilder, signature: Any, values: Any) -> Any:
            given, given_at, given_step, below, made, made_at = values
            given = _start(context, builder, signature.args[0], given)
            made = _start(context, builder, signature.args[4], made)
            grey = []
            for row in range(WIDE):
                inside = builder.icmp_signed("<", _int(row), below)
                nearest = builder.select(inside, _int(row), builder.sub(below, _int(1)))
                at = builder.add(given_at, builder.mul(given_step, nearest))
                grey.append(_luma(context, builder, given, at, channels))
            for row, vector in enumerate(_transposed(builder, grey)):
                _store(builder, vector, made, builder.add(made_at, _int(LANES * row)))
            return context.get_dummy_value()

        return types.void(source, source_at, source_step, rows, target, target_at), generate

    return luma_tile


# (source, offset and step of its rows, number of rows there are, target of LANES columns, offset): the last row is
# repeated where there are fewer than 16. Luma, red-green-blue, and that with a fourth byte that is left out.
luma_tile = _luma_tile(1)
rgb_tile = _luma_tile(3)
rgbx_tile = _luma_tile(4)


@intrinsic
def transpose_tile(
    _typing: Any, source: Any, source_at: Any, source_step: Any, target: Any, target_at: Any, target_step: Any
) -> Any:
    """Transpose a tile of 16 x 16 float32 from one array into another.

    `..._at`: offset of the tile's first value in its array, `..._step`: values from one row to the next.
    """

    def generate(context: Any, builder: IRBuilder, signature: Any, values: Any) -> Any:
        given, given_at, given_step, made, made_at, made_step = values
        given = _start(context, builder, signature.args[0], given)
        made = _start(context, builder, signature.args[3], made)
        rows = [_load(builder, given, _place(builder, given_at, given_step, _int(row))) for row in range(WIDE)]
        for row, vector in enumerate(_transposed(builder, rows)):
            _store(builder, vector, made, _place(builder, made_at, made_step, _int(row)))
        return context.get_dummy_value()

    return types.void(source, source_at, source_step, target, target_at, target_step), generate


def _place(builder: IRBuilder, start: Any, step: Any, row: Any) -> Any:
    return builder.add(start, builder.mul(step, row))


def _transposed(builder: IRBuilder, rows: Sequence[Any]) -> list[Any]:
    """Swap the corners of 2 x 2 blocks of 1, 2, 4 and 8 lanes: bit for bit, the number of a row and that of a lane."""
    vectors = list(rows)
    size = 1
    while size < WIDE:
        keep = [lane if not lane & size else WIDE + lane - size for lane in range(WIDE)]
        give = [lane + size if not lane & size else WIDE + lane for lane in range(WIDE)]
        for row in range(WIDE):
            if not row & size:
                upper, lower = vectors[row], vectors[row + size]
                vectors[row] = _picked(builder, upper, lower, keep)
                vectors[row + size] = _picked(builder, upper, lower, give)
        size *= 2
    return vectors


def _picked(builder: IRBuilder, one: Any, other: Any, lanes: list[int]) -> Any:
    return builder.shuffle_vector(one, other, ir.Constant(ir.VectorType(_INDEX, WIDE), lanes))


Each = Callable[[Any, list[Any]], None]


def _slide(builder: IRBuilder, source: Any, step: Any, bounds: tuple[Any, Any, Any], totals: Any, each: Each) -> None:
    """Emit the loop of `slide`, with `each` called for the row that has entered and the sums with it."""
    first, last, window = bounds
    shifts = [_int(WIDE * group) for group in range(GROUPS)]
    held = [cgutils.alloca_once_value(builder, _load(builder, totals, shift)) for shift in shifts]
    with cgutils.for_range_slice(builder, first, last, _int(1), intp=_INT) as (row, _):
        leaving, entering = builder.mul(row, step), builder.mul(builder.add(row, window), step)
        sums = []
        for shift, total in zip(shifts, held, strict=True):
            added = builder.fadd(builder.load(total), _load(builder, source, builder.add(entering, shift)))
            sums.append(builder.fsub(added, _load(builder, source, builder.add(leaving, shift))))
            builder.store(sums[-1], total)
        each(row, sums)
    for shift, total in zip(shifts, held, strict=True):
        _store(builder, builder.load(total), totals, shift)


@intrinsic
def slide(_typing: Any, source: Any, step: Any, first: Any, last: Any, window: Any, totals: Any) -> Any:
    """Move box sums down LANES columns, over the rows from `first` to before `last` that enter.

    `source`: rows of `step` float32, of which the first LANES are read; the picture's row r stands at `window` + r, so
    that row r leaves when row r + `window` enters, with zeros above and below. `totals` (LANES,) holds the
    sums, before and after. Each step adds, rounds, subtracts and rounds, as the reference.
    """

    def generate(context: Any, builder: IRBuilder, signature: Any, values: Any) -> Any:
        given, length, start, end, reach, totals = values
        given = _start(context, builder, signature.args[0], given)
        totals = _start(context, builder, signature.args[5], totals)
        _slide(builder, given, length, (start, end, reach), totals, lambda _row, _sums: None)
        return context.get_dummy_value()

    return types.void(source, step, first, last, window, totals), generate


@intrinsic
def slide_means(_typing: Any, source: Any, bounds: Any, totals: Any, inside: Any, reciprocals: Any, means: Any) -> Any:
    """As `slide` over rows of LANES, with `bounds` (first, last, window), and keep the means.

    After row r, row r of `means` is `totals` divided by `inside`[r], whose reciprocals are given as well.
    """

    def generate(context: Any, builder: IRBuilder, signature: Any, values: Any) -> Any:
        given, bounds, *rest = values
        starts = [_start(context, builder, kind, value) for kind, value in zip(signature.args[2:], rest, strict=True)]
        totals, inside, reciprocals, means = starts
        given = _start(context, builder, signature.args[0], given)
        length = _int(LANES)

        def keep(row: Any, sums: list[Any]) -> None:
            divisor = _everywhere(builder, builder.load(builder.gep(inside, [row])))
            reciprocal = _everywhere(builder, builder.load(builder.gep(reciprocals, [row])))
            for group, total in enumerate(sums):
                place = _place(builder, _int(WIDE * group), length, row)
                _store(builder, _quotient(context, builder, total, divisor, reciprocal), means, place)

        _slide(builder, given, length, tuple(cgutils.unpack_tuple(builder, bounds, 3)), totals, keep)
        return context.get_dummy_value()

    return types.void(source, bounds, totals, inside, reciprocals, means), generate
