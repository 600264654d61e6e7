"""The desk: the page on which newsroom people live.

It reads heads, steps, alerts, decisions, deliveries, rules, sources, polls, minutes and acts, by partition and offset; it writes what people
say: `ActTaken` and `RuleSaved` into the inboxes, `SourceConfigured`, `DeliveryActed` and `FeedbackGiven`. It remembers a read model in one SQLite
file, which holds no pages and no full texts and is a fold of the log: delete it and it is rebuilt. It gives up when a message of the log
breaks the fold, because a queue that silently lacks alerts is worse than none.
"""
