"""client_python with a custom collector, served by the standard library's WSGI server.

    python3 client_python.py SERIES FAMILIES

The same formulas as ../servers/workload.mjs, which lists the families. One thread serves, so that all of its time
is seen from outside.
"""

import json
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

LABEL_NAMES = ["portnum", "speed", "type"]
SPEEDS = ["10GBPS", "25GBPS", "50GBPS", "100GBPS"]


FAMILIES = [(f["name"], f["help"], f["shape"]) for f in json.loads(sys.argv[2])]


def counter_start(family, port):
    return port * 2654435761 % 4294967296 * (family**3 + 1)


def value(shape, start, family, port, scrape):
    if shape == "counter":
        return start + (port + family + 1) * scrape
    if shape == "whole":
        return (port * 7 + family) % 200
    return (port * 37 + family * 101 + scrape * 13) % 10000 / 100


class Ports:
    def __init__(self, series):
        self.scrape = 0
        ports = range(series // len(FAMILIES))
        self.ports = [[str(p), SPEEDS[p % 4], "Ethernet"] for p in ports]
        self.starts = [[counter_start(f, p) for p in ports] for f in range(len(FAMILIES))]

    def describe(self):
        return []

    def collect(self):
        self.scrape += 1
        for number, (name, help_text, shape) in enumerate(FAMILIES):
            made = CounterMetricFamily if shape == "counter" else GaugeMetricFamily
            family = made(name, help_text, labels=LABEL_NAMES)
            starts = self.starts[number]
            for port, labels in enumerate(self.ports):
                family.add_metric(labels, value(shape, starts[port], number, port, self.scrape))
            yield family


class Quiet(WSGIRequestHandler):
    def log_message(self, format, *args):
        pass


registry = CollectorRegistry()
registry.register(Ports(int(sys.argv[1])))
server = make_server("127.0.0.1", 0, make_wsgi_app(registry), handler_class=Quiet)
print(f"listening {server.server_port}", flush=True)
server.serve_forever()
