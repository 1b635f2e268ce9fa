"""A small application that returns what the local AWS passes to its functions."""

import json
import os
import sys
import time
from typing import Any

import boto3
from chalice.app import Chalice, CORSConfig, Response

app = Chalice(app_name="sample")
app.api.cors = CORSConfig(allow_origin="http://localhost:3000", allow_credentials=True, max_age=600)
app.api.binary_types.append("application/x-sample")
app.experimental_feature_flags.update(["WEBSOCKETS"])


@app.route("/sync")
def sync() -> Any:
    return int(time.time() * 1000)


@app.route("/echo/{name}", methods=["GET", "POST", "PUT"])
def echo(name: str) -> Any:
    assert app.current_request is not None
    return {"name": name, **app.current_request.to_dict()}


@app.route("/event", methods=["POST"], content_types=["application/json", "application/x-sample", "text/plain"])
def event() -> Any:
    assert app.current_request is not None
    return {"event": app.current_request.to_original_event(), "request": app.lambda_context.aws_request_id}


@app.route("/bytes")
def content() -> Any:
    return Response(bytes(range(256)), headers={"Content-Type": "application/octet-stream"})


@app.route("/multi")
def multi() -> Any:
    return Response("plain", headers={"Content-Type": "text/plain", "Set-Cookie": ["a=1", "b=2"]})


@app.route("/exit")
def leave() -> Any:
    os._exit(9)


@app.route("/slow/{seconds}")
def slow(seconds: str) -> Any:
    time.sleep(float(seconds))
    return {"slept": seconds}


@app.route("/environment")
def environment() -> Any:
    return dict(os.environ)


@app.route("/log")
def log() -> Any:
    sys.stdout.write("hello from the function\n")
    sys.stderr.write('{"level":"ERROR","message":"structured","jobId":"j1"}\n')
    return {}


@app.route("/version")
def version() -> Any:
    return "one"


@app.on_ws_connect()
def connect(event: Any) -> Any:
    query = event.to_dict().get("queryStringParameters") or {}
    if "refuse" in query:
        return {"statusCode": int(query["refuse"]), "headers": {"X-Why": query.get("why", "because")}}
    if "fail" in query:
        raise ValueError("cannot")
    return {"statusCode": 200}


@app.on_ws_message()
def message(event: Any) -> Any:
    if event.body == "fail":
        raise ValueError("cannot")
    reply = json.dumps(event.to_dict()) if event.body == "event" else event.body
    client = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["WEBSOCKET_API_ENDPOINT"])
    client.post_to_connection(ConnectionId=event.connection_id, Data=reply.encode())


@app.on_ws_disconnect()
def disconnect(event: Any) -> Any:
    status = event.to_dict()["requestContext"]["disconnectStatusCode"]
    sys.stdout.write(f"disconnected {event.connection_id} {status}\n")
