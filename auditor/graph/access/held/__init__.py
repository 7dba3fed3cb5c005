"""Which policies there are and where they are attached: to principals, to resources, above the account.

`held` gives what a principal has, `owned` what is attached to a resource, `guardrails` what an organization sets;
`trust` and `public` ask of one resource's policy who is let in.
"""
