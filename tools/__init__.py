"""Programs of the project's own making; none is needed to run auditor."""
