"""Every bench of this folder, one after another, each in a process of its own: `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run bench_*.py in the order of their names; non-zero where one of them fails."""
    failed = 0
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"\n── {path.stem}", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"bench.{path.stem}"]).returncode != 0
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
