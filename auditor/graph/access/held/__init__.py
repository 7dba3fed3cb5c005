"""Which policies there are and what they are attached to: principals, resources, the account.

`identities` gives the identity-based policies of a principal, `resource_policies` the resource-based policies, and
`guardrails` the policies of an organization; `public` asks one resource's policy whom it names.
"""
