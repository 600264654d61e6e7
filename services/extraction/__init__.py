"""Extraction: from the raw page to one version of one article.

It reads `pages-fetched` and writes `articles-extracted`: headline, text without captions, credits and prompts, authors, times with zone,
language, canonical address, agency credit, and the names and the sketch that deduplication needs. It remembers nothing. It gives a page up
when it holds no article (`error_page`, `not_an_article`, `no_text`); one that breaks the reader is ended by its deadline and goes to the
dead letters.
"""
