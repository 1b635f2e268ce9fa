"""Routes of a project that know their caller: declared as QueueCraft's own are, with models, rights and API keys.

from queuecraft.app import app
from queuecraft.routes import PERSONS, Call, Output, Routes

class Greeting(Output):
    text: str

routes = Routes(__name__, tag="Shop")

@routes.get("/shop/greeting", answer=Greeting, scope=PERSONS)
def greeting(call: Call) -> Greeting:
    \"\"\"Greet the caller.\"\"\"
    return Greeting(text=f"Hello, {call.principal.user_id}")

app.register_blueprint(routes.blueprint)
"""

from chalicelib.api.call import Call, Input, Output, Reply
from chalicelib.api.routing import ANY_KEY, PERSONS, Auth, KeyScope, Routes
from chalicelib.domain.principals import Permission

__all__ = ["ANY_KEY", "PERSONS", "Auth", "Call", "Input", "KeyScope", "Output", "Permission", "Reply", "Routes"]
