"""The `copytaster` command."""
