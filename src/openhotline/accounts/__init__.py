"""People, roles, sign-in, approvals by two, recorded authorities."""
