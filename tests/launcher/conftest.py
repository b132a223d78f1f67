"""The launcher is standard library only and lives beside the application, so its tests reach it by path."""

import sys
from pathlib import Path

BIN = str(Path(__file__).resolve().parent.parent.parent / "bin")
if BIN not in sys.path:
    sys.path.insert(0, BIN)
