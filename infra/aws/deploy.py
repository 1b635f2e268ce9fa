"""Deploy a package: `python -m infra.aws.deploy --stack NAME [--parameters FILE] [Name=value …]`.

To AWS with the caller's credentials, or to the endpoint in AWS_ENDPOINT_URL or LOCALSTACK_HOST, by the same
steps: upload what changed, create or update the stack, publish the dashboard, prepare the data.
"""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.aws import package, secrets, zips
from infra.aws.publish import publish
from infra.aws.session import endpoint, session

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
#: Seconds between two looks at a stack. LocalStack is done in a few of them.
POLL_S = {"aws": 3.0, "localstack": 0.2}
TIMEOUT_S = 3600.0
NO_UPDATES = "No updates are to be performed"
GOOD = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


class DeploymentFailedError(RuntimeError):
    """Raised when the stack could not be made as the template says; the text tells CloudFormation's reasons."""


class Deployer:
    """Brings one package to one stack."""

    def __init__(self, clients: Any, stack: str, *, url: str | None, say: Callable[[str], None] = print) -> None:
        self._cloudformation = clients.client("cloudformation")
        self._s3 = clients.client("s3")
        self._lambda = clients.client("lambda")
        self._account = clients.client("sts").get_caller_identity()["Account"]
        self._region = self._s3.meta.region_name
        self._url = url
        self._poll_s = POLL_S["localstack" if url else "aws"]
        self.stack = stack
        self.say = say

    def deploy(self, built: Path, parameters: Mapping[str, str]) -> dict[str, str]:
        """Create or update the stack; its outputs. DeploymentFailedError when CloudFormation gives up."""
        template = self._upload(built)
        begun = time.monotonic()
        started = self._start(template, parameters)
        outputs = self._wait(begun) if started else self.outputs()
        self.say(f"Stack {self.stack}: {'deployed' if started else 'nothing to change'}")
        return outputs

    def outputs(self) -> dict[str, str]:
        """Outputs of the stack by name."""
        return {item["OutputKey"]: item["OutputValue"] for item in self._stack().get("Outputs", [])}

    def call_worker(self, action: str) -> dict[str, Any]:
        """Let the worker do an administrative action; what it answered."""
        answer = self._lambda.invoke(
            FunctionName=f"{self.stack}-worker", Payload=json.dumps({"action": action}).encode()
        )
        result: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise DeploymentFailedError(f"The worker's {action} failed: {result}")
        return result

    def delete(self) -> None:
        """Delete the stack and wait until it is gone."""
        self._cloudformation.delete_stack(StackName=self.stack)
        deadline = time.monotonic() + TIMEOUT_S
        while self._status() not in {None, "DELETE_COMPLETE"} and time.monotonic() < deadline:
            time.sleep(self._poll_s)

    # Artefacts

    def _upload(self, built: Path) -> str:
        """Put the zips and the template into the stack's bucket, each under its digest; the template's URL."""
        bucket = f"{self.stack}-artefacts-{self._account}-{self._region}"
        self._ensure_bucket(bucket)
        template = json.loads((built / "template.json").read_text())
        keys = {f"./{path.name}": self._put(bucket, path) for path in built.glob("*.zip")}
        for resource in template["Resources"].values():
            if resource["Type"] == package.SAM_FUNCTION:
                uri = resource["Properties"]["CodeUri"]
                resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": keys[uri]}
        body = json.dumps(template, sort_keys=True, separators=(",", ":")).encode()
        key = "template.json"
        self._s3.put_object(Bucket=bucket, Key=key, Body=body)
        base = f"{self._url}/{bucket}" if self._url else f"https://{bucket}.s3.{self._region}.amazonaws.com"
        return f"{base}/{key}"

    def _ensure_bucket(self, bucket: str) -> None:
        try:
            self._s3.head_bucket(Bucket=bucket)
            return
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
                raise
        elsewhere = self._region != "us-east-1"
        where = {"CreateBucketConfiguration": {"LocationConstraint": self._region}} if elsewhere else {}
        self._s3.create_bucket(Bucket=bucket, **where)
        closed = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
        self._s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)

    def _put(self, bucket: str, path: Path) -> str:
        """Upload a zip unless it is there; its key."""
        key = f"{path.stem}-{zips.digest(path)}.zip"
        try:
            self._s3.head_object(Bucket=bucket, Key=key)
        except ClientError:
            self.say(f"Uploading {path.name}, {path.stat().st_size / 1e6:.1f} MB")
            self._s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())
        return key

    # The stack

    def _start(self, template: str, parameters: Mapping[str, str]) -> bool:
        """Ask CloudFormation for it; False when there is nothing to change."""
        values = [{"ParameterKey": name, "ParameterValue": value} for name, value in sorted(parameters.items())]
        request = {"StackName": self.stack, "TemplateURL": template, "Parameters": values, "Capabilities": CAPABILITIES}
        status = self._status()
        if status in {"ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_FAILED"}:
            self.say("Deleting what the last attempt left")
            self.delete()
            status = None
        if status in {None, "DELETE_COMPLETE"}:
            self._cloudformation.create_stack(**request, OnFailure="ROLLBACK")
            return True
        try:
            self._cloudformation.update_stack(**request)
        except ClientError as error:
            if NO_UPDATES in str(error):
                return False
            raise
        return True

    def _wait(self, begun: float) -> dict[str, str]:
        while (status := self._status()) is not None and status.endswith("_IN_PROGRESS"):
            if time.monotonic() - begun > TIMEOUT_S:
                raise DeploymentFailedError(f"{self.stack} is still {status} after {TIMEOUT_S:.0f} s")
            time.sleep(self._poll_s)
        if status not in GOOD:
            raise DeploymentFailedError(f"{self.stack}: {status}\n" + "\n".join(self._reasons()))
        return self.outputs()

    def _reasons(self) -> list[str]:
        events = self._cloudformation.describe_stack_events(StackName=self.stack)["StackEvents"]
        failed = (event for event in events if event["ResourceStatus"].endswith("FAILED"))
        return [f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '?')}" for event in failed]

    def _status(self) -> str | None:
        try:
            return str(self._stack()["StackStatus"])
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise

    def _stack(self) -> dict[str, Any]:
        stack: dict[str, Any] = self._cloudformation.describe_stacks(StackName=self.stack)["Stacks"][0]
        return stack


def with_derived(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters, and the reserved concurrencies that follow from them: one more than run at a time."""
    fleet, each = int(parameters.get("JobFleetConcurrency", 10)), int(parameters.get("JobConcurrency", 5))
    shards = int(parameters.get("WebsocketShards", 1))
    derived = {
        "WorkerReservedConcurrency": str(math.ceil(fleet / each) + 1),
        "ManagerReservedConcurrency": str(shards + 1),
    }
    return derived | dict(parameters)


def read_parameters(file: Path | None, assignments: list[str]) -> dict[str, str]:
    """Parameters of a JSON file, then those given as `Name=value`."""
    values: dict[str, str] = json.loads(file.read_text()) if file else {}
    return values | dict(item.split("=", 1) for item in assignments)


def main() -> int:
    """Deploy; the exit status is 1 when it failed."""
    parser = argparse.ArgumentParser(prog="python -m infra.aws.deploy", description=__doc__.partition("\n")[0])
    parser.add_argument("--stack", default="queuecraft")
    parser.add_argument("--parameters", type=Path, help="JSON file, such as infra/aws/parameters/prod.json")
    parser.add_argument("--package", type=Path, default=package.OUT)
    parser.add_argument("--dashboard", type=Path, default=Path("frontend/dist"))
    parser.add_argument("assignments", nargs="*", metavar="Name=value")
    arguments = parser.parse_args()
    clients = session(os.environ)
    parameters = with_derived(read_parameters(arguments.parameters, arguments.assignments))
    deployer = Deployer(clients, arguments.stack, url=endpoint(os.environ))
    try:
        secrets.check(clients.client("ssm"), arguments.stack, with_redis=parameters.get("Redis") == "outside")
        outputs = deployer.deploy(arguments.package, parameters)
        if "DashboardUrl" in outputs and "FrontendUrl" not in parameters:
            outputs = deployer.deploy(arguments.package, {**parameters, "FrontendUrl": outputs["DashboardUrl"]})
        publish(clients, outputs, arguments.stack, arguments.dashboard)
        made = deployer.call_worker("create-operator")
        deployer.call_worker("register-tasks")
    except (DeploymentFailedError, secrets.MissingSecretError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, value in sorted(outputs.items()):
        sys.stdout.write(f"{name:<28}{value}\n")
    if made["created"]:
        sys.stdout.write(
            f"The operator was made; its password is shown only once: {made['email']} {made['password']}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
