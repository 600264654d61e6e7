"""The clock makes time a fact: every minute it writes one `MinutePassed` into both inboxes.

Reads nothing; writes to `tracking-inbox` and `alerting-inbox`; remembers nothing: a minute's id is derived from it, so that two clocks,
or one started again, say the same thing, and readers drop the repeat. A minute that no clock was up for is not made up later: what it
would have brought comes with the next one. Gives up never: while the broker is away it waits, and then says the minute that it is.
"""
