#!/usr/bin/env python3
"""Makes the documents beside it, for tests/complete.rs: of each answer and body one in which every field is set.

Run by hand when the API has a new version; needs PyYAML and the API's definition:

    tests/complete/build.py v1.55.yaml
"""

import json
import sys
from pathlib import Path

import yaml

# Each document: a definition, or what a call answers or is sent.
DOCUMENTS = {
    "auth": "AuthResponse",
    "build_cache_prune": ("post", "/build/prune"),
    "config_inspect": "Config",
    "container_changes": ("get", "/containers/{id}/changes"),
    "container_config": "ContainerConfig",
    "container_inspect": "ContainerInspectResponse",
    "container_list": ("get", "/containers/json"),
    "container_prune": ("post", "/containers/prune"),
    "container_spec": ("body", "/containers/create"),
    "container_stats": "ContainerStatsResponse",
    "container_top": "ContainerTopResponse",
    "container_update": ("body", "/containers/{id}/update"),
    "disk_usage": ("get", "/system/df"),
    "distribution_inspect": "DistributionInspect",
    "event": "EventMessage",
    "exec_inspect": ("get", "/exec/{id}/json"),
    "image_attestations": ("get", "/images/{name}/attestations"),
    "image_history": ("get", "/images/{name}/history"),
    "image_inspect": "ImageInspect",
    "image_list": ("get", "/images/json"),
    "image_prune": ("post", "/images/prune"),
    "image_remove": ("delete", "/images/{name}"),
    "image_search": ("get", "/images/search"),
    "network_inspect": "NetworkInspect",
    "network_list": ("get", "/networks"),
    "network_prune": ("post", "/networks/prune"),
    "network_spec": ("body", "/networks/create"),
    "node_inspect": "Node",
    "plugin_inspect": "Plugin",
    "plugin_privileges": ("get", "/plugins/privileges"),
    "progress_of_a_build": "BuildInfo",
    "progress_of_a_pull": "CreateImageInfo",
    "progress_of_a_push": "PushImageInfo",
    "secret_inspect": "Secret",
    "service_inspect": "Service",
    "service_update": "ServiceUpdateResponse",
    "swarm_inspect": "Swarm",
    "system_info": "SystemInfo",
    "system_version": "SystemVersion",
    "task_inspect": "Task",
    "volume_inspect": "Volume",
    "volume_list": "VolumeListResponse",
    "volume_prune": ("post", "/volumes/prune"),
    "volume_spec": "VolumeCreateRequest",
}

# What the definition says of a type of Go's alone.
ITEMS = {
    "BuildCacheDiskUsage": "BuildCache",
    "ContainersDiskUsage": "ContainerSummary",
    "ImagesDiskUsage": "ImageSummary",
    "VolumesDiskUsage": "Volume",
}

TIME = "2026-11-24T03:19:56.123456789Z"
FORMATS = {
    "CIDR": "172.20.0.0/16",
    "cidr": "172.20.0.0/16",
    "date-time": TIME,
    "dateTime": TIME,
    "ip-address": "172.20.0.1",
}
GO_TYPES = {
    "Addr": "172.20.0.2",
    "HardwareAddr": "02:42:ac:11:00:02",
    "Prefix": "172.20.0.0/16",
    "Time": TIME,
}
FIELDS = {
    # Go has 64 bits for these, without a sign.
    ("ConsoleSize", "array"): [2**64 - 1, 2**64 - 2],
    ("Created", "integer"): 1795490396,  # seconds, as is time: no type holds all of 64 bits
    ("Data", "string"): "c29tZSBkYXRh",  # base64
    ("FinishedAt", "string"): TIME,
    ("Mode", "integer"): 2**32 - 1,  # Go's os.FileMode has 32 bits
    ("Global", "object"): {},  # there is nothing in these
    ("GlobalJob", "object"): {},
    ("IOMaximumBandwidth", "integer"): 2**64 - 3,
    ("IOMaximumIOps", "integer"): 2**64 - 4,
    ("MountVolume", "object"): {},
    ("PublishedPort", "integer"): 2**32 - 2,  # Go's uint32, as is TargetPort
    ("Rate", "integer"): 2**64 - 5,
    ("Runtime", "object"): {},
    ("StartedAt", "string"): TIME,
    ("SystemTime", "string"): TIME,
    ("TargetPort", "integer"): 2**32 - 3,
    ("time", "integer"): 1795490396,
}
# Lists of pairs, which the definition has as lists of lists.
PAIRS = ["DriverStatus", "Info"]


class Builder:
    """Builds a document; each of its numbers is another, so that none can be taken for its neighbour."""

    def __init__(self, api):
        self.definitions = api["definitions"]
        self.count = 0
        # The places of enumerations, with all their words.
        self.words = {}

    def resolved(self, schema):
        """The schema without references, and with all its parts."""
        while "$ref" in schema:
            schema = self.definitions[schema["$ref"].removeprefix("#/definitions/")]
        if "allOf" not in schema:
            return schema
        parts = [self.resolved(part) for part in schema["allOf"]]
        whole = {key: value for part in parts for key, value in part.items()}
        properties = {key: value for part in [*parts, schema] for key, value in part.get("properties", {}).items()}
        return {**whole, "properties": properties}

    def value(self, schema, name, place):
        go_type = schema.get("x-go-type", {}).get("type")
        if go_type in self.definitions and "$ref" not in schema:
            schema = {"$ref": go_type}
        schema = self.resolved(schema)
        go_type = schema.get("x-go-type", {}).get("type", go_type)
        kind = schema.get("type", "object")
        if (name, kind) in FIELDS:
            return FIELDS[name, kind]
        if go_type in GO_TYPES:
            return GO_TYPES[go_type]
        words = [word for word in schema.get("enum", []) if word not in ("", None)]
        if words:
            if isinstance(words[0], str):
                self.words[place] = words
            return words[0]
        return getattr(self, kind)(schema, name, place)

    def object(self, schema, name, place):
        properties = schema.get("properties")
        if properties:
            return {key: self.value(inner, key, f"{place}/{key}") for key, inner in properties.items()}
        inner = schema.get("additionalProperties", {"type": "string"})
        key = f"key of {name}"
        return {key: self.value(inner, name, f"{place}/{key}")}

    def array(self, schema, name, place):
        items = schema["items"]
        if name in PAIRS and items.get("type") == "string":
            return [f"key of {name}", f"some {name}"]
        return [self.value(items, name, f"{place}/0")]

    def string(self, schema, name, _place):
        return FORMATS.get(schema.get("format"), f"some {name}")

    def boolean(self, _schema, _name, _place):
        return True

    def number(self, _schema, _name, _place):
        self.count += 1
        return self.count + 0.25

    def integer(self, schema, _name, _place):
        self.count += 1
        if "enum" not in schema and schema.get("maximum"):
            return schema["maximum"]
        # Those without a format are of the machine's size in Go.
        bounds = {"uint64": 2**64, "uint32": 2**32, "uint16": 2**16, "uint8": 2**8}
        return bounds.get(schema.get("format"), 2**63) - self.count % 200


def schema_of(api, source):
    if isinstance(source, str):
        return {"$ref": source}
    verb, path = source
    if verb == "body":
        parameters = api["paths"][path]["post"]["parameters"]
        return next(parameter["schema"] for parameter in parameters if parameter["in"] == "body")
    return api["paths"][path][verb]["responses"][200]["schema"]


def write(name, value):
    text = json.dumps(value, indent=1, ensure_ascii=False)
    Path(__file__).with_name(f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def main():
    api = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for usage, item in ITEMS.items():
        api["definitions"][usage]["properties"]["Items"]["items"] = {"$ref": item}
    words = {}
    for name, source in DOCUMENTS.items():
        builder = Builder(api)
        write(name, builder.value(schema_of(api, source), name, ""))
        words[name] = builder.words
    write("words", {name: places for name, places in words.items() if places})


if __name__ == "__main__":
    main()
