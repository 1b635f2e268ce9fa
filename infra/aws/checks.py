"""Checks before a deployment: what would make CloudFormation fail after minutes, or the functions fail later."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pymongo import MongoClient
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from infra.aws import secrets

#: Lambda keeps this many executions for functions without reserved concurrency.
#: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
UNRESERVED = 100
MAX_NAME = 64
#: Time limit for an answer of a database.
TIMEOUT_MS = 5_000
TIMEOUTS = ("serverSelectionTimeoutMS", "connectTimeoutMS", "socketTimeoutMS")
#: Wire version of MongoDB 6.0.
MONGODB_6 = 17
#: One action for each kind of resource in the template.
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
    """Raised when a deployment would fail; the text lists every problem and its remedy."""


def check(
    clients: Any,
    stack: str,
    values: Mapping[str, str],
    previous: Mapping[str, str],
    say: Callable[[str], None],
    pools: Mapping[str, int],
) -> None:
    """Raise ChecksFailedError unless the stack can be made with these parameters; `previous` are its current ones,
    `pools` the executions that it reserves for functions without a parameter.

    Costs a few calls to AWS and a connection to MongoDB, at most ten seconds if that does not answer.
    """
    problems = [
        *domain(values),
        *names(pools),
        *quota(clients.client("lambda"), values, previous, pools),
        *permissions(clients, values, say),
        *stored(clients.client("ssm"), stack, values, say),
    ]
    if problems:
        raise ChecksFailedError("Nothing was changed.\n" + "\n".join(f"  - {problem}" for problem in problems))


def domain(values: Mapping[str, str]) -> Iterator[str]:
    """Yield a problem if a custom domain has no certificate that CloudFront can use."""
    name, certificate = values.get("DomainName", ""), values.get("CertificateArn", "")
    if bool(name) != bool(certificate):
        yield "DomainName and CertificateArn go together: give both or none"
    elif certificate and ":us-east-1:" not in certificate:
        yield f"CloudFront accepts certificates of us-east-1 only, not {certificate}"


def names(functions: Iterable[str]) -> Iterator[str]:
    """Yield a problem for each name of a function that Lambda does not take."""
    for name in functions:
        if len(name) > MAX_NAME:
            yield f"The name {name} has {len(name)} characters, and Lambda takes {MAX_NAME}: shorten that of its pool"


def quota(
    functions: Any, values: Mapping[str, str], previous: Mapping[str, str], pools: Mapping[str, int]
) -> Iterator[str]:
    """Yield a problem if the account cannot reserve as many executions as the stack needs; new accounts have ten in
    all.
    """
    limit = functions.get_account_settings()["AccountLimit"]
    total, free = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]
    wanted = sum(int(values[name]) for name in RESERVING if values.get(name))
    more = wanted - sum(int(previous[name]) for name in RESERVING if previous.get(name))
    more += sum(executions - _reserved(functions, name) for name, executions in pools.items())
    kept = min(UNRESERVED, total)
    if free - more < kept:
        yield (
            f"The account may run {total} concurrent Lambda executions in this region, {free} of them unreserved. The "
            f"stack reserves {more} more, and {kept} must stay unreserved. Ask for more in Service Quotas (Lambda, "
            f"Concurrent executions: 1,000 is AWS's own default), or lower JobFleetConcurrency or a pool's fleet"
        )


def _reserved(functions: Any, name: str) -> int:
    """Return the executions that a function has reserved; 0 if it does not exist."""
    try:
        return int(functions.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions", 0))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return 0
        raise


def permissions(clients: Any, values: Mapping[str, str], say: Callable[[str], None]) -> Iterator[str]:
    """Yield the permissions that the caller lacks, by IAM's simulator, which does not know policies of an
    organisation.
    """
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
    """Yield a problem if a secret of the stack is missing, or its database is unsuitable."""
    try:
        secrets.check(ssm, stack, with_redis=values.get("Redis") == "outside")
    except secrets.MissingSecretError as error:
        yield str(error)
        return
    yield from database(secrets.get(ssm, stack, "MONGODB_URI") or "", say)


def database(uri: str, say: Callable[[str], None]) -> Iterator[str]:
    """Yield a problem unless MongoDB is a replica set of version 6 or newer.

    Lambda may reach a server that this host cannot.
    """
    try:
        nodes = parse_uri(uri)["nodelist"]
    except (ConfigurationError, InvalidURI, ValueError) as error:
        yield f"MONGODB_URI cannot be used: {error}"
        return
    if any(host in {"localhost", "127.0.0.1", "::1"} for host, _ in nodes):
        yield "MONGODB_URI names this computer, which Lambda cannot reach"
        return
    yield from server(uri, say)


def server(uri: str, say: Callable[[str], None]) -> Iterator[str]:
    """Yield a problem if the server at `uri` does not meet the requirements."""
    times: dict[str, Any] = dict.fromkeys(TIMEOUTS, TIMEOUT_MS)
    client: MongoClient[dict[str, Any]] | None = None
    try:
        client = MongoClient(uri, **times)
        hello = client.admin.command("hello")
    except OperationFailure as error:
        yield f"MongoDB refuses MONGODB_URI: {_why(error)}"
        return
    except PyMongoError as error:
        say(f"MongoDB was not reached from here; Lambda may still reach it: {type(error).__name__}")
        return
    finally:
        if client is not None:
            client.close()
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        yield "MongoDB must be a replica set (6 or newer), not a standalone server"
    elif hello["maxWireVersion"] < MONGODB_6:
        yield "MongoDB must be version 6 or newer"


def _principal(clients: Any, caller: str) -> str:
    """Return the user or role of a session: for `arn:aws:sts::1:assumed-role/deployer/ci` the role `deployer`."""
    if ":assumed-role/" not in caller:
        return caller
    name = caller.partition(":assumed-role/")[2].partition("/")[0]
    return str(clients.client("iam").get_role(RoleName=name)["Role"]["Arn"])


def _why(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
