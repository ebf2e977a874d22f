"""One operation by docker-py, and what it cost, as `measure` tells it: NAME SIZE SOCKET TIMES UNITS."""

import json
import resource
import sys
import time

import docker

name, size, socket, times, units = sys.argv[1:]
client = docker.APIClient(base_url=f"unix://{socket}", version="1.44")


def count(stream, length=lambda item: 1):
    return sum(length(item) for item in stream)


def logs(container):
    stream = client.logs(container, stream=True, follow=True, stdout=True, stderr=False, tail=int(size))
    assert count(stream, len) == int(size) * 100


def pull():
    assert count(client.pull("longshore/web", tag=size, stream=True, decode=True)) == int(size)


def list_containers():
    assert len(client.containers(limit=int(size))) == int(size)


operation = {
    "ping": client.ping,
    "inspect": lambda: client.inspect_container("web"),
    "list": list_containers,
    "logs-packed": lambda: logs("packed"),
    "logs-chunked": lambda: logs("chunked"),
    "pull": pull,
}[name]
client.ping()
wall, cpu = time.perf_counter(), time.process_time()
for _ in range(int(times)):
    operation()
cost = {
    "wall": time.perf_counter() - wall,
    "cpu": time.process_time() - cpu,
    "units": float(units),
    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "allocations": None,
    "waits": 0,
}
print(json.dumps(cost))
