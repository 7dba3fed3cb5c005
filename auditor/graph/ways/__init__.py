"""The ways that traffic takes, step by step, and what all of them have in common.

The network engine says whether one end reaches another, and proves it with tables, ACLs and groups. Here its answers
are taken apart into the single routes, entries, rules, listeners and policy statements that let traffic pass: a *way*
is a smallest set of them with which the engine still says "reached". Declared edges are never followed, for they do
not point the way traffic goes.

    elements   what can be taken out of an inventory to close a way: which there are, and the inventory without them
    nearby     the part of an inventory that a question is about, so that asking it again and again stays cheap
    proven     all ways between two ends: proven ones, and possible ones where something could not be read
    cuts       what all ways pass (dominators), and the fewest elements that close every way
    drawn      the ways as a plain directed graph
"""

from auditor.graph.ways.cuts import dominators, fewest
from auditor.graph.ways.drawn import passed_by_all, ways_graph
from auditor.graph.ways.elements import DATA, Element, elements_of, without
from auditor.graph.ways.proven import Way, Ways, ways_between, ways_to_data

__all__ = [
    "DATA",
    "Element",
    "Way",
    "Ways",
    "dominators",
    "elements_of",
    "fewest",
    "passed_by_all",
    "ways_between",
    "ways_graph",
    "ways_to_data",
    "without",
]
