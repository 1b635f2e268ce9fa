"""CloudFormation for SAM templates: moto makes the resources that it knows; functions and APIs run here already."""

import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from multidict import CIMultiDict

from infra.local.aws_endpoint import sam
from infra.local.aws_endpoint.moto import AS_S3, Moto
from infra.local.http.http1 import Request, Response

#: Calls that have a template.
ACTIONS = frozenset({"CreateStack", "UpdateStack", "CreateChangeSet"})
FORM = "application/x-www-form-urlencoded"


class CloudFormation:
    """Passes calls on to moto, templates transformed."""

    def __init__(self, moto: Moto) -> None:
        self._moto = moto
        #: The values of parameters at the last call, by stack: for those that are to keep theirs.
        self._parameters: dict[str, dict[str, str]] = {}

    @staticmethod
    def serves(request: Request) -> bool:
        """Return whether this is a call with a template."""
        body = request.body or b""
        return (
            request.method == "POST"
            and request.lookup.get("content-type", "").startswith(FORM)
            and any(f"Action={action}&".encode() in b"%s&" % body[:4096] for action in ACTIONS)
        )

    async def respond(self, request: Request) -> Response:
        """Answer a call, as moto does with the template that it can read."""
        fields = dict(parse_qsl((request.body or b"").decode(), keep_blank_values=True))
        stack = fields.get("StackName", "")
        text = fields.get("TemplateBody") or await self._stored(request, fields.get("TemplateURL", ""))
        template = sam.parsed(text)
        if template is None:
            return await self._moto.respond(request)
        parameters = self._values(stack, fields)
        transformed = sam.transformed(template, parameters, stack)
        if transformed is None:
            return await self._moto.respond(request)
        fields.pop("TemplateURL", None)
        fields["TemplateBody"] = json.dumps(transformed)
        response = await self._moto.respond(replace(request, body=urlencode(fields).encode()))
        if response.status == 200 and not await self._is_rolled_back(request, stack):
            self._parameters[stack] = parameters
        return response

    async def _is_rolled_back(self, request: Request, stack: str) -> bool:
        """Return whether the call failed after it had begun, so that the stack is as before."""
        asked = urlencode({"Action": "DescribeStacks", "Version": "2010-05-15", "StackName": stack}).encode()
        return b"ROLLBACK_COMPLETE" in (await self._moto.respond(replace(request, body=asked))).body

    async def _stored(self, request: Request, url: str) -> str:
        """Return the template at an address of S3, which the endpoint has; an empty text if there is none."""
        parts = urlsplit(url)
        bucket = parts.netloc.partition(".s3")[0] if ".s3" in parts.netloc else ""
        path = f"/{bucket}{parts.path}" if bucket else parts.path
        if len(path) < 2:
            return ""
        asked = replace(request, method="GET", target=path, headers=list(CIMultiDict(AS_S3).items()), body=b"")
        found = await self._moto.respond(asked)
        return found.body.decode(errors="replace") if found.status == 200 else ""

    def _values(self, stack: str, fields: dict[str, str]) -> dict[str, str]:
        """Return the given values of parameters, and the last ones of those that keep theirs."""
        last = self._parameters.get(stack, {})
        found: dict[str, str] = {}
        for key, name in fields.items():
            if key.startswith("Parameters.member.") and key.endswith(".ParameterKey"):
                value = fields.get(f"{key.removesuffix('.ParameterKey')}.ParameterValue", last.get(name))
                found |= {} if value is None else {name: value}
        return found
