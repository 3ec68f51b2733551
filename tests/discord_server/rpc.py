"""Carries the methods of `Control` over HTTP, by their own annotations.

Every public coroutine method of `Control` is reached at POST /_control/<name> with its arguments as
one JSON object; the answer is the JSON of its result. Results and dataclass arguments are rebuilt
on the other side by pydantic, so both sides hold the same types.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, TypeAdapter, create_model

from tests.discord_server.control import Control
from tests.discord_server.errors import ControlError, NotConnectedError, NotSeenError

ERRORS: dict[str, type[ControlError]] = {
    kind.__name__: kind for kind in (ControlError, NotConnectedError, NotSeenError)
}


class Method:
    """One control method: its name, its arguments, its result."""

    def __init__(self, name: str, function: Callable[..., Awaitable[Any]]) -> None:
        hints = get_type_hints(function)
        self.name = name
        self.function = function
        self.signature = inspect.signature(function)
        self.result: TypeAdapter[Any] = TypeAdapter(hints["return"])
        fields: dict[str, Any] = {
            parameter.name: (
                hints[parameter.name],
                ... if parameter.default is parameter.empty else parameter.default,
            )
            for parameter in list(self.signature.parameters.values())[1:]
        }
        config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64", extra="forbid")
        self._arguments: type[BaseModel] = create_model(name, __config__=config, **fields)

    def write_arguments(self, *args: Any, **kwargs: Any) -> bytes:
        """Turn a call into JSON."""
        bound = self.signature.bind(None, *args, **kwargs).arguments
        model = self._arguments(**dict(list(bound.items())[1:]))
        return model.model_dump_json(exclude_unset=True).encode()

    async def carry_out(self, control: Control, raw: bytes) -> bytes:
        """Turn JSON into a call, and its result into JSON."""
        model = self._arguments.model_validate_json(raw or b"{}")
        arguments = {name: getattr(model, name) for name in model.model_fields_set}
        return self.result.dump_json(await self.function(control, **arguments))


METHODS = {
    name: Method(name, function)
    for name, function in inspect.getmembers(Control, inspect.iscoroutinefunction)
    if not name.startswith("_")
}
