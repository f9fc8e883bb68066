"""The frame of the drivers in Python: texts from standard input, outcomes to standard output."""

import json
import os
import sys


def read_each(read):
    """Lets `read` make a dictionary of the file `.env`, which holds one text after the other."""
    json.dump([outcome_of(text, read) for text in json.load(sys.stdin)], sys.stdout)


def outcome_of(text, read):
    with open(".env", "w", encoding="utf-8", newline="") as file:
        file.write(text)
    try:
        outcome = {"vars": {name: value for name, value in read(".env").items() if value is not None}}
    except Exception as error:
        outcome = {"error": repr(error)}
    ran = os.path.exists("CANARY")
    if ran:
        os.remove("CANARY")
    return {**outcome, "ran": ran}
