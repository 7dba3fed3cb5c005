"""Whom a policy on a resource lets in from outside, judged by who sets what its conditions look at.

`keys` says of every condition key who sets its value, `providers` by which claims a token names its organization, and
`forms` when a value of a policy leaves no room for a stranger's. `choices` are the values that a stranger can bring;
`admits` asks whether some choice of them satisfies a statement and escapes the denials beside it. `trust` tells who
may assume a role.
"""
