"""Reads `articles-extracted`; writes `articles-deduplicated`, `StoryRevised` to `tracking-inbox`, and last `sketches-kept`.

Says of every article version whether it is an original, a copy or a revision, whom its text comes from, and which story it belongs
to. Remembers the versions first seen in the last 72 hours: the fold of `sketches-kept`, and nothing else. The exact wording of
candidates is read back from the log itself, through a cache on disk that may be lost at any time. Gives up on a message when the log
no longer holds, or for 30 s does not give, the wording that a decision needs.
"""
