"""IAM: roles, users, groups, policies and the account's password rules."""
