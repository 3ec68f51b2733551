"""Discord's REST interface, as far as the bot uses it."""
