"""Write the sample exports: `python -m livingsearch.samples [OUTDIR]`."""

import argparse
from pathlib import Path

from livingsearch.samples.build import build, write_files
from livingsearch.samples.works import read_works


def main() -> None:
    """Read the references and write the sample files."""
    parser = argparse.ArgumentParser(prog="python -m livingsearch.samples", description=__doc__)
    parser.add_argument("outdir", nargs="?", type=Path, default=Path("data/samples"), help="folder to write to")
    parser.add_argument(
        "--data", type=Path, default=Path("data"), help="folder of references.csv, works.csv, journals.csv"
    )
    arguments = parser.parse_args()
    write_files(build(read_works(arguments.data)), arguments.outdir)


if __name__ == "__main__":
    main()
