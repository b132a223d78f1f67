"""Turns the measured table into the rows of docs/performance.md: python bench/table.py FILE."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Pages side by side, then sweeps and the document."""
    table = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sizes: dict[str, Any] = table["measured"]
    print(f"| page | {' | '.join(f'{size} ms (p95)' for size in sizes)} | queries | bytes |")
    print("|---" * (3 + len(sizes)) + "|")
    for rows in zip(*(found["pages"] for found in sizes.values()), strict=True):
        times = " | ".join(f"{row['median_ms']} ({row['p95_ms']})" for row in rows)
        print(f"| {rows[0]['page']} | {times} | {rows[-1]['queries']} | {rows[-1]['bytes']:,} |")
    for size, found in sizes.items():
        print(f"\n{size}: {found['counts']}; seeded in {found['seeding_s']} s")
        for row in [*found["sweeps"], found["pdf"]]:
            print("- " + ", ".join(f"{name} {value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
