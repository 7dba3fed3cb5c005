"""What is set once and not typed every night: `auditor.yaml`, or `[tool.auditor]` of a pyproject.toml.

Flags go over environment variables, those over the file, and the file over what an option is by itself. One row a
setting (`settings.SETTINGS`) joins the four; a test walks the options of all commands and the schema of the file.
"""
