"""Claims of speed, each measured by one command: `python -m benchmarks --help`.

Every benchmark makes its own scratch installation, prints a table and, with `--json`, the same
figures for a machine. Where something is compared, both sides run in the same minute on the same
machine and the ratio is what counts.
"""
