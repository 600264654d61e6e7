"""Alerting decides who is told what: once, at once, in words that claim no more than the source does.

It reads `alerting-inbox` alone (steps, rules, minutes, acts, in one order), writes `alerts-raised` and, last, one `alerts-decided` for each
message, and remembers only the fold of these: the rules in force, what each person was told, mutes, follows, embargoed steps and waits. It
gives up on nothing by itself: a rule that cannot be read is refused with its reason, and what it cannot decide goes to the dead letters.
"""
