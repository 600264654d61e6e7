"""Starts extraction."""

from runtime import batch
from services.extraction.settings import Settings
from services.extraction.shell import handle, load

if __name__ == "__main__":
    batch.run("extraction", "pages-fetched", handle, Settings(), prepare=load)
