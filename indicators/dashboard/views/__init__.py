"""HTTP only: parse what is asked, ask for the data, render."""
