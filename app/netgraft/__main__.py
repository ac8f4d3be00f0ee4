"""`python -m netgraft` is `netgraft`."""

from netgraft.cli import main

main()
