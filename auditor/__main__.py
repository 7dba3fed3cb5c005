"""`python -m auditor`, the same program as the command `auditor`."""

from auditor.cli import main

main()
