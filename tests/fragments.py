"""Graphs out of CloudFormation fragments of a few lines, for examples of rules and tables of tests."""

from auditor.checks.examples import ACCOUNT, REGION, graph_of

__all__ = ["ACCOUNT", "REGION", "graph_of"]
