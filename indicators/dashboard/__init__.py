"""What the public sees: pages, charts, official tables, files to take away, and the cache in front of them."""
