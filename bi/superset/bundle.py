"""Pack the dashboard as a file that Superset imports.

    python -m bi.superset.bundle [--serving FILE] [--output ZIP]

fills in where the published DuckDB file is, as Superset's machine sees it.
"""

from __future__ import annotations

import argparse
import zipfile
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent
BUNDLE = HERE / "bundle"
SERVING = HERE.parent.parent / "published" / "cx_serving.duckdb"
# What stands in the bundle in place of the path, without its first slash.
PLACEHOLDER = "FILE/cx_serving.duckdb"


def pack(serving: Path, output: Path) -> None:
    """Write the bundle as ZIP, with the path of the published file in it."""
    path = quote(str(serving.absolute()).lstrip("/"))
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(BUNDLE.rglob("*.yaml")):
            text = file.read_text(encoding="utf-8").replace(PLACEHOLDER, path)
            archive.writestr(f"cx_scores/{file.relative_to(BUNDLE)}", text)


def main() -> None:
    """Read the command line and pack."""
    parser = argparse.ArgumentParser(description="Pack the dashboard for Superset.")
    parser.add_argument("--serving", type=Path, default=SERVING)
    parser.add_argument("--output", type=Path, default=Path("cx_superset.zip"))
    arguments = parser.parse_args()
    pack(arguments.serving, arguments.output)
    print(f"{arguments.output}: import it under Dashboards.")


if __name__ == "__main__":
    main()
