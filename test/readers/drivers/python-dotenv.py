import logging

from dotenv import dotenv_values
from texts import read_each

# It tells each line that it cannot read, and goes on.
logging.disable()
read_each(dotenv_values)
