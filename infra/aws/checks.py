"""What is looked at before anything is created: what would make CloudFormation give up after minutes, or the functions
fail after that."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pymongo import MongoClient
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from infra.aws import secrets

#: Lambda keeps this many executions for functions that reserve none.
#: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
UNRESERVED = 100
#: How long a database may take to answer.
TIMEOUT_MS = 5_000
TIMEOUTS = ("serverSelectionTimeoutMS", "connectTimeoutMS", "socketTimeoutMS")
#: Wire version of MongoDB 6.0.
MONGODB_6 = 17
#: One action for each kind of resource that the template makes.
ACTIONS = (
    "cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:CreateChangeSet", "s3:CreateBucket",
    "s3:PutObject", "lambda:CreateFunction", "lambda:PutFunctionConcurrency", "lambda:InvokeFunction", "iam:CreateRole",
    "iam:PutRolePolicy", "iam:PassRole", "apigateway:POST", "events:PutRule", "logs:CreateLogGroup", "sns:CreateTopic",
    "cloudwatch:PutMetricAlarm", "cloudwatch:PutDashboard", "ssm:PutParameter",
)  # fmt: skip
ACTIONS_OF_ELASTICACHE = (
    "elasticache:CreateServerlessCache", "ec2:CreateVpc", "ec2:CreateSubnet", "ec2:CreateNatGateway",
    "ec2:AllocateAddress", "ec2:CreateSecurityGroup",
)  # fmt: skip
ACTIONS_OF_DASHBOARD = ("cloudfront:CreateDistribution", "cloudfront:CreateFunction")
RESERVING = ("WorkerReservedConcurrency", "ManagerReservedConcurrency")


class ChecksFailedError(RuntimeError):
    """Raised when a deployment would fail; the text lists everything that is amiss, with what to do."""


def check(
    clients: Any, stack: str, values: Mapping[str, str], previous: Mapping[str, str], say: Callable[[str], None]
) -> None:
    """ChecksFailedError unless the stack can be made with these parameters; `previous` are those it has now.

    Costs a few calls of AWS and a connection to MongoDB, at most ten seconds where that does not answer.
    """
    problems = [
        *domain(values),
        *quota(clients.client("lambda"), values, previous),
        *permissions(clients, values, say),
        *stored(clients.client("ssm"), stack, values, say),
    ]
    if problems:
        raise ChecksFailedError("Nothing was changed.\n" + "\n".join(f"  - {problem}" for problem in problems))


def domain(values: Mapping[str, str]) -> Iterator[str]:
    """A domain of one's own goes with a certificate that CloudFront can use."""
    name, certificate = values.get("DomainName", ""), values.get("CertificateArn", "")
    if bool(name) != bool(certificate):
        yield "DomainName and CertificateArn go together: give both or none"
    elif certificate and ":us-east-1:" not in certificate:
        yield f"CloudFront takes certificates of us-east-1 alone, not {certificate}"


def quota(functions: Any, values: Mapping[str, str], previous: Mapping[str, str]) -> Iterator[str]:
    """The account lets as many executions be reserved as the stack wants; new accounts have ten in all."""
    limit = functions.get_account_settings()["AccountLimit"]
    total, free = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]
    wanted = sum(int(values[name]) for name in RESERVING if values.get(name))
    more = wanted - sum(int(previous[name]) for name in RESERVING if previous.get(name))
    kept = min(UNRESERVED, total)
    if free - more < kept:
        yield (
            f"The account may run {total} Lambda executions at once in this region, {free} of them not reserved. The "
            f"stack reserves {more} more, and {kept} must stay. Ask for more in Service Quotas (Lambda, Concurrent "
            f"executions: 1,000 is AWS's own default), or lower JobFleetConcurrency"
        )


def permissions(clients: Any, values: Mapping[str, str], say: Callable[[str], None]) -> Iterator[str]:
    """The caller may do what the template needs, as far as IAM's simulator tells; it knows no organisation's rules."""
    actions = [*ACTIONS]
    actions += ACTIONS_OF_ELASTICACHE if values.get("Redis") == "elasticache" else ()
    actions += ACTIONS_OF_DASHBOARD if values.get("Dashboard") == "true" else ()
    actions += ("iam:AttachRolePolicy",) if values.get("WorkerPolicies") else ()
    caller = clients.client("sts").get_caller_identity()["Arn"]
    if caller.endswith(":root"):
        return
    try:
        answer = clients.client("iam").simulate_principal_policy(
            PolicySourceArn=_principal(clients, caller), ActionNames=actions
        )
    except (BotoCoreError, ClientError) as error:
        say(f"Permissions of {caller} were not checked: {_why(error)}")
        return
    denied = [result["EvalActionName"] for result in answer["EvaluationResults"] if result["EvalDecision"] != "allowed"]
    if denied:
        yield f"{caller} may not {', '.join(sorted(denied))}"


def stored(ssm: Any, stack: str, values: Mapping[str, str], say: Callable[[str], None]) -> Iterator[str]:
    """The stack's secrets are there, and the database is one that the functions can work with."""
    try:
        secrets.check(ssm, stack, with_redis=values.get("Redis") == "outside")
    except secrets.MissingSecretError as error:
        yield str(error)
        return
    yield from database(secrets.get(ssm, stack, "MONGODB_URI") or "", say)


def database(uri: str, say: Callable[[str], None]) -> Iterator[str]:
    """MongoDB is a replica set of version 6 or newer. One that cannot be reached from here may still be from Lambda."""
    try:
        nodes = parse_uri(uri)["nodelist"]
    except (ConfigurationError, InvalidURI, ValueError) as error:
        yield f"MONGODB_URI cannot be used: {error}"
        return
    if any(host in {"localhost", "127.0.0.1", "::1"} for host, _ in nodes):
        yield "MONGODB_URI names this computer, which Lambda does not reach"
        return
    yield from server(uri, say)


def server(uri: str, say: Callable[[str], None]) -> Iterator[str]:
    """What the server at `uri` says of itself is good enough."""
    times: dict[str, Any] = dict.fromkeys(TIMEOUTS, TIMEOUT_MS)
    client: MongoClient[dict[str, Any]] | None = None
    try:
        client = MongoClient(uri, **times)
        hello = client.admin.command("hello")
    except OperationFailure as error:
        yield f"MongoDB refuses MONGODB_URI: {_why(error)}"
        return
    except PyMongoError as error:
        say(f"MongoDB was not reached from here, which tells nothing of Lambda: {type(error).__name__}")
        return
    finally:
        if client is not None:
            client.close()
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        yield "MongoDB must be a replica set (6 or newer), not a standalone server"
    elif hello["maxWireVersion"] < MONGODB_6:
        yield "MongoDB must be version 6 or newer"


def _principal(clients: Any, caller: str) -> str:
    """The user or role behind a session: `arn:aws:sts::1:assumed-role/deployer/ci` is the role `deployer`."""
    if ":assumed-role/" not in caller:
        return caller
    name = caller.partition(":assumed-role/")[2].partition("/")[0]
    return str(clients.client("iam").get_role(RoleName=name)["Role"]["Arn"])


def _why(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
