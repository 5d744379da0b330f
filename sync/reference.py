"""The reference: the short name of an application that people say, write and type.

`KKKK-RRRR-RRCC` in Crockford's base 32 (no I, L, O, U): 20 bits name the kiosk, so that a million
kiosks draw numbers without asking each other; 30 bits the application; the last two symbols are a
Reed-Solomon check over GF(32). Two wrong symbols, or two that changed places, never make another
valid reference, and one wrong symbol points to the right one. The correction is only a question
to the person ("did you mean …?"): three wrong symbols can look like one.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # https://www.crockford.com/base32.html
LOOKALIKES = {"O": "0", "I": "1", "L": "1"}  # read as Crockford says
SEPARATORS = " -\u00a0\u2010\u2011\u2012\u2013\u2014\u2212\t\r\n"
KIOSK_NUMBER_MAX = (1 << 20) - 1
NUMBER_BITS = 30
NUMBER_MAX = (1 << NUMBER_BITS) - 1
SYMBOL_BITS = 5
SYMBOLS = 12
DATA_SYMBOLS = 10
TYPED_LENGTH_MAX = 64  # characters; nobody types more by mistake
FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1 is primitive over GF(2)


class Flaw(StrEnum):
    """What is wrong with a text that is no reference."""

    LENGTH = "length"  # too few or too many symbols
    CHARACTER = "character"  # a character that no reference has
    CHECK = "check"  # two or more symbols are wrong


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference whose check holds."""

    kiosk_number: int
    number: int

    def __str__(self) -> str:
        return compose(self.kiosk_number, self.number)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One symbol does not fit; with it changed the check would hold."""

    corrected: Reference
    position: int  # of the wrong symbol, 0 to 11, separators not counted


@dataclass(frozen=True, slots=True)
class NotAReference:
    """The text is no reference, nor nearly one."""

    flaw: Flaw


def _powers() -> tuple[int, ...]:
    powers = [1]
    while len(powers) < len(ALPHABET) - 1:
        doubled = powers[-1] << 1
        powers.append(doubled ^ FIELD_POLYNOMIAL if doubled >= len(ALPHABET) else doubled)
    return tuple(powers)


_POWER = _powers()  # _POWER[n] is the field's generator to the n-th
_LOG = {value: exponent for exponent, value in enumerate(_POWER)}
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}


def _times(left: int, right: int) -> int:
    if left == 0 or right == 0:
        return 0
    return _POWER[(_LOG[left] + _LOG[right]) % len(_POWER)]


def _over(left: int, right: int) -> int:
    return 0 if left == 0 else _POWER[(_LOG[left] - _LOG[right]) % len(_POWER)]


def _at(symbols: list[int], point: int) -> int:
    """The polynomial with these coefficients, highest first, at that point (Horner)."""
    value = 0
    for symbol in symbols:
        value = _times(value, point) ^ symbol
    return value


def _checked(data: list[int]) -> list[int]:
    """The data with two symbols after it, so that the generator and its square are roots."""
    one, two = _POWER[1], _POWER[2]
    at_one, at_two = _at([*data, 0, 0], one), _at([*data, 0, 0], two)
    first = _over(at_one ^ at_two, one ^ two)  # first*x + last takes both values away
    return [*data, first, at_one ^ _times(first, one)]


def symbols_of(bits: int, count: int) -> list[int]:
    """A number as so many symbols, each a place in the alphabet, highest first."""
    return [bits >> SYMBOL_BITS * place & 31 for place in reversed(range(count))]


def bits_of(symbols: Iterable[int]) -> int:
    """The number again."""
    bits = 0
    for symbol in symbols:
        bits = bits << SYMBOL_BITS | symbol
    return bits


def compose(kiosk_number: int, number: int) -> str:
    """The reference of that application of that kiosk, written as people see it.

    Raises:
        ValueError: a number does not fit.
    """
    if not 0 <= kiosk_number <= KIOSK_NUMBER_MAX:
        raise ValueError(f"Kiosk number {kiosk_number} is not between 0 and {KIOSK_NUMBER_MAX}.")
    if not 0 <= number <= NUMBER_MAX:
        raise ValueError(f"Number {number} is not between 0 and {NUMBER_MAX}.")
    bits = kiosk_number << NUMBER_BITS | number
    data = symbols_of(bits, DATA_SYMBOLS)
    text = "".join(ALPHABET[symbol] for symbol in _checked(data))
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def parse(text: str) -> Reference | Suggestion | NotAReference:
    """What was typed, scanned or said: a reference, nearly one, or none.

    Lower case, spaces, dashes, digits of any script and the letters O, I and L are read kindly.
    """
    if len(text) > TYPED_LENGTH_MAX:
        return NotAReference(Flaw.LENGTH)
    symbols: list[int] = []
    for character in text.upper():
        if character in SEPARATORS:
            continue
        digit = unicodedata.decimal(character, None)
        symbol = str(digit) if digit is not None else LOOKALIKES.get(character, character)
        if symbol not in _VALUE:
            return NotAReference(Flaw.CHARACTER)
        symbols.append(_VALUE[symbol])
    if len(symbols) != SYMBOLS:
        return NotAReference(Flaw.LENGTH)
    return _judged(symbols)


def _judged(symbols: list[int]) -> Reference | Suggestion | NotAReference:
    at_one, at_two = _at(symbols, _POWER[1]), _at(symbols, _POWER[2])
    if at_one == 0 and at_two == 0:
        return _reference(symbols)
    if at_one == 0 or at_two == 0:
        return NotAReference(Flaw.CHECK)
    # One error e at the power p leaves e*a^p and e*a^2p: their quotient tells p, then e.
    exponent = _LOG[_over(at_two, at_one)]
    if exponent >= SYMBOLS:
        return NotAReference(Flaw.CHECK)
    position = SYMBOLS - 1 - exponent
    mended = list(symbols)
    mended[position] ^= _over(at_one, _POWER[exponent])
    return Suggestion(_reference(mended), position)


def _reference(symbols: list[int]) -> Reference:
    bits = bits_of(symbols[:DATA_SYMBOLS])
    return Reference(kiosk_number=bits >> NUMBER_BITS, number=bits & NUMBER_MAX)
