"""The words of a text as they are compared: where they stand, what stands for each, and how telling each is."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from schemas.compiled import I32, I64, NOTHING, READ_I32, READ_I64, READ_U8, READ_U32, READ_U64, U64, compiled, several

WEIGHTS_FILE = Path(__file__).parent / "word_weights.bin"
UNSEEN = 185
"""Weight (sixteenths of a nat) of a word that is in no list: rarer than one article in ten thousand."""
NAME_WORTH = 2
"""How many times as telling a word is when it is capitalised."""

Hashes = NDArray[np.uint64]
Rows = NDArray[np.int64]

_WORD, _JOINER, _PERCENT = 1, 2, 3
_JOINERS = "'’.,:/"
_PLANE = 0x10000
_LOW = 0xFFFFFFFF
_NUMBERS = {word: str(number) for number, word in enumerate("two three four five six seven eight nine ten".split(), 2)}  # noqa: SIM905
_SAME = _NUMBERS | {
    "%": "percent", "per cent": "percent", "pct": "percent", "programme": "program", "mln": "million", "bln": "billion",
    "dlrs": "dollars", "stg": "sterling", "towards": "toward", "amongst": "among", "whilst": "while", "tonnes": "tons", "grey": "gray",
}  # fmt: skip
_HOUSE = (
    (re.compile(r"our(?=s?$|ed$|ing$|ite|able|hood)"), "or"),
    (re.compile(r"is(?=(?:e|ed|es|ing|er|ers|ation|ations)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|ed|es|ing)$)"), "yz"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"ence(?=s?$)"), "ense"),
)
_MAYBE_HOUSE = re.compile(r"our|[iy]s[ei]|isa|tre|ence")
FUNCTION_WORDS = frozenset(
    """the a an of in on at to for and by with from that its said has is was it he she they we i this but as after his her their
    if when while there these those not no what who how more most some many one all be been are were have had will would could
    which or also than then him them you your our us my me s t""".split()  # noqa: SIM905
)


@compiled(several(I32, I32, U64), READ_U32, READ_U8)
def _spans(codes, kinds):  # type: ignore[no-untyped-def] # its types stand above
    """Where words and numbers begin and end, and a hash of the characters of each."""
    size = len(codes)
    begins, ends = np.empty(size, np.int32), np.empty(size, np.int32)
    hashes = np.empty(size, np.uint64)
    prime, seed, shift = np.uint64(0x100000001B3), np.uint64(0xCBF29CE484222325), np.uint64(32)
    count, at = 0, 0
    while at < size:
        kind = kinds[codes[at]] if codes[at] < 0x10000 else 0
        if kind != 1 and kind != 3:
            at += 1
            continue
        begin, mixed = at, seed
        if kind == 3:
            mixed = (mixed ^ np.uint64(codes[at])) * prime
            at += 1
        else:
            while at < size and codes[at] < 0x10000:
                kind = kinds[codes[at]]
                inner = kind == 2 and at + 1 < size and codes[at + 1] < 0x10000 and kinds[codes[at + 1]] == 1
                if kind != 1 and not inner:
                    break
                mixed = (mixed ^ np.uint64(codes[at])) * prime
                at += 1
        if (
            at - begin == 4 and codes[begin] == 99 and codes[begin + 1] == 101 and codes[begin + 2] == 110 and codes[begin + 3] == 116
            and count and ends[count - 1] == begin - 1 and codes[begin - 1] == 32 and ends[count - 1] - begins[count - 1] == 3
            and codes[begin - 4] == 112 and codes[begin - 3] == 101 and codes[begin - 2] == 114
        ):  # fmt: skip # "per cent" is one word
            count -= 1
            begin = begins[count]
            mixed = np.uint64(1)
        begins[count], ends[count] = begin, at
        mixed ^= mixed >> shift
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> shift
        hashes[count] = max(mixed, np.uint64(1))
        count += 1
    return begins[:count].copy(), ends[:count].copy(), hashes[:count].copy()


@compiled(I64, READ_U64, READ_U64, READ_I32)
def _found(hashes, keys, rows):  # type: ignore[no-untyped-def]
    """The row of each hash, -1 where there is none."""
    found = np.empty(len(hashes), np.int64)
    mask = np.uint64(len(keys) - 1)
    for number in range(len(hashes)):
        place = hashes[number] & mask
        while keys[place] != 0 and keys[place] != hashes[number]:
            place = (place + np.uint64(1)) & mask
        found[number] = rows[place] if keys[place] else -1
    return found


@compiled(NOTHING, READ_U64, READ_I64, U64, I32)
def _put(hashes, numbers, keys, rows):  # type: ignore[no-untyped-def]
    mask = np.uint64(len(keys) - 1)
    for number in range(len(hashes)):
        place = hashes[number] & mask
        while keys[place] != 0 and keys[place] != hashes[number]:
            place = (place + np.uint64(1)) & mask
        keys[place] = hashes[number]
        rows[place] = numbers[number]


class Vocabulary:
    """Tokens seen so far, each with its row in columns of what is known of it; emptied when it has grown too large."""

    LARGEST = 1 << 18

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._count = 0
        self._keys = np.zeros(2 * self.LARGEST, dtype=np.uint64)
        self._rows = np.zeros(2 * self.LARGEST, dtype=np.int32)
        self.hash = np.zeros(self.LARGEST, dtype=np.uint64)
        self.term = np.zeros(self.LARGEST, dtype=np.uint32)
        self.weight = np.zeros(self.LARGEST, dtype=np.int64)
        self.slot = np.zeros(self.LARGEST, dtype=np.bool_)

    def rows(self, *texts: str) -> list[Rows]:
        """The rows of the tokens of each text; good until the next call."""
        spans = [_spans(codes_of(text), _kinds()) for text in texts]
        if self._count + sum(len(hashes) for _, _, hashes in spans) > self.LARGEST:
            self._clear()
        return [self._rows_of(text, *span) for text, span in zip(texts, spans, strict=True)]

    def _rows_of(self, text: str, begins: NDArray[np.int32], ends: NDArray[np.int32], hashes: Hashes) -> Rows:
        found = self._look_up(hashes)
        missing = np.flatnonzero(found < 0)
        if not len(missing):
            return found
        new: dict[int, str] = {}
        keys = hashes[missing].tolist()
        for key, begin, end in zip(keys, begins[missing].tolist(), ends[missing].tolist(), strict=True):
            if key not in new:
                new[key] = text[begin:end]
        learnt = dict(zip(new, range(self._count, self._count + len(new)), strict=True))
        self._learn(np.fromiter(new, dtype=np.uint64, count=len(new)), list(new.values()))
        found[missing] = [learnt[key] for key in keys]
        return found

    def _look_up(self, hashes: Hashes) -> Rows:
        rows: Rows = _found(hashes, self._keys, self._rows)
        return rows

    def _learn(self, keys: Hashes, tokens: list[str]) -> None:
        here = slice(self._count, self._count + len(tokens))
        hashed, terms, weights, slots = zip(*map(known_of, tokens), strict=True)
        self.hash[here] = np.array(hashed, dtype=np.uint64)
        self.term[here], self.weight[here], self.slot[here] = terms, weights, slots
        _put(keys, np.arange(here.start, here.stop), self._keys, self._rows)
        self._count = here.stop


def codes_of(text: str) -> NDArray[np.uint32]:
    """The characters of a text as numbers; half a surrogate pair counts as no letter."""
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")


def tokens_of(text: str) -> list[str]:
    """Words and numbers of a text as they stand; `per cent` is one."""
    begins, ends, _ = _spans(codes_of(text), _kinds())
    return [text[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]


def known_of(token: str) -> tuple[int, int, int, bool]:
    """What is known of a token: a hash of its word, one of its stem, how telling it is, and whether it is a number or a name."""
    word = word_of(token)
    hashed, stem = word_hash(word), stem_of(word)
    term = hashed if stem == word else word_hash(stem)
    if word in FUNCTION_WORDS:
        return hashed, term & _LOW, 0, False
    first = token[0]
    named = first.isupper()
    weight = _weights().get(hashed & _LOW, UNSEEN) if len(word) > 1 else 0
    return hashed, term & _LOW, NAME_WORTH * weight if named else weight, named or word[0].isdigit()


def tokens_at(text: str, places: Rows) -> list[str]:
    """The tokens at these places of `tokens_of(text)`."""
    begins, ends, _ = _spans(codes_of(text), _kinds())
    return [text[begin:end] for begin, end in zip(begins[places].tolist(), ends[places].tolist(), strict=True)]


def word_of(token: str) -> str:
    """The word that a token stands for: lower case, house spellings made one, small numbers in figures."""
    if token[0].isdigit():
        return token
    word = token.lower()
    if not word.isalpha():
        word = word.replace("’", "").replace("'", "").replace(".", "")
    word = _SAME.get(word, word)
    if len(word) > 4 and _MAYBE_HOUSE.search(word):
        for spelling, other in _HOUSE:
            word = spelling.sub(other, word)
    return word


def word_hash(word: str) -> int:
    """64 bits that stand for a word, the same in every process."""
    return xxhash.xxh3_64_intdigest(word.encode("utf-8", "replace"))


def stem_of(word: str) -> str:
    """A word without the endings of number and tense."""
    if len(word) <= 4:
        return word
    last = word[-1]
    if last == "s":
        word = word[: -2 if word[-2] == "e" else -1]
    elif last == "g" and len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    elif last == "d" and word[-2] == "e":
        word = word[:-2]
    return word[:-1] if len(word) > 4 and word[-1] == "e" else word


@lru_cache(maxsize=1)
def _weights() -> dict[int, int]:
    body = WEIGHTS_FILE.read_bytes()
    count = len(body) // 5
    hashes = np.frombuffer(body, dtype="<u4", count=count)
    return dict(zip(hashes.tolist(), body[4 * count :], strict=True))


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """What each character of the basic plane does in a word."""
    every = "".join(map(chr, range(min(_PLANE, sys.maxunicode))))
    kinds = np.zeros(_PLANE, dtype=np.uint8)
    kinds[[found.start() for found in re.finditer(r"\w", every)]] = _WORD
    kinds[[ord(joiner) for joiner in _JOINERS]] = _JOINER
    kinds[ord("%")] = _PERCENT
    return kinds


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary of this process."""
    return Vocabulary()
