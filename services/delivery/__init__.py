"""Delivery hands each alert to the channels that its person chose: in order, as good as once, and says how it went.

It reads `alerts-raised` and `delivery-acts`, writes `deliveries-attempted` (the ledger: an intent is acknowledged before every call) and
`deliveries-recorded`, and remembers what the ledger says: it is read to its end at the start, open intents are resolved, and what is due
is taken up again. It gives an attempt up after the last retry of its channel's schedule, and a channel when its receiver says that it is gone.
"""
