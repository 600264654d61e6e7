"""Starts scraping."""

from services.scraping.shell import main

if __name__ == "__main__":
    main()
