"""What a subscriber can ask for: the rule as a document, what it is asked about, its clauses with their reasons, and an index over many.

Pure: the desk imports this package, so that a back-test runs the code that alerts.
"""
