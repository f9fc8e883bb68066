import importlib
import sys

# This file has the name of the package: its folder may not come first.
sys.path.append(sys.path.pop(0))

command = importlib.import_module("honcho.command")
texts = importlib.import_module("texts")

texts.read_each(lambda file: command._read_env(".", file))
