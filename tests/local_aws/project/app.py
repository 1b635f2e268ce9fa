"""A small application that shows what the local AWS gives to its functions."""

import os
import sys
import time

from chalice import Chalice, CORSConfig, Response, WebsocketDisconnectedError

app = Chalice(app_name="sample")
app.api.cors = CORSConfig(allow_origin="http://localhost:3000", allow_credentials=True, max_age=600)
app.api.binary_types.append("application/x-sample")
app.experimental_feature_flags.update(["WEBSOCKETS"])


@app.route("/sync")
def sync():
    return int(time.time() * 1000)


@app.route("/echo/{name}", methods=["GET", "POST", "PUT"])
def echo(name):
    return app.current_request.to_dict()


@app.route("/event", methods=["POST"], content_types=["application/json", "application/x-sample", "text/plain"])
def event():
    return app.lambda_context.__dict__ | {"identity": None, "event": app.current_request.to_original_event()}


@app.route("/bytes")
def content():
    return Response(bytes(range(256)), headers={"Content-Type": "application/octet-stream"})


@app.route("/multi")
def multi():
    return Response("plain", headers={"Content-Type": "text/plain", "Set-Cookie": ["a=1", "b=2"]})


@app.route("/boom")
def boom():
    raise ValueError("boom")


@app.route("/exit")
def leave():
    os._exit(9)


@app.route("/slow/{seconds}")
def slow(seconds):
    time.sleep(float(seconds))
    return {"slept": seconds}


@app.route("/environment")
def environment():
    return dict(os.environ)


@app.route("/log")
def log():
    print("hello from the function")
    sys.stderr.write('{"level":"ERROR","message":"structured","jobId":"j1"}\n')
    return {}


@app.on_ws_connect()
def connect(event):
    query = event.to_dict().get("queryStringParameters") or {}
    if "refuse" in query:
        return {"statusCode": int(query["refuse"]), "headers": {"X-Why": "because"}}
    if "fail" in query:
        raise ValueError("cannot")
    return {"statusCode": 200}


@app.on_ws_message()
def message(event):
    import boto3

    client = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["WEBSOCKET_API_ENDPOINT"])
    if event.body == "fail":
        raise ValueError("cannot")
    if event.body == "event":
        import json

        reply = json.dumps(event.to_dict()).encode()
    else:
        reply = event.body.encode()
    client.post_to_connection(ConnectionId=event.connection_id, Data=reply)


@app.on_ws_disconnect()
def disconnect(event):
    print("disconnected", event.connection_id, event.to_dict()["requestContext"]["disconnectStatusCode"])
