"""Tagging reads `articles-deduplicated` and writes `articles-tagged` and, into `tracking-inbox`, `AssertionsMade`.

A gate of words lets a few articles through; in those it finds who and where, and what is said to have happened to a ceasefire or to
sanctions, with status, reality, roles and the sentence that says it. It remembers nothing. It gives up on a language that it does not read
(`language_not_read`, counted) and says so; what the gate stops ends as `gate_stopped`, with its head published.
"""
