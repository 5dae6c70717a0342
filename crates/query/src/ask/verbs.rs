//! What people call what was done, and how applications name it in `action`.
//!
//! `deleted` finds `DELETE`, `order_deleted`, `delete_order`, `orderRemoved`. A verb that is not listed is looked for
//! in the forms that can be told from it.

/// One deed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verb {
    /// For sentences: `deleted`.
    pub past: String,
    /// For sentences: `delete`; `None` if it cannot be told.
    pub base: Option<&'static str>,
    pub meaning: Meaning,
}

/// Which entries a verb means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Those whose action has one of these words.
    Words(Vec<String>),
    /// Those that changed anything, whatever their action is called.
    Changed,
    /// Those of the category `access`.
    Read,
}

struct Known {
    base: &'static str,
    past: &'static str,
    /// Words of questions and of actions alike.
    words: &'static [&'static str],
}

const fn known(base: &'static str, past: &'static str, words: &'static [&'static str]) -> Known {
    Known { base, past, words }
}

const CHANGED: &[&str] = &["change", "changes", "changed", "alter", "altered", "touch", "touched"];
const READ: &[&str] =
    &["read", "reads", "view", "views", "viewed", "access", "accessed", "open", "opened", "see", "saw", "seen"];

const KNOWN: &[Known] = &[
    known(
        "delete",
        "deleted",
        &[
            "delete",
            "deletes",
            "deleted",
            "deletion",
            "deletions",
            "remove",
            "removes",
            "removed",
            "removal",
            "erase",
            "erased",
            "destroy",
            "destroyed",
            "purge",
            "purged",
            "drop",
            "dropped",
            "truncate",
            "truncated",
        ],
    ),
    known(
        "create",
        "created",
        &[
            "create",
            "creates",
            "created",
            "creation",
            "add",
            "adds",
            "added",
            "insert",
            "inserted",
            "register",
            "registered",
            "made",
        ],
    ),
    known(
        "update",
        "updated",
        &[
            "update", "updates", "updated", "edit", "edits", "edited", "modify", "modifies", "modified", "patch",
            "patched", "change", "changed",
        ],
    ),
    known("export", "exported", &["export", "exports", "exported", "download", "downloads", "downloaded"]),
    known("import", "imported", &["import", "imports", "imported", "upload", "uploads", "uploaded"]),
    known("approve", "approved", &["approve", "approves", "approved", "approval"]),
    known("reject", "rejected", &["reject", "rejects", "rejected", "rejection", "decline", "declined"]),
    known("share", "shared", &["share", "shares", "shared"]),
    known("unshare", "unshared", &["unshare", "unshares", "unshared"]),
    known("grant", "granted", &["grant", "grants", "granted"]),
    known("revoke", "revoked", &["revoke", "revokes", "revoked"]),
    known("restore", "restored", &["restore", "restores", "restored", "undelete", "undeleted"]),
    known("archive", "archived", &["archive", "archives", "archived"]),
    known("cancel", "cancelled", &["cancel", "cancels", "cancelled", "canceled", "cancellation"]),
    known("refund", "refunded", &["refund", "refunds", "refunded"]),
    known("send", "sent", &["send", "sends", "sent"]),
    known("pay", "paid", &["pay", "pays", "paid", "payment"]),
    known("publish", "published", &["publish", "publishes", "published"]),
    known("merge", "merged", &["merge", "merges", "merged"]),
    known("assign", "assigned", &["assign", "assigns", "assigned"]),
    known("generate", "generated", &["generate", "generates", "generated"]),
    known("invite", "invited", &["invite", "invites", "invited", "invitation"]),
    known("enable", "enabled", &["enable", "enables", "enabled"]),
    known("disable", "disabled", &["disable", "disables", "disabled"]),
    known("lock", "locked", &["lock", "locks", "locked"]),
    known("unlock", "unlocked", &["unlock", "unlocks", "unlocked"]),
    known("close", "closed", &["close", "closes", "closed"]),
    known("rename", "renamed", &["rename", "renames", "renamed"]),
    known("move", "moved", &["move", "moves", "moved"]),
    known("deploy", "deployed", &["deploy", "deploys", "deployed", "deployment"]),
    known("back up", "backed up", &["backup", "backups"]),
];

/// Words that look like a past tense and are none.
const NO_VERBS: &[&str] = &["failed", "need", "feed", "seed", "speed", "bed", "red", "indeed", "hundred", "happened"];

/// The deed that a word means.
pub fn find(word: &str) -> Option<Verb> {
    let has = |words: &[&str]| words.contains(&word);
    if has(CHANGED) {
        return Some(Verb { past: "changed".to_owned(), base: Some("change"), meaning: Meaning::Changed });
    }
    if has(READ) {
        return Some(Verb { past: "read".to_owned(), base: Some("read"), meaning: Meaning::Read });
    }
    if let Some(known) = KNOWN.iter().find(|known| has(known.words)) {
        let words = known.words.iter().map(|word| (*word).to_owned()).collect();
        return Some(Verb { past: known.past.to_owned(), base: Some(known.base), meaning: Meaning::Words(words) });
    }
    let stem = word.strip_suffix("ed").filter(|stem| stem.len() >= 2 && !has(NO_VERBS))?;
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    Some(Verb { past: word.to_owned(), base: None, meaning: Meaning::Words(forms(word, stem)) })
}

/// `shipped`, `shipp`, `shippe`, `ship`: those that are no words match nothing.
fn forms(word: &str, stem: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned(), stem.to_owned(), format!("{stem}e")];
    let bytes = stem.as_bytes();
    if let [.., before, last] = bytes
        && before == last
    {
        forms.push(stem[..stem.len() - 1].to_owned());
    }
    if let Some(short) = stem.strip_suffix('i') {
        forms.push(format!("{short}y"));
    }
    forms
}

/// Every listed word, for corrections of misspelled ones.
pub fn listed() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().flat_map(|known| known.words).chain(CHANGED).chain(READ).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_found_in_all_their_forms() {
        let base = |word: &str| find(word).and_then(|verb| verb.base);
        assert_eq!((base("removed"), base("deletion"), base("viewed")), (Some("delete"), Some("delete"), Some("read")));
        let words = |word: &str| match find(word).map(|verb| verb.meaning) {
            Some(Meaning::Words(words)) => words,
            other => panic!("{word}: {other:?}"),
        };
        assert!(words("shipped").contains(&"ship".to_owned()));
        assert!(words("verified").contains(&"verify".to_owned()));
        assert!(words("frozed").contains(&"froze".to_owned()));
        assert_eq!((find("order"), find("failed"), find("fed's")), (None, None, None));
    }
}
