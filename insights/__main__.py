"""`python -m insights` is the command `insights`."""

from insights.cli import main

main()
