"""The office around a figure: who answers for it, by when, who may do what with it, and the way it takes."""
