"""Privilege escalation: how one principal becomes another, and in the end an administrator.

`ways` and `running` are the published ways as tables, `powers` and `steps` who can take which single step, found from
the target by `reverse_lookup`; `promotions` are rights to make somebody an administrator, and `escalation` searches.
"""
