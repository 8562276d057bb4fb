"""The same records for other systems, read-only, as JSON under /api/v1/. Its description is made from this code."""
