"""Who and where: names in a text, from the lists and from what the text itself shows."""
