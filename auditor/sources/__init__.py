"""Where resources come from: each source gives the same canonical `Inventory`."""
