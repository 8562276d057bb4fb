"""What `make bench` measures. Each module has rows(): what was measured, and in which unit."""
