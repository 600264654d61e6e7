"""Starts delivery."""

from services.delivery.settings import Settings
from services.delivery.shell import run

if __name__ == "__main__":
    run(Settings())
