"""What `copytaster run` needs: the plan of processes, their ports, and the supervisor that keeps them alive."""
