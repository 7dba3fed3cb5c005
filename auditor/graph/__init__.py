"""How resources hang together: the declared edges, and facts derived from them by pure functions."""
