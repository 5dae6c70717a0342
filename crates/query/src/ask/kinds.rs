//! The kinds of questions: the ways each is asked, and what is made of it.
//!
//! A pattern is words and slots: `a|b` are alternatives, `[…]` may be left out, `{slot}` is filled from the question.
//! The first kind whose pattern takes all words wins, so narrow kinds stand before wide ones. The page
//! `docs/reference/questions.md` is made from this table.

use super::question::{Event, Question, Side};
use super::slots::Slots;
use super::verbs::Meaning;

/// One kind of question.
pub struct Kind {
    /// Stable: stands in answers as `kind`.
    pub name: &'static str,
    /// What it finds, for the reference.
    pub finds: &'static str,
    pub patterns: &'static [&'static str],
    /// An example, with slots that are filled with what was recognised.
    pub example: &'static str,
    pub build: fn(Slots) -> Option<Question>,
}

/// Every kind, narrow ones first.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "request",
        finds: "every signal with the correlation or trace id, oldest first",
        patterns: &[
            "what happened in|during|inside request|correlation|trace [id] {id}",
            "everything about|of|in|from request|correlation|trace [id] {id}",
            "request|correlation|trace [id] {id}",
        ],
        example: "what happened in request {id}",
        build: |slots| Some(Question::Request { id: slots.id? }),
    },
    Kind {
        name: "batch",
        finds: "the audit entries of one bulk operation, oldest first",
        patterns: &[
            "what did batch [id] {id} do|change|import|delete|update",
            "what happened in|during batch [id] {id}",
            "everything about|of|in batch [id] {id}",
            "batch [id] {id}",
        ],
        example: "what did batch {id} do",
        build: |slots| Some(Question::Batch { id: slots.id? }),
    },
    Kind {
        name: "session",
        finds: "every signal of one visit, oldest first",
        patterns: &[
            "what happened in|during session|visit [id] {id}",
            "everything about|of|in session|visit [id] {id}",
            "session|visit [id] {id}",
        ],
        example: "what happened in session {id}",
        build: |slots| Some(Question::Session { id: slots.id? }),
    },
    Kind {
        name: "failed_logins",
        finds: "audit entries of sign-ins that failed",
        patterns: &[
            "failed|unsuccessful|bad|wrong|rejected login|logins|logon|logons|sign-in|sign-ins|signin|signins [attempts] [of|by|for|from {actor}] [{when}]",
            "login|sign-in|logon failures|errors|attempts [of|by|for|from {actor}] [{when}]",
            "who failed|tried to log|sign in [{when}]",
            "who couldn't|cannot|can't log|sign in [{when}]",
            "who could not log|sign in [{when}]",
        ],
        example: "failed logins {when}",
        build: |slots| Some(Question::FailedLogins { actor: slots.actor, when: slots.when }),
    },
    Kind {
        name: "logins",
        finds: "audit entries of sign-ins that succeeded",
        patterns: &[
            "who logged|signed in [{when}]",
            "[successful] logins|logons|sign-ins|signins [of|by|for|from {actor}] [{when}]",
            "when did {actor} [last] log|sign in [{when}]",
            "did {actor} log|sign in [{when}]",
            "last login of|by {actor}",
        ],
        example: "who logged in {when}",
        build: |slots| Some(Question::Logins { actor: slots.actor, when: slots.when }),
    },
    Kind {
        name: "access_changes",
        finds: "audit entries of category `authorization`: permissions, roles, shares",
        patterns: &[
            "who has|had|made|got access|permission|permissions|role changes [on|of|for|to {target}] [{when}]",
            "access|permission|permissions|role|roles change|changes [of|for|to|on {target}] [by {actor}] [{when}]",
            "who changed|granted|revoked|gave access|permission|permissions|role|roles|rights [of|for|to|on {target}] [{when}]",
            "changes of|to|in access|permission|permissions|role|roles|rights [{when}]",
        ],
        example: "permission changes {when}",
        build: |slots| Some(Question::Access { target: slots.target, actor: slots.actor, when: slots.when }),
    },
    Kind {
        name: "errors",
        finds: "error events and log lines of level ERROR and above",
        patterns: &[
            "errors|failures|exceptions|problems [{when}]",
            "errors|failures|exceptions|problems of|in|from|on|at|with service {service} [{when}]",
            "errors|failures|exceptions|problems of|in|from|on|at|with {service} [{when}]",
            "what went wrong [{when}]",
            "what went wrong in|with|on|at {service} [{when}]",
            "what|which errors|exceptions did {service} have|log|report|throw [{when}]",
            "what failed|broke in|on|at {service} [{when}]",
            "{service} errors|exceptions [{when}]",
        ],
        example: "errors of {service} {when}",
        build: |slots| Some(Question::Errors { service: slots.service, when: slots.when }),
    },
    Kind {
        name: "busiest_actors",
        finds: "actors by their number of audit entries",
        patterns: &[
            "busiest|top actors|users|people|accounts|user|actor [{when}]",
            "most active|busy actors|users|people|accounts|user|actor [{when}]",
            "who did|does most [{when}]",
            "who is|was|were most active|busy [{when}]",
            "who is|was|were busiest [{when}]",
        ],
        example: "busiest actors {when}",
        build: |slots| Some(Question::Busiest { when: slots.when }),
    },
    Kind {
        name: "address",
        finds: "audit entries that came from an IP address",
        patterns: &[
            "everything|what|who [that] [came|happened|did|acted|was] [done] from [ip|address] {ip} [{when}]",
            "who used|uses|has|had [ip|address] {ip} [{when}]",
        ],
        example: "everything from {ip}",
        build: |slots| Some(Question::Address { ip: slots.ip?, when: slots.when }),
    },
    Kind {
        name: "before",
        finds: "every signal in the 15 minutes before an event, newest first",
        patterns: &[
            "what happened|came|was [right|just|shortly|immediately] [{duration}] before {event}",
            "what led to {event}",
        ],
        example: "what happened before {target} was {verb}",
        build: |slots| Some(Question::Near { event: slots.event?, side: Side::Before, within: slots.duration }),
    },
    Kind {
        name: "after",
        finds: "every signal in the 15 minutes after an event, oldest first",
        patterns: &["what happened|came|was [right|just|shortly|immediately] [{duration}] after {event}"],
        example: "what happened after {target} was {verb}",
        build: |slots| Some(Question::Near { event: slots.event?, side: Side::After, within: slots.duration }),
    },
    Kind {
        name: "around",
        finds: "every signal in the 5 minutes on each side of a moment or an event, oldest first",
        patterns: &[
            "what happened|was around|near|about|at {moment}",
            "what happened|was around|near|about {event}",
            "around|near {moment}",
        ],
        example: "what happened around 2026-11-20 14:00",
        build: |slots| {
            let event = slots.event.or(slots.moment.map(Event::At))?;
            Some(Question::Near { event, side: Side::Around, within: slots.duration })
        },
    },
    Kind {
        name: "field_changes",
        finds: "changes of one field of a thing, with its value before and after",
        patterns: &[
            "who {verb} {field} of|on|in|for {target} [{when}]",
            "when was {field} of|on|in|for {target} {verb} [{when}]",
            "changes of|to {field} of|on|in {target} [{when}]",
            "history of {field} of|on|in {target} [{when}]",
            "how did {field} of|on|in {target} change [{when}]",
        ],
        example: "who changed total of {target}",
        build: |slots| {
            let field = Some(slots.field?);
            Some(Question::Changes { target: slots.target?, field, actor: None, when: slots.when })
        },
    },
    Kind {
        name: "changes",
        finds: "all changed fields of a thing, with their values before and after",
        patterns: &[
            "what [has|was|were|been] changed|changes on|in|at|about|of|to|with|for {target} [{when}]",
            "what did {actor} change on|in|at|of|about {target} [{when}]",
            "who changed anything|something on|in|at|of|about {target} [{when}]",
            "changes [made] on|in|at|of|to {target} [by {actor}] [{when}]",
            "how did {target} change [{when}]",
            "how has {target} changed [{when}]",
        ],
        example: "what changed on {target}",
        build: |slots| {
            Some(Question::Changes { target: slots.target?, field: None, actor: slots.actor, when: slots.when })
        },
    },
    Kind {
        name: "reads",
        finds: "audit entries of category `access` about a thing",
        patterns: &[
            "who [has|had] {verb} {target} [{when}]",
            "who [has|had] looked at|into {target} [{when}]",
            "which|what user|users|actor|actors|people|person {verb} {target} [{when}]",
            "reads|accesses|views of|on|to {target} [{when}]",
        ],
        example: "who read {target}",
        build: |slots| {
            let reads = slots.verb.is_none_or(|verb| verb.meaning == Meaning::Read);
            let target = slots.target.filter(|_| reads)?;
            Some(Question::Reads { target, when: slots.when })
        },
    },
    Kind {
        name: "deed",
        finds: "audit entries that say that something was done to a thing: who, when, why",
        patterns: &[
            "who [has|had] {verb} {target} [{when}]",
            "who was it that {verb} {target} [{when}]",
            "which|what user|users|actor|actors|people|person {verb} {target} [{when}]",
            "when|why|how was|were {target} {verb} [by {actor}] [{when}]",
            "was|were|has|have {target} [been] {verb} [by {actor}] [{when}]",
            "by whom was|were {target} {verb} [{when}]",
            "when|why|how did {actor} {verb} {target} [{when}]",
            "did|has|have {actor} {verb} {target} [{when}]",
            "{verb} of {target} [{when}]",
        ],
        example: "who {verb} {target}",
        build: |slots| {
            let (verb, target) = (slots.verb?, slots.target?);
            Some(Question::Deed { verb, target, actor: slots.actor, when: slots.when })
        },
    },
    Kind {
        name: "history",
        finds: "all audit entries about a thing",
        patterns: &[
            "what happened|was|is to|with|about|on {target} [{when}]",
            "what was|were|has|have [been] done to|with|on {target} [{when}]",
            "[full|whole|complete] history of|for {target} [{when}]",
            "everything|entries [that] [happened|known] [about|on|of|to|with|for] {target} [{when}]",
            "who did something|anything to|with|on {target} [{when}]",
        ],
        example: "history of {target}",
        build: |slots| {
            // A bare address is an actor's.
            let target = slots.target.filter(|target| target.kind.is_some() || !target.id.contains('@'))?;
            Some(Question::History { target, when: slots.when })
        },
    },
    Kind {
        name: "deeds",
        finds: "audit entries that say that something was done to anything, or to any thing of a type",
        patterns: &[
            "what [was|were|got|has|have|things] [been] {verb} [by {actor}] [{when}]",
            "who [has|had] {verb} [something|anything|things|any] [{when}]",
            "who [has|had] {verb} [any|some] {type} [{when}]",
            "which|what {type} [was|were|got|has|have] [been] {verb} [by {actor}] [{when}]",
            "which|what {type} did|has|have {actor} {verb} [{when}]",
            "what did|has|have {actor} {verb} [{when}]",
            "what {actor} {verb} [{when}]",
            "did {actor} {verb} anything|something [{when}]",
            "{verb} {type} [by {actor}] [{when}]",
            "{verb} [by|of {actor}] [{when}]",
            "{type} {verb} by {actor} [{when}]",
            "{type} {verb} {when}",
        ],
        example: "what was {verb} {when}",
        build: |slots| {
            let Slots { verb, kind, actor, when, .. } = slots;
            Some(Question::Deeds { verb: verb?, kind, actor, when })
        },
    },
    Kind {
        name: "actor",
        finds: "all audit entries of an actor",
        patterns: &[
            "everything|anything|what [that] {actor} [has] did|done [{when}]",
            "what did|has|does {actor} do|done [{when}]",
            "what was|is {actor} doing [{when}]",
            "what was|is {actor} up to [{when}]",
            "activity|activities|actions|acts|entries|history|everything|deeds of|by|for|from|about {actor} [{when}]",
        ],
        example: "everything {actor} did {when}",
        build: |slots| Some(Question::Actor { actor: slots.actor?, when: slots.when }),
    },
    Kind {
        name: "happened",
        finds: "every signal of a range of time, oldest first",
        patterns: &["what happened|changed|was|is [going] [on] {when}", "everything [that] [happened] {when}"],
        example: "what happened {when}",
        build: |slots| Some(Question::Happened { when: slots.when }),
    },
];

/// The kind of a name.
pub fn by_name(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}
