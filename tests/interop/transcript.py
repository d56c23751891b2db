"""A conversation between two companies on paper: what the one side sees on the left, the other on the right."""
import os
import shutil
import sys
import textwrap
import unicodedata

_DIM, _BOLD, _RESET = "2", "1", "0"
_HUES = ("36", "33", "35", "32", "34")  # one for each person, the same all through


class Transcript:
    def __init__(self, out=sys.stdout):
        self.out = out
        self.colour = out.isatty() and "NO_COLOR" not in os.environ
        self.width = max(88, min(shutil.get_terminal_size((110, 40)).columns, 128))
        self.column = (self.width - 6) // 2
        self.hues, self.seen = {}, 0

    def _paint(self, text, *codes):
        return f"\033[{';'.join(codes)}m{text}\033[{_RESET}m" if self.colour and text else text

    def line(self, text=""):
        print(text, file=self.out, flush=True)

    # --- the page ------------------------------------------------------------------------------------------
    def heading(self, text, left="", right=""):
        self.line()
        self.line(self._paint(f"  {text}", _BOLD))
        self.line()
        if not left:
            return
        self.line(self._paint(f"  {left:<{self.column}}  {right}", _DIM))
        self.line(self._paint(f"  {'─' * self.column}  {'─' * self.column}", _DIM))

    def scene(self, text):
        """What happens next, over both columns."""
        self.line()
        for each in textwrap.wrap(text, self.width - 4):
            self.line(self._paint(f"  {each}", _DIM))

    def inside(self, person, text, note=""):
        self._entry(0, person, text, note)

    def outside(self, person, text, note=""):
        self._entry(self.column + 2, person, text, note)

    def _entry(self, indent, person, text, note):
        self.seen += 1
        hue = self.hues.setdefault(person, _HUES[len(self.hues) % len(_HUES)])
        label = f"{person:<6}"
        room = self.column - len(label) - 1
        body = [line for part in text.splitlines() for line in textwrap.wrap(part, room) or [""]]
        for number, each in enumerate(body):
            head = self._paint(label, hue, _BOLD) if number == 0 else " " * len(label)
            self.line(" " * (indent + 2) + head + " " + each)
        for each in textwrap.wrap(note, room):
            self.line(" " * (indent + 2 + len(label)) + " " + self._paint(each, _DIM))

    def table(self, rows):
        widths = [max(_columns(row[number]) for row in rows) for number in range(len(rows[0]))]
        for row in rows:
            self.line("  " + "   ".join(cell + " " * (widths[number] - _columns(cell))
                                        for number, cell in enumerate(row)).rstrip())


def _columns(text):
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
