"""The r a Korean syllable begins with, written in the North and dropped or made n in the South."""

from __future__ import annotations

OTHER_INITIAL = -0.3
_DROPPED = {"ㅇ": frozenset("ㅣㅑㅕㅛㅠㅖ"), "ㄴ": frozenset("ㅏㅐㅗㅜㅡㅚ")}
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


def other_initial(word: str) -> str:
    """The other spelling of a first syllable that has or has not lost its r: 이 and 리, 노 and 로."""
    code = ord(word[0]) - 0xAC00
    initial, vowel = _initial(word), chr(0x314F + code // 28 % 21)
    if vowel in _DROPPED.get(initial, ()):
        other = "ㄹ"
    elif initial == "ㄹ":
        other = "ㅇ" if vowel in _DROPPED["ㅇ"] else "ㄴ"
    else:
        return ""
    return chr(0xAC00 + _INITIALS.index(other) * 588 + code % 588) + word[1:]


def southern(name: str) -> str:
    """A name in Hangul without the r that the South drops: 리설주 and 이설주, 윤석렬 and 윤석열 are one."""
    return "".join(other_initial(letter) if _initial(letter) == "ㄹ" else letter for letter in name)


def _initial(word: str) -> str:
    return _INITIALS[(ord(word[0]) - 0xAC00) // 588]
