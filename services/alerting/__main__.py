"""Starts alerting."""

from services.alerting.settings import Settings
from services.alerting.shell import run

if __name__ == "__main__":
    run(Settings())
