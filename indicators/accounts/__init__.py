"""HTTP: who comes in. Lock-out, second factor, limits of a session, and what is kept of every sign-in."""
