"""Apache Kafka itself, one node, for development and tests: real jars, real log, real kill -9.

In a test:

    with running_broker(tmp_path) as broker:
        KafkaProducer(bootstrap_servers=broker.bootstrap)
        broker.kill()     # SIGKILL, nothing flushed
        broker.start()    # same data, same port; returns when it answers
        broker.stop()     # SIGTERM, clean

The broker ends with the process that started it, also when that is killed. `Broker` alone is the lasting one of
`copytaster broker start`. Topics are not made by themselves: see `runtime.admin`.
"""

from runtime.devbroker.node import Broker, running_broker
from runtime.devbroker.trouble import BrokerTrouble

__all__ = ["Broker", "BrokerTrouble", "running_broker"]
