"""Deploy a package: `python -m infra.aws.deploy --stack NAME [--parameters FILE] [Name=value …]`.

Deploys to AWS with the caller's credentials, or to the endpoint in AWS_ENDPOINT_URL or LOCALSTACK_HOST, in the same
steps: check what would make it fail, upload what changed, create or update the stack, prepare the data, publish the
dashboard. Parameters that are not given keep their values in the stack. With `--plan` it shows what it would change,
and stops.
"""

import argparse
import json
import os
import secrets as random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.pools import DEFAULT_POOL
from infra.aws import checks, package, secrets, stack_parameters, zips
from infra.aws import plan as plans
from infra.aws.publish import publish
from infra.aws.session import NoRegionError, endpoint, session
from infra.local.deployed import project as projects
from infra.local.deployed.pools import function_name
from infra.local.deployed.project_file import ProjectFile

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
#: Seconds between two polls of a stack. LocalStack takes only a few.
POLL_S = {"aws": 3.0, "localstack": 0.2}
TIMEOUT_S = 3600.0
NO_UPDATES = "No updates are to be performed"
GOOD = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
GONE = {None, "DELETE_COMPLETE"}
#: States of a stack that can only be deleted.
NEVER_MADE = {"ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_FAILED"}
EXPECTED = (
    BotoCoreError, checks.ChecksFailedError, ClientError, NoRegionError, secrets.MissingSecretError,
    stack_parameters.UnknownParameterError, plans.PlanFailedError,
)  # fmt: skip


class DeploymentFailedError(RuntimeError):
    """Raised when CloudFormation could not create or update the stack; the text has its reasons."""


class Deployer:
    """Deploys one package to one stack."""

    def __init__(self, clients: Any, stack: str, *, url: str | None, say: Callable[[str], None] = print) -> None:
        self._cloudformation = clients.client("cloudformation")
        self._s3 = clients.client("s3")
        self._lambda = clients.client("lambda")
        self.account = clients.client("sts").get_caller_identity()["Account"]
        self.region = self._s3.meta.region_name
        self.bucket = f"{stack}-artefacts-{self.account}-{self.region}"
        self._url = url
        self._poll_s = POLL_S["localstack" if url else "aws"]
        self.stack = stack
        self.say = say

    def deploy(self, built: Path, parameters: Mapping[str, str]) -> dict[str, str]:
        """Create or update the stack; return its outputs. Raises DeploymentFailedError when CloudFormation fails.

        Parameters that are not given keep their values in the stack; a new stack gets the template's defaults.
        """
        declared = declared_parameters(built)
        template = self._upload(built)
        begun = time.monotonic()
        started = self._start(template, declared, parameters)
        outputs = self._wait(begun) if started else self.outputs()
        self.say(f"Stack {self.stack}: {'deployed' if started else 'nothing to change'}")
        return outputs

    def plan(self, built: Path, parameters: Mapping[str, str]) -> plans.Plan:
        """Return what `deploy` would change. Uploads the package for that. Raises `plans.PlanFailedError`."""
        declared, status = declared_parameters(built), self._status()
        if status in GONE | NEVER_MADE:
            stack_parameters.effective(declared, parameters, {})
            return plans.of_new(self.stack, json.loads((built / "template.json").read_text()))
        previous = self.parameters()
        request = {
            "StackName": self.stack, "TemplateURL": self._upload(built), "Capabilities": CAPABILITIES,
            "Parameters": stack_parameters.request(declared, parameters, previous),
        }  # fmt: skip
        return plans.of_update(self._cloudformation, self.stack, request, previous)

    def outputs(self) -> dict[str, str]:
        """Return the outputs of the stack by name."""
        return {item["OutputKey"]: item["OutputValue"] for item in self._stack().get("Outputs", [])}

    def parameters(self) -> dict[str, str]:
        """Return the current parameters of the stack; empty if it does not exist."""
        if self._status() in GONE:
            return {}
        return {item["ParameterKey"]: item["ParameterValue"] for item in self._stack().get("Parameters", [])}

    def call_worker(self, action: str, pool: str = DEFAULT_POOL, **more: str) -> dict[str, Any]:
        """Run an administrative action of a pool's worker; return its answer."""
        payload = json.dumps({"action": action, **more}).encode()
        answer = self._lambda.invoke(FunctionName=function_name(self.stack, pool), Payload=payload)
        result: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise DeploymentFailedError(f"The worker's {action} failed: {result.get('errorMessage', result)}")
        if result.get("failed"):
            reasons = "\n".join(f"- {module}: {reason}" for module, reason in sorted(result["failed"].items()))
            raise DeploymentFailedError(f"Deployed, but without the tasks of modules that failed to load:\n{reasons}")
        return result

    def register_tasks(self, built: Path) -> None:
        """Have each pool register its tasks: first add, then remove, so that one which moves is never missing."""
        pools = pools_of(built)
        # greater than that of every deployment before, also when this one rolls back to older code
        generation = str(time.time_ns() // 1_000_000)
        for pool in pools if len(pools) > 1 else ():
            self.call_worker("register-tasks", pool, generation=generation, adding="yes")
        for pool in pools:
            more = {"more": "yes"} if pool != pools[-1] else {}  # schedules are retired when all pools have theirs
            self.call_worker("register-tasks", pool, generation=generation, **more)

    def delete(self) -> None:
        """Delete the stack and wait until it is gone."""
        self._cloudformation.delete_stack(StackName=self.stack)
        deadline = time.monotonic() + TIMEOUT_S
        while self._status() not in GONE and time.monotonic() < deadline:
            time.sleep(self._poll_s)

    # Artefacts

    def _upload(self, built: Path) -> str:
        """Put the zips and the template into the stack's bucket, each under its digest; return the template's URL."""
        bucket = self.bucket
        self._ensure_bucket(bucket)
        template = json.loads((built / "template.json").read_text())
        keys = {f"./{path.name}": self._put(bucket, path) for path in built.glob("*.zip")}
        for resource in template["Resources"].values():
            if resource["Type"] == package.SAM_FUNCTION:
                uri = resource["Properties"]["CodeUri"]
                resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": keys[uri]}
        body = json.dumps(template, sort_keys=True, separators=(",", ":")).encode()
        key = "template.json"
        self._s3.put_object(Bucket=bucket, Key=key, Body=body, ExpectedBucketOwner=self.account)
        base = f"{self._url}/{bucket}" if self._url else f"https://{bucket}.s3.{self.region}.amazonaws.com"
        return f"{base}/{key}"

    def _ensure_bucket(self, bucket: str) -> None:
        try:
            self._s3.head_bucket(Bucket=bucket, ExpectedBucketOwner=self.account)
            return
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in {"403", "AccessDenied"}:
                raise DeploymentFailedError(
                    f"The bucket {bucket} belongs to another account, or this one may not access it. Nothing was "
                    f"uploaded; deploy under another stack name"
                ) from error
            if code not in {"404", "NoSuchBucket"}:
                raise
        elsewhere = self.region != "us-east-1"
        where = {"CreateBucketConfiguration": {"LocationConstraint": self.region}} if elsewhere else {}
        self._s3.create_bucket(Bucket=bucket, **where)
        closed = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
        self._s3.put_public_access_block(
            Bucket=bucket, PublicAccessBlockConfiguration=closed, ExpectedBucketOwner=self.account
        )

    def _put(self, bucket: str, path: Path) -> str:
        """Upload a zip unless it exists; return its key."""
        key = f"{path.stem}-{zips.digest(path)}.zip"
        try:
            self._s3.head_object(Bucket=bucket, Key=key, ExpectedBucketOwner=self.account)
        except ClientError:
            self.say(f"Uploading {path.name}, {path.stat().st_size / 1e6:.1f} MB")
            self._s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes(), ExpectedBucketOwner=self.account)
        return key

    # The stack

    def _start(self, template: str, declared: Mapping[str, Any], given: Mapping[str, str]) -> bool:
        """Start the creation or update; return False when there is nothing to change."""
        status = self._status()
        previous = self.parameters() if status not in GONE else {}
        request: dict[str, Any] = {"StackName": self.stack, "TemplateURL": template, "Capabilities": CAPABILITIES}
        if status in NEVER_MADE:
            self.say("Deleting the failed stack of the last attempt")
            self.delete()
        if status in GONE | NEVER_MADE:
            # parameters of a failed attempt count as given
            values = stack_parameters.effective(declared, given, previous)
            named = [{"ParameterKey": name, "ParameterValue": value} for name, value in sorted(values.items())]
            self._cloudformation.create_stack(**request, Parameters=named, OnFailure="ROLLBACK")
            return True
        try:
            self._cloudformation.update_stack(**request, Parameters=stack_parameters.request(declared, given, previous))
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


def declared_parameters(built: Path) -> dict[str, Any]:
    """Return the parameters that a package's template declares, by name."""
    declared: dict[str, Any] = json.loads((built / "template.json").read_text()).get("Parameters", {})
    return declared


def pool_concurrency(built: Path, stack: str) -> dict[str, int]:
    """Return the executions that a package reserves without a parameter, by function of the stack."""
    template = json.loads((built / "template.json").read_text())
    functions = [each["Properties"] for each in template["Resources"].values() if each["Type"] == package.SAM_FUNCTION]
    return {
        each["FunctionName"]["Fn::Sub"].replace("${AWS::StackName}", stack): each["ReservedConcurrentExecutions"]
        for each in functions
        if isinstance(each.get("ReservedConcurrentExecutions"), int)
    }


def pools_of(built: Path) -> list[str]:
    """Return the names of a package's pools, the default one first."""
    template = json.loads((built / "template.json").read_text())
    return [DEFAULT_POOL, *json.loads(template["Globals"]["Function"]["Environment"]["Variables"].get("POOLS", "{}"))]


def prepare(ssm: Any, deployer: Deployer, built: Path, *, upgraded: bool) -> None:
    """Prepare the databases: indexes, the operator if there is none, tasks.

    The operator's password is stored in SSM, not printed, because CI keeps the output. It is stored before it is
    used, so that an interrupted deployment loses nothing.
    """
    fresh = random.token_urlsafe(18)
    password = secrets.add(ssm, deployer.stack, secrets.OPERATOR_PASSWORD, fresh)
    more = {"upgraded": "yes"} if upgraded else {}
    made = deployer.call_worker("create-operator", password=password, **more)
    if made["created"]:
        name = secrets.path(deployer.stack, secrets.OPERATOR_PASSWORD)
        deployer.say(
            f"The operator, {made['email']}, was created. Read its password, log in, change it, and delete it here:\n"
            f"  aws ssm get-parameter --name {name} --with-decryption --query Parameter.Value --output text\n"
            f"  aws ssm delete-parameter --name {name}"
        )
    elif password == fresh:
        secrets.remove(ssm, deployer.stack, secrets.OPERATOR_PASSWORD)
    deployer.register_tasks(built)


def run(arguments: argparse.Namespace, say: Callable[[str], None], own: ProjectFile | None = None) -> dict[str, str]:
    """Deploy as the command line and the project's `own` file say; return the stack's outputs, none after a plan."""
    clients, url, stack = session(os.environ), endpoint(os.environ), arguments.stack
    given = {name: str(value) for name, value in own.parameters.items()} if own is not None else {}
    given |= stack_parameters.read(arguments.parameters, arguments.assignments)
    deployer = Deployer(clients, stack, url=url, say=say)
    doing = "Planning" if arguments.plan else "Deploying"
    say(f"{doing} {stack} in account {deployer.account}, region {deployer.region}")
    ssm, previous = clients.client("ssm"), deployer.parameters()
    values = stack_parameters.effective(declared_parameters(arguments.package), given, previous)
    if url is None:
        checks.check(clients, stack, values, previous, say, pool_concurrency(arguments.package, stack))
    else:
        secrets.check(ssm, stack, with_redis=values["Redis"] == "outside")
    if own is not None:
        secrets.check_own(ssm, stack, own.secrets)
    if arguments.plan:
        for line in deployer.plan(arguments.package, given).lines():
            say(line)
        return {}
    given["EdgeSecret"] = edge_secret(ssm, stack, given)
    outputs = deployer.deploy(arguments.package, given)
    prepare(ssm, deployer, arguments.package, upgraded=bool(previous))
    publish(clients, outputs, stack, arguments.dashboard)
    return outputs


def edge_secret(ssm: Any, stack: str, given: Mapping[str, str]) -> str:
    """Return the secret that CloudFront sends: the given one, else the stored one, else a new one.

    Functions read it from SSM.
    """
    if chosen := given.get("EdgeSecret"):
        secrets.put(ssm, stack, {"EDGE_SECRET": chosen})
        return chosen
    return secrets.add(ssm, stack, "EDGE_SECRET", random.token_hex(32))


def main(project: Path = package.ROOT, words: Sequence[str] | None = None) -> int:
    """Deploy; return exit status 1 on failure."""
    of = projects.of(project)
    parser = argparse.ArgumentParser(prog="python -m infra.aws.deploy", description=__doc__.partition("\n")[0])
    parser.add_argument("--stack", default=of.stack)
    parser.add_argument("--parameters", type=Path, help="JSON file, such as infra/aws/parameters/prod.json")
    parser.add_argument("--package", type=Path, default=package.OUT)
    parser.add_argument("--dashboard", type=Path, default=of.dashboard)
    parser.add_argument("--plan", action="store_true", help="show what would change, and stop")
    parser.add_argument("assignments", nargs="*", metavar="Name=value")
    try:
        outputs = run(parser.parse_intermixed_args(words), print, of.file)
    except (DeploymentFailedError, *EXPECTED) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for name, value in sorted(outputs.items()):
        sys.stdout.write(f"{name:<28}{value}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
