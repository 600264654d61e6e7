"""What is said: the facts that travel, the topics that carry them, and how a message can end."""
