//! An audit entry as one sentence: who did what to which target, in which batch, and why.
//!
//! `eve@example.com deleted order 17, reason: duplicate`. The past tense is kept for what has happened: of an action
//! that failed, or whose outcome nobody knows, only the name is told. Pure: texts in, a text out.

/// The texts of one entry; empty where it has none.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub actor_type: &'a str,
    pub actor_id: &'a str,
    pub actor_email: &'a str,
    pub actor_name: &'a str,
    pub action: &'a str,
    pub description: &'a str,
    pub target_type: &'a str,
    pub target_id: &'a str,
    pub target_name: &'a str,
    pub outcome: &'a str,
    pub state: &'a str,
    pub batch_id: &'a str,
    pub reason: &'a str,
}

pub fn sentence(entry: &Entry<'_>) -> String {
    let mut line = match entry.description {
        "" => action(entry),
        description => described(&actor(entry), first_line(description)),
    };
    if let Some(doubt) = doubt(entry) {
        line.push_str(&format!(" ({doubt})"));
    }
    if !entry.batch_id.is_empty() {
        line.push_str(&format!(" in batch {}", entry.batch_id));
    }
    if !entry.reason.is_empty() {
        line.push_str(&format!(", reason: {}", first_line(entry.reason)));
    }
    line
}

/// What keeps the entry from saying that something was done.
fn doubt<'a>(entry: &Entry<'a>) -> Option<&'a str> {
    match (entry.outcome, entry.state) {
        ("failure" | "unknown", _) => Some(entry.outcome),
        (_, "intent") => Some("intent"),
        _ => None,
    }
}

/// The name that people know best; what is no user says what it is.
fn actor(entry: &Entry<'_>) -> String {
    let names = [entry.actor_name, entry.actor_email, entry.actor_id];
    let name = names.into_iter().find(|name| !name.is_empty());
    let kind = match entry.actor_type {
        "user" | "" => String::new(),
        other => other.replace('_', " "),
    };
    match (name, kind.as_str()) {
        (Some(name), "") => name.to_owned(),
        (Some(name), kind) if name == kind => name.to_owned(),
        (Some(name), kind) => format!("{kind} {name}"),
        (None, "") => "somebody".to_owned(),
        (None, "anonymous") => "somebody anonymous".to_owned(),
        (None, kind) => format!("some {kind}"),
    }
}

/// The application's own words, with the actor in front unless they name it.
fn described(actor: &str, description: &str) -> String {
    if description.contains(actor) { description.to_owned() } else { format!("{actor}: {description}") }
}

fn action(entry: &Entry<'_>) -> String {
    let actor = actor(entry);
    let target = if entry.target_name.is_empty() { entry.target_id } else { entry.target_name };
    let done = if doubt(entry).is_none() { done(entry.action) } else { None };
    match done {
        Some((verb, kind)) => {
            let kind = if entry.target_type.is_empty() { kind } else { entry.target_type };
            joined(&[&actor, verb, kind, target])
        }
        None => joined(&[&format!("{actor}:"), entry.action, entry.target_type, target]),
    }
}

/// The verb in the past tense, and the kind of target that stands in the action's name (`client_deleted`).
fn done(action: &str) -> Option<(&'static str, &str)> {
    const VERBS: [(&str, &str); 16] = [
        ("create", "created"),
        ("read", "read"),
        ("update", "updated"),
        ("delete", "deleted"),
        ("login", "signed in"),
        ("logout", "signed out"),
        ("export", "exported"),
        ("import", "imported"),
        ("approve", "approved"),
        ("reject", "rejected"),
        ("share", "shared"),
        ("unshare", "unshared"),
        ("restore", "restored"),
        ("backup", "backed up"),
        ("password_change", "changed the password of"),
        ("permission_change", "changed the permissions of"),
    ];
    const ENDINGS: [&str; 4] = ["accessed", "created", "updated", "deleted"];
    if let Some((_, verb)) = VERBS.iter().find(|(known, _)| action.eq_ignore_ascii_case(known)) {
        return Some((verb, ""));
    }
    let (kind, ending) = action.rsplit_once('_')?;
    let verb = ENDINGS.into_iter().find(|known| ending.eq_ignore_ascii_case(known))?;
    Some((verb, kind))
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Entry<'static> = Entry {
        actor_type: "",
        actor_id: "",
        actor_email: "",
        actor_name: "",
        action: "DELETE",
        description: "",
        target_type: "order",
        target_id: "17",
        target_name: "",
        outcome: "success",
        state: "complete",
        batch_id: "",
        reason: "",
    };

    #[test]
    fn an_entry_reads_as_who_did_what_and_why() {
        let eve = Entry { actor_type: "user", actor_id: "u-3", actor_email: "eve@example.com", ..NOTHING };
        let billing = Entry { actor_type: "service", actor_id: "billing", ..NOTHING };
        let cases = [
            (Entry { reason: "duplicate", ..eve }, "eve@example.com deleted order 17, reason: duplicate"),
            (Entry { actor_name: "Eve", reason: "a\nb", ..eve }, "Eve deleted order 17, reason: a"),
            (Entry { action: "order_updated", ..eve }, "eve@example.com updated order 17"),
            (Entry { action: "client_created", target_type: "", ..eve }, "eve@example.com created client 17"),
            (Entry { action: "LOGIN", target_type: "", target_id: "", ..eve }, "eve@example.com signed in"),
            (
                Entry { action: "INVOICE_GENERATED", target_name: "No. 9", ..eve },
                "eve@example.com: INVOICE_GENERATED order No. 9",
            ),
            // Nobody is named.
            (NOTHING, "somebody deleted order 17"),
            (Entry { actor_type: "anonymous", ..NOTHING }, "somebody anonymous deleted order 17"),
            (Entry { actor_type: "api_key", ..NOTHING }, "some api key deleted order 17"),
            // Somebody who is no person.
            (billing, "service billing deleted order 17"),
            (Entry { actor_type: "database_role", actor_id: "app", ..NOTHING }, "database role app deleted order 17"),
            // What did not happen, or nobody knows whether.
            (
                Entry { outcome: "failure", reason: "locked", ..eve },
                "eve@example.com: DELETE order 17 (failure), reason: locked",
            ),
            (Entry { outcome: "unknown", state: "expired", ..eve }, "eve@example.com: DELETE order 17 (unknown)"),
            (Entry { outcome: "", state: "intent", ..eve }, "eve@example.com: DELETE order 17 (intent)"),
            // One of many.
            (
                Entry { batch_id: "b-1", reason: "import", ..billing },
                "service billing deleted order 17 in batch b-1, reason: import",
            ),
            // The application's own words.
            (Entry { description: "removed a double", ..eve }, "eve@example.com: removed a double"),
            (Entry { description: "eve@example.com removed it\nmore", ..eve }, "eve@example.com removed it"),
            (Entry { description: "removed it", outcome: "failure", ..eve }, "eve@example.com: removed it (failure)"),
        ];
        for (entry, expected) in cases {
            assert_eq!(sentence(&entry), expected);
        }
    }
}
