"""Who comes in. Lock-out, second factor, limits of a session, and the record of every sign-in."""
