"""How it travels: the two shells, memory, dead letters, metrics, health and logs."""
