"""Print the OpenAPI document of the API in this working tree, as `GET /openapi.json` serves it."""

import json
import sys

import app  # noqa: F401 - declares the routes
from chalicelib.api.openapi import document
from chalicelib.api.routing import ROUTES

json.dump(document(ROUTES, "queuecraft"), sys.stdout)
