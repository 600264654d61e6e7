"""Tracking decides what is new: a dossier takes a status that it had not taken, and only that is a step.

Reads `tracking-inbox` (`AssertionsMade`, `StoryRevised`, `MinutePassed`, `ActTaken`); writes to `alerting-inbox` exactly one `StepsTaken`
for each message, also when it says nothing. Remembers the open dossiers, what each has done, and what each article claims, by folding
its own `StepsTaken`; a ceasefire of which nothing is heard for half a year, and measures silent for two years, are put away. Gives up
(dead letter) on a message that breaks its schema and on an act that names a dossier or step that does not exist.
"""
