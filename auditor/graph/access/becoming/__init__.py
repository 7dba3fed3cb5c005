"""Privilege escalation: how one principal becomes another, and in the end an administrator.

`ways` and `running` are the published ways as tables. `rights` answers what one principal is allowed, `steps` who can
take which single step (found from the target by `reverse_lookup`), `promotions` whom a principal can make an
administrator and then become, and `escalation` searches backwards from the administrators.
"""
