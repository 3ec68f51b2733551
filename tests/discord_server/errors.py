"""What Discord answers when it refuses, and what the control interface raises.

DiscordError                sent to the bot as Discord's JSON error body
ControlError                raised to the test or benchmark
├── NotConnectedError       no bot is on the gateway to receive the event
└── NotSeenError            what was waited for did not happen in time
"""

from __future__ import annotations

from enum import Enum
from typing import Any

Json = dict[str, Any]
"""One decoded JSON object."""


class Refusal(Enum):
    """Status, code and words, as listed among Discord's JSON error codes."""

    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    NOT_FOUND = (404, 0, "404: Not Found")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_ANSWERED = (400, 40060, "Interaction has already been acknowledged.")
    TOO_MANY_FOLLOWUPS = (
        400,
        40094,
        "Maximum number of follow up messages reached for this interaction.",
    )
    MISSING_ACCESS = (403, 50001, "Missing Access")
    NOT_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    CANNOT_DM = (403, 50007, "Cannot send messages to this user")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    INVALID_TOKEN = (401, 50027, "Invalid Webhook Token")
    INVALID_FORM = (400, 50035, "Invalid Form Body")
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")
    NO_REPLY_WITHOUT_HISTORY = (
        403,
        160002,
        "Cannot reply without permission to read message history",
    )


class DiscordError(Exception):
    """A refusal on its way to the bot."""

    def __init__(self, refusal: Refusal, *, errors: Json | None = None) -> None:
        self.status, self.code, self.message = refusal.value
        self.errors = errors
        super().__init__(self.message)

    def to_json(self) -> Json:
        """Shape it as Discord's error body."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


def invalid_form(path: str, code: str, message: str) -> DiscordError:
    """Refuse one field of a body; `path` names it with dots, as in `embeds.0.title`."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(path.split(".")):
        errors = {part: errors}
    return DiscordError(Refusal.INVALID_FORM, errors=errors)


class ControlError(Exception):
    """The server cannot do what the test asked of it."""


class NotConnectedError(ControlError):
    """No bot is connected that could receive the event."""


class NotSeenError(ControlError):
    """What was waited for did not happen in time."""
