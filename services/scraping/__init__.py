"""Scraping: polls the sources and fetches the pages of what is new, changed or due to be looked at again.

It reads `sources` and, at its start, its own `polls-recorded`; it writes `pages-fetched`, `polls-recorded` (the cursor of a source, only after
its pages are acknowledged) and, for pages that it may not or cannot take, `messages-suppressed`. It remembers validators and last pages in the
cursor, and robots files and the pace of each host in memory. It gives a source up when its address answers 410; everything else is tried
again, ever more rarely. robots.txt is obeyed for pages; a feed is published to be polled.
"""
