"""Every table, and what is personal in it: the one place that says so.

The export, `/privacy erase`, the erasing of servers, `/privacy about` and `docs/privacy.md` all
follow from these declarations. A test compares them with the tables of the database, column by
column, so that whoever adds a table or a column has to say here what it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.personal import PICTURES as PICTURES_NAME
from bot.domain.personal import SOURCES as SOURCES_NAME
from bot.domain.personal import Fate
from bot.speech import N_
from bot.storage.personal_table import Departure, Person, PersonalTable

JOBS = PersonalTable(
    name="jobs",
    what=N_("your jobs: prompt and options, place and time, and how each ended"),
    kept=N_("until you erase them"),
    seen_by=N_("you; others see what I posted in the channel"),
    people=(
        Person(
            exported="id guild_id channel_id application_id can_post can_read_history "
            "upload_limit_bytes request images status fair_tag created_at_ms attempts "
            "submitted_at_ms provider_job_id due_at_ms output used end_reason end_detail "
            "cancel_requested_at_ms ready_at_ms finished_at_ms acknowledgement_id "
            "post_started_at_ms message_id message_channel_id told_at_ms pointed_out_at_ms "
            "private_progress flagged removed_at_ms surcharge times_unreached times_lost "
            "model_id message_deleted_at_ms favourited_at_ms hidden_at_ms search_due reused "
            "locale own_locale remarks",
            fate=Fate.DELETED,
            moment="created_at_ms",
            only="finished_at_ms IS NOT NULL",
        ),
        Person(
            column="removed_by",
            exported="id guild_id removed_at_ms",
            fate=Fate.KEPT,
            because=N_("who took somebody's picture down answers for it"),
        ),
    ),
    withheld={"interaction_token": "a key to Discord that dies after 15 minutes"},
    departure=Departure(
        fate=Fate.REDUCED,
        because="the jobs stay yours, without the server, the channel and the messages",
        only="finished_at_ms IS NOT NULL",
        sets="guild_id = 0, channel_id = 0, acknowledgement_id = NULL, message_id = NULL, "
        "message_channel_id = NULL, removed_by = NULL, "
        "pointed_out_at_ms = coalesce(pointed_out_at_ms, finished_at_ms)",
    ),
)

PICTURES = PersonalTable(
    name=PICTURES_NAME,
    key="job_id, position",
    what=N_("my copies of your pictures"),
    kept=N_("as long as the operator set, and as there is room"),
    seen_by=N_("you; others see what I posted in the channel"),
    goes_with="jobs",
    people=(
        Person(
            column="job_id",
            exported="job_id position sha256 media_type width height size_bytes blank kept_at_ms",
            fate=Fate.DELETED,
            because="the file stays if another member's job made exactly the same one",
        ),
    ),
)

SOURCES = PersonalTable(
    name=SOURCES_NAME,
    key="job_id, position",
    what=N_("pictures you gave me, or that I made for you, to start another picture from; masks"),
    kept=N_("as long as the operator set, and as there is room"),
    seen_by=N_("the image service; others see what was made of them"),
    people=(
        Person(
            exported="job_id position sha256 media_type width height size_bytes kept_at_ms",
            fate=Fate.DELETED,
            because="the file stays if another member gave exactly the same one",
            moment="kept_at_ms",
        ),
    ),
)

LEDGER = PersonalTable(
    name="ledger",
    key="job_id",
    what=N_("how many images you ordered, where and when: your quota"),
    kept=N_("until you erase it"),
    seen_by=N_("you; moderators see sums"),
    people=(
        Person(
            exported="job_id guild_id images reserved_at_ms settled_at_ms refunded_at_ms granted "
            "waived_at_ms",
            fate=Fate.REDUCED,
            because=N_(
                "the last 24 hours stay for that long, as bare numbers without the job they "
                "were for, since erasing is no way to get the quota back"
            ),
            moment="reserved_at_ms",
        ),
    ),
    departure=Departure(moment="reserved_at_ms", because="but for the last 24 hours"),
)

GUILD_SETTINGS = PersonalTable(
    name="guild_settings",
    key="guild_id, scope, place_id, setting",
    what=N_("which moderator set which rule of a server, and when"),
    kept=N_("until the rule is changed or the server removes the bot"),
    seen_by=N_("the server's moderators"),
    people=(
        Person(
            column="set_by",
            exported="guild_id scope place_id setting value set_at_ms",
            fate=Fate.KEPT,
            because=N_("a server must know who answers for its rules"),
        ),
    ),
    departure=Departure(),
)

AUDIT = PersonalTable(
    name="audit",
    what=N_("what moderators did in a server, and to whom"),
    kept=N_("until the server removes the bot"),
    seen_by=N_("the server's moderators"),
    people=(
        Person(
            column="actor_id",
            exported="id guild_id act at_ms user_id job_id reason details",
            fate=Fate.KEPT,
            because=N_("moderators answer for what they did"),
        ),
        Person(
            exported="id guild_id act at_ms job_id reason",
            fate=Fate.KEPT,
            because=N_("what a moderator did to you stays on the moderators' record"),
        ),
    ),
    departure=Departure(),
)

GRANTS = PersonalTable(
    name="grants",
    what=N_("extra images that moderators gave you"),
    kept=N_("until you erase them"),
    seen_by=N_("you; the server's moderators"),
    people=(
        Person(
            exported="id guild_id user_id images granted_at_ms expires_at_ms",
            fate=Fate.DELETED,
            because="what is left of them is lost",
            moment="granted_at_ms",
        ),
    ),
    departure=Departure(),
)

GRANT_USES = PersonalTable(
    name="grant_uses",
    key="grant_id, job_id",
    what=N_("which of your jobs took how much of those"),
    kept=N_("as long as the grant"),
    seen_by=N_("nobody"),
    goes_with="grants",
    people=(Person(column="grant_id", exported="grant_id job_id images", fate=Fate.DELETED),),
)

BLOCKS = PersonalTable(
    name="blocks",
    key="guild_id, user_id",
    what=N_("who may not make pictures in a server, since when, and why"),
    kept=N_("until the block is lifted or the server removes the bot"),
    seen_by=N_("the blocked member; the server's moderators"),
    people=(
        Person(
            exported="guild_id user_id blocked_at_ms until_ms reason",
            fate=Fate.KEPT,
            because=N_("erasing is no way out of a block"),
        ),
        Person(
            column="blocked_by",
            exported="guild_id user_id blocked_at_ms until_ms reason",
            fate=Fate.KEPT,
            because=N_("moderators answer for what they did"),
        ),
    ),
    departure=Departure(),
)

REPORTS = PersonalTable(
    name="reports",
    key="job_id, reporter_id",
    what=N_("pictures you reported to moderators, and why"),
    kept=N_("until you erase them or the server removes the bot"),
    seen_by=N_("the server's moderators"),
    people=(
        Person(
            column="reporter_id",
            exported="job_id reporter_id guild_id reported_at_ms reason",
            fate=Fate.DELETED,
            because="what moderators were shown of it stays in their channel",
            moment="reported_at_ms",
        ),
    ),
    departure=Departure(),
)

LOG_POSTS = PersonalTable(
    name="log_posts",
    key="job_id",
    what=N_("where your pictures stand in the channel of a server's moderators"),
    kept=N_("until you erase the job or the server removes the bot"),
    seen_by=N_("the server's moderators"),
    goes_with="jobs",
    people=(
        Person(
            column="job_id",
            exported="job_id guild_id channel_id message_id logged_at_ms",
            fate=Fate.DELETED,
            because="the message itself stays in that channel",
        ),
    ),
    departure=Departure(),
)

PROMPT_RULES = PersonalTable(
    name="prompt_rules",
    what=N_("which moderator forbade which words in a server's prompts, and when"),
    kept=N_("until the rule is removed or the server removes the bot"),
    seen_by=N_("the server's moderators"),
    people=(
        Person(
            column="set_by",
            exported="id guild_id kind text set_by set_at_ms",
            fate=Fate.KEPT,
            because=N_("a server must know who answers for its rules"),
        ),
    ),
    departure=Departure(),
)

HISTORY_FILTERS = PersonalTable(
    name="history_filters",
    what=N_("what you looked for in `/history`, while its pages are open"),
    kept=N_("a week"),
    seen_by=N_("nobody"),
    people=(
        Person(exported="id user_id wanted kept_at_ms", fate=Fate.DELETED, moment="kept_at_ms"),
    ),
)

OWN_DEFAULTS = PersonalTable(
    name="own_defaults",
    key="user_id, option",
    what=N_("what you set with `/defaults` for options you leave out"),
    kept=N_("until you clear or erase them"),
    seen_by=N_("you"),
    people=(
        Person(
            exported="user_id option value set_at_ms",
            fate=Fate.DELETED,
            moment="set_at_ms",
        ),
    ),
)

PRESETS = PersonalTable(
    name="presets",
    key="user_id, guild_id, name_key",
    what=N_("the presets you saved, for yourself or for a server"),
    kept=N_("until you delete or erase them; a server's also until it removes the bot"),
    seen_by=N_("you; a server's: its members"),
    people=(
        Person(
            exported="user_id guild_id name_key name attributes template saved_at_ms",
            fate=Fate.DELETED,
            moment="saved_at_ms",
        ),
        Person(
            column="saved_by",
            exported="user_id guild_id name_key name attributes template saved_at_ms",
            fate=Fate.REDUCED,
            because=N_("a server's presets stay its own, without your id"),
            moment="saved_at_ms",
            sets="saved_by = 0",
        ),
    ),
    departure=Departure(),
)

DRAFTS = PersonalTable(
    name="drafts",
    what=N_(
        "what you typed into the form and could not have so, until you mend it; and what you had "
        "the form filled in with from somebody's file"
    ),
    kept=N_("a week"),
    seen_by=N_("you"),
    people=(
        Person(exported="id user_id draft kept_at_ms", fate=Fate.DELETED, moment="kept_at_ms"),
    ),
)

ERASURES = PersonalTable(
    name="erasures",
    key="user_id",
    what=N_("your wish to be erased"),
    kept=N_("until it is fulfilled, seconds later"),
    seen_by=N_("nobody"),
    people=(Person(exported="user_id asked_at_ms", fate=Fate.DELETED, moment="asked_at_ms"),),
)

PERSONAL = (
    JOBS,
    PICTURES,
    SOURCES,
    LEDGER,
    GRANTS,
    GRANT_USES,
    BLOCKS,
    REPORTS,
    LOG_POSTS,
    GUILD_SETTINGS,
    PROMPT_RULES,
    AUDIT,
    HISTORY_FILTERS,
    OWN_DEFAULTS,
    PRESETS,
    DRAFTS,
    ERASURES,
)

SEARCH_INDEXES = ("job_search",)
"""Indexes of words (FTS5) over these tables. They follow their rows; erasing merges them too."""

IMPERSONAL: Mapping[str, str] = {
    "fair_clock": "one number: how far the queue has come",
    "marks": "small values of the program itself",
    "models": "the image service's public list of models",
    "servers": "which servers the bot is in, and when one removed it",
}
"""Tables that name no member, and what they hold instead."""


def exports() -> Iterator[tuple[str, PersonalTable, Person]]:
    """Yield what an export consists of, each part with a name of its own.

    Rows about the member bear their table's name; rows of what they did to others add how so.
    """
    for table in PERSONAL:
        for person in table.people:
            is_subject = person.column == "user_id" or len(table.people) == 1
            yield table.name if is_subject else f"{table.name}-{person.column}", table, person
