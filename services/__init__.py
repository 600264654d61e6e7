"""Who acts: one folder a service, and nothing else. Services never import each other."""
