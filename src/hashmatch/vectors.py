"""Vector instructions for compiled functions, as LLVM's own operations: any processor numba knows runs them.

LLVM turns 32 lanes of 16 bits into one AVX-512, two AVX2 or four SSE2 or NEON registers, and counts bits by what
the processor has (vpopcntw, pshufb, cnt, or shifts).
"""

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

LANES = 32  # fingerprints of one register
BLOCK = 2 * LANES  # fingerprints compared at once; a table is that much longer than its entries, for the last load

_HALF, _WORD = ir.IntType(16), ir.IntType(32)
_VECTOR = ir.VectorType(_HALF, LANES)


def _pointer(context: Any, builder: Any, kind: Any, array: Any, position: Any) -> Any:
    return builder.gep(context.make_array(kind)(context, builder, array).data, [position])


def _spread(builder: Any, value: Any) -> Any:
    nothing = ir.Constant(_VECTOR, ir.Undefined)
    lanes = ir.Constant(ir.VectorType(_WORD, LANES), [0] * LANES)
    return builder.shuffle_vector(builder.insert_element(nothing, value, _WORD(0)), nothing, lanes)


def _hits(builder: Any, pointer: Any, fingerprint: Any, limit: Any) -> Any:
    vector = builder.load(builder.bitcast(pointer, _VECTOR.as_pointer()))
    # llvmlite would promise 64 bytes: a fault on processors whose loads insist on it.
    vector.align = 2
    count = cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(_VECTOR, [_VECTOR]), f"llvm.ctpop.v{LANES}i16"
    )
    apart = builder.call(count, [builder.xor(vector, _spread(builder, fingerprint))])
    return builder.bitcast(builder.icmp_unsigned("<=", apart, _spread(builder, limit)), ir.IntType(LANES))


@intrinsic
def near_lanes(_typing: Any, table: Any, _position: Any, _fingerprint: Any, _limit: Any) -> Any:
    """Bit k of a uint64 says whether `table[position + k]` is at most `limit` bits from the fingerprint.

    Always reads 64 entries of 16 bits.
    """
    signature = types.uint64(table, types.uint64, types.uint16, types.uint16)

    def generate(context: Any, builder: Any, signed: Any, values: Any) -> Any:
        wide = ir.IntType(64)
        pointer = _pointer(context, builder, signed.args[0], values[0], values[1])
        low = _hits(builder, pointer, values[2], values[3])
        high = _hits(builder, builder.gep(pointer, [_WORD(LANES)]), values[2], values[3])
        return builder.or_(builder.zext(low, wide), builder.shl(builder.zext(high, wide), wide(LANES)))

    return signature, generate


@intrinsic
def prefetch(_typing: Any, array: Any, _position: Any) -> Any:
    """Ask for the cache line of `array[position]` (of the flat array), without waiting for it."""
    signature = types.void(array, types.uint64)

    def generate(context: Any, builder: Any, signed: Any, values: Any) -> Any:
        byte = ir.IntType(8).as_pointer()
        pointer = builder.bitcast(_pointer(context, builder, signed.args[0], values[0], values[1]), byte)
        ask = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [byte, _WORD, _WORD, _WORD]), "llvm.prefetch.p0"
        )
        builder.call(ask, [pointer, _WORD(0), _WORD(3), _WORD(1)])
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def lowest(_typing: Any, word: Any) -> Any:
    """Position of the lowest set bit of an integer that is not 0."""

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return builder.cttz(values[0], ir.Constant(ir.IntType(1), 1))

    return word(word), generate
