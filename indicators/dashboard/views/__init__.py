"""Views: parse what is asked, ask for the data, render."""
