"""What a web process needs of the machines around it: cache, file store, replica, logs, health, metrics.

Nothing here knows an indicator or a figure.
"""
