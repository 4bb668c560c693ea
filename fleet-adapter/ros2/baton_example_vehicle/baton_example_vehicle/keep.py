"""What survives a restart, in a file that is replaced whole."""

from __future__ import annotations

import json
import os
from pathlib import Path


class Keep:
    def __init__(self, path: str):
        self._path = Path(path)
        self._kept = ""

    def load(self) -> dict | None:
        try:
            return json.loads(self._path.read_text())
        except FileNotFoundError:
            return None

    def save(self, state: dict) -> None:
        """On the disk when it returns: an answer that was given must not be forgotten."""
        text = json.dumps(state)
        if text == self._kept:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        with open(part, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, self._path)
        self._kept = text
