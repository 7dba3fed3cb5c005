"""Templates as texts: the entry that stands at a line, found by how far lines are indented, and what it refers to."""

from __future__ import annotations

import re

_KEY = re.compile(r"""(\s*(?:-\s)?)\s*["']?([\w:.-]+)["']?\s*:""")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_SECTIONS = ("Parameters", "Conditions", "Mappings")
_CUSTOM = re.compile(r"Custom::|AWS::CloudFormation::(?:CustomResource|Macro)")
_DEEPEST = 4  # Resources, a resource, its Properties, one of them
_MOST = 2_000


class Template:
    """The entries of a template by their path."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self._entries: dict[tuple[str, ...], str] | None = None

    def path(self, line: int) -> tuple[str, ...]:
        """The path of the entry at a line; empty where the file has no lines to tell."""
        out: list[str] = []
        least = 10**9
        for text in reversed(self.lines[:line]):
            found = _KEY.match(text)
            if found and len(found[1]) < least:
                least = len(found[1])
                out.append(found[2])
        return tuple(reversed(out))[:_DEEPEST]

    def feed(self, path: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]] | None:
        """What an entry says, and the parameters, conditions, mappings and attributes of resources that it leads to."""
        text = self._found().get(path) if path else "\n".join(self.lines)
        if text is None:
            return None
        about: dict[str, str] = {}
        waiting = [text, self._found().get((*path[:2], "Condition"), "")]
        while waiting and len(about) < _MOST:
            asking = waiting.pop()
            for word in dict.fromkeys(_WORD.findall(asking)):
                said = None if word in (*about, *path[1:2]) else self._meant(word, asking)
                if said is not None:
                    about[word] = said
                    waiting.append(said)
        return {path[-1] if path else "": text}, about

    def _meant(self, word: str, text: str) -> str | None:
        """What a word of a text stands for. Of a resource the attributes hang on what it says, not its name; of a
        custom one that does too."""
        for section in _SECTIONS:
            if (said := self._found().get((section, word))) is not None:
                return said
        said = self._found().get(("Resources", word))
        asked = said is not None and ("GetAtt" in text or f"{word}." in text or _CUSTOM.search(said))
        return said if asked else None

    def _found(self) -> dict[tuple[str, ...], str]:
        if self._entries is None:
            self._entries = {}
            open_ones: list[tuple[int, str, int]] = []
            for number, text in enumerate([*self.lines, "end:"]):
                found = _KEY.match(text)
                if not found:
                    continue
                while open_ones and open_ones[-1][0] >= len(found[1]):
                    self._close(open_ones, number)
                open_ones.append((len(found[1]), found[2], number))
        return self._entries

    def _close(self, open_ones: list[tuple[int, str, int]], end: int) -> None:
        path = tuple(name for _, name, _ in open_ones)
        start = open_ones.pop()[2]
        if len(path) <= _DEEPEST and self._entries is not None:
            said = (each.strip() for each in self.lines[start:end])
            self._entries.setdefault(path, "\n".join(each for each in said if each and each[0] != "#"))
