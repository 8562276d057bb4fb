"""Settings of a server that ends requests after two seconds, with addresses that take longer."""

from indicators.core import deadline
from tests.server_settings import *  # noqa: F403

REQUEST_TIMEOUT = 2
ROOT_URLCONF = "tests.slow_urls"
deadline.PATIENCE = 2
deadline.STREAM_SECONDS = 2
