# Parses an exposition from standard input with the official Python client and prints its families
# as JSON. Numbers are printed as text, because JSON knows no NaN and no infinity.
import json
import sys

form = sys.argv[1]
if form == "openmetrics":
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
else:
    from prometheus_client.parser import text_string_to_metric_families as parse


def number(value):
    return None if value is None else repr(float(value))


def exemplar(value):
    if value is None:
        return None
    return {
        "labels": value.labels,
        "value": number(value.value),
        "timestamp": number(value.timestamp),
    }


try:
    families = [
        {
            "name": family.name,
            "type": family.type,
            "help": family.documentation,
            "unit": family.unit,
            "samples": [
                {
                    "name": sample.name,
                    "labels": sample.labels,
                    "value": number(sample.value),
                    "timestamp": number(sample.timestamp),
                    "exemplar": exemplar(sample.exemplar),
                }
                for sample in family.samples
            ],
        }
        for family in parse(sys.stdin.buffer.read().decode("utf-8"))
    ]
except ValueError as error:
    sys.exit(str(error))
json.dump(families, sys.stdout)
