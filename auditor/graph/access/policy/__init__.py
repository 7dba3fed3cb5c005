"""One request against policies: what a document says, what its conditions decide, and how all policies combine.

`documents` compiles statements, `patterns` and `operators` compare, `conditions` answer yes, no or "depends" (`truth`)
from what is known of a request (`context`, `known`, `callers`), and `evaluate` is AWS's order of evaluation.
"""
