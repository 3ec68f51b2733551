"""The world in Discord's JSON shapes."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.discord_server.errors import Json
from tests.discord_server.ids import APPLICATION_ID, BOT_ID, OWNER_ID
from tests.discord_server.permissions import EVERY_PERMISSION, MEMBER_PERMISSIONS
from tests.discord_server.snowflakes import snowflake_time
from tests.discord_server.world import (
    PRIVATE_TYPES,
    THREAD_TYPES,
    Channel,
    Guild,
    Role,
    User,
    World,
)

JOINED_AT = "2026-01-01T00:00:00.000000+00:00"


def timestamp(seconds: float) -> str:
    """Write a unix time as Discord does."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def user_payload(user: User) -> Json:
    """Describe a user."""
    payload: Json = {
        "id": str(user.id),
        "username": user.name,
        "global_name": None if user.bot else user.name.title(),
        "discriminator": "0",
        "avatar": None,
        "public_flags": 0,
    }
    if user.bot:
        payload["bot"] = True
    return payload


def member_payload(user: User, *, role_ids: tuple[int, ...] = ()) -> Json:
    """Describe a user as a member of a guild."""
    return {
        "user": user_payload(user),
        "nick": None,
        "avatar": None,
        "roles": [str(role_id) for role_id in role_ids],
        "joined_at": JOINED_AT,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }


def role_payload(role: Role, position: int) -> Json:
    """Describe a role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(role.permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel_payload(channel: Channel, world: World) -> Json:
    """Describe a channel of any kind; the bot's permissions become an overwrite for its member."""
    if channel.kind in PRIVATE_TYPES:
        return _private_channel(channel, world)
    payload: Json = {
        "id": str(channel.id),
        "type": channel.kind,
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "parent_id": None if channel.parent_id is None else str(channel.parent_id),
        "nsfw": channel.nsfw,
        "flags": 0,
        "rate_limit_per_user": 0,
        "last_message_id": None,
    }
    if channel.kind in THREAD_TYPES:
        return payload | _thread_fields()
    overwrite = {
        "id": str(BOT_ID),
        "type": 1,
        "allow": str(channel.permissions),
        "deny": str(EVERY_PERMISSION & ~channel.permissions),
    }
    payload |= {"position": 0, "topic": None, "permission_overwrites": [overwrite]}
    if channel.kind == 15:
        payload["available_tags"] = []
    return payload


def _private_channel(channel: Channel, world: World) -> Json:
    people = [user_payload(world.users[user_id]) for user_id in channel.recipients]
    payload: Json = {
        "id": str(channel.id),
        "type": channel.kind,
        "flags": 0,
        "last_message_id": None,
        "recipients": people,
    }
    if channel.kind == 3:
        payload |= {"name": channel.name, "icon": None, "owner_id": str(OWNER_ID)}
    return payload


def _thread_fields() -> Json:
    return {
        "owner_id": str(OWNER_ID),
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": JOINED_AT,
            "create_timestamp": JOINED_AT,
            "locked": False,
        },
    }


def guild_payload(guild: Guild, world: World) -> Json:
    """Describe a guild as GUILD_CREATE does."""
    channels = world.guild_channels(guild.id)
    everyone = Role(guild.id, "@everyone", MEMBER_PERMISSIONS)
    roles = [role_payload(role, position) for position, role in enumerate([everyone, *guild.roles])]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "owner_id": str(guild.owner_id),
        "preferred_locale": guild.locale,
        "features": [],
        "roles": roles,
        "emojis": [],
        "stickers": [],
        "channels": [channel_payload(c, world) for c in channels if c.kind not in THREAD_TYPES],
        "threads": [channel_payload(c, world) for c in channels if c.kind in THREAD_TYPES],
        "members": [member_payload(world.users[BOT_ID])],
        "member_count": len(guild.member_ids),
        "joined_at": JOINED_AT,
        "large": False,
        "unavailable": False,
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        **_guild_settings(),
    }


def _guild_settings() -> Json:
    return {
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "afk_timeout": 300,
        "afk_channel_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "description": None,
        "banner": None,
        "splash": None,
        "discovery_splash": None,
    }


def application_payload(world: World) -> Json:
    """Describe the bot's application as GET /oauth2/applications/@me does."""
    return {
        "id": str(APPLICATION_ID),
        "name": world.users[BOT_ID].name,
        "icon": None,
        "description": "",
        "type": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user_payload(world.users[OWNER_ID]),
        "team": None,
        "bot": user_payload(world.users[BOT_ID]),
        "approximate_guild_count": len(world.joined_guilds()),
        "approximate_user_install_count": 0,
        "integration_types_config": {"0": {}, "1": {}},
        **world.application,
    }


def created_at(snowflake: int) -> str:
    """Write the time an id was made."""
    return timestamp(snowflake_time(snowflake))
