"""Deciding again what was decided before: the services' own pure functions in one process, over what the log keeps."""
