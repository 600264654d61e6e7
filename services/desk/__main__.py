"""Starts the desk."""

from runtime.settings import ServiceSettings
from services.desk.settings import DeskSettings
from services.desk.shell import run

if __name__ == "__main__":
    run(DeskSettings(), ServiceSettings())
