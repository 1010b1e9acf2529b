"""A reply of OpenCost to rows for Kusto, as one would write it: fetch, parse, one dictionary and one line for each allocation.

Usage: opencost.py ADDRESS FILE. Writes what it took to file descriptor 3.
"""

import json
import os
import resource
import sys
from datetime import datetime, timezone

try:
    import requests

    library = "requests"

    def fetch(address):
        return requests.get(address, timeout=600).json()

except ImportError:
    from urllib.request import urlopen

    library = "urllib"

    def fetch(address):
        with urlopen(address, timeout=600) as response:
            return json.load(response)


numbers = [
    "cpuCores", "cpuCoreHours", "cpuCost", "cpuEfficiency", "ramBytes", "ramByteHours", "ramCost", "ramEfficiency", "gpuCount",
    "gpuHours", "gpuCost", "networkCost", "loadBalancerCost", "pvCost", "totalCost", "totalEfficiency", "externalCost", "sharedCost",
]


def rows(reply, source):
    collected = datetime.now(timezone.utc).isoformat()
    for allocations in reply["data"]:
        for name, allocation in allocations.items():
            properties = allocation.get("properties", {})
            row = {
                "Timestamp": datetime.now(timezone.utc).isoformat(),
                "CollectionTime": collected,
                "Source": source,
                "AllocationName": name,
                "WindowStart": allocation.get("start", ""),
                "WindowEnd": allocation.get("end", ""),
                "WindowMinutes": allocation.get("minutes", 0),
                "Namespace": properties.get("namespace", ""),
                "Node": properties.get("node", ""),
                "Container": properties.get("container", ""),
                "Pod": properties.get("pod", ""),
                "Controller": properties.get("controller", ""),
                "ControllerKind": properties.get("controllerKind", ""),
            }
            for number in numbers:
                row[number[0].upper() + number[1:]] = allocation.get(number, 0)
            row["Properties"] = json.dumps(properties)
            yield row


address, path = sys.argv[1:]
with open(path, "w") as file:
    for row in rows(fetch(address + "/allocation"), address):
        file.write(json.dumps(row) + "\n")

used = resource.getrusage(resource.RUSAGE_SELF)
took = {"cpuSeconds": used.ru_utime + used.ru_stime, "peakMegabytes": used.ru_maxrss * 1024 / 1e6, "library": library}
os.write(3, json.dumps(took).encode())
