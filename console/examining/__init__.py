"""What `copytaster doctor` looks at: the machine, and the system that runs on it."""
