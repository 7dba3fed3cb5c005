"""Privilege escalation: how one principal becomes another, and in the end an administrator.

`ways` and `running` are the published ways as tables. `rights` answers what one principal is allowed, `steps` who can
take which single step (found from the target by `reverse_lookup`), `search` goes backwards from a goal, `escalation`
from administrators. `beyond` holds the principals that are not there or not so yet: what one `changes` about
itself, whom it could be `making` (under `names` that all its rights mean), whom it raises (`promotions`) and gives what
(`giving`).
"""
