//! What an action's name says about its category and outcome.

/// The categories of the vocabulary.
pub const CATEGORIES: [&str; 7] =
    ["mutation", "access", "authentication", "authorization", "configuration", "security", "system"];

/// The category that a sent word means: one of the vocabulary's, or a common other word for it.
pub fn category_of_word(word: &str) -> Option<&'static str> {
    let word = word.trim().to_ascii_lowercase();
    if let Some(known) = CATEGORIES.into_iter().find(|category| *category == word) {
        return Some(known);
    }
    Some(match word.as_str() {
        "auth" | "login" | "session" => "authentication",
        "authz" | "permission" | "permissions" | "access_control" => "authorization",
        "data_access" | "data-access" | "read" => "access",
        "data_change" | "data-change" | "data_modification" | "write" | "change" | "data" => "mutation",
        "config" | "settings" => "configuration",
        _ => return None,
    })
}

/// Words that decide wherever they stand in the action, tried in this order; then the verb.
const SUBJECTS: &[(&str, &[&str])] = &[
    ("security", &["API_KEY", "APIKEY", "ACCESS_KEY", "SUSPICIOUS", "INTRUSION", "SECURITY"]),
    (
        "authentication",
        &[
            "LOGIN",
            "LOGOUT",
            "LOGGED_IN",
            "LOGGED_OUT",
            "SIGN_IN",
            "SIGN_OUT",
            "SIGNIN",
            "SIGNOUT",
            "SIGNED_IN",
            "SIGNED_OUT",
            "PASSWORD",
            "EMAIL_VERIFY",
            "EMAIL_VERIFIED",
            "TWO_FACTOR",
            "2FA",
            "MFA",
            "TOTP",
            "PASSKEY",
        ],
    ),
    (
        "authorization",
        &[
            "PERMISSION",
            "PERMISSIONS",
            "ROLE",
            "ROLES",
            "SHARE",
            "SHARED",
            "UNSHARE",
            "UNSHARED",
            "GRANT",
            "GRANTED",
            "DENIED",
            "IMPERSONATE",
        ],
    ),
    ("configuration", &["SETTING", "SETTINGS", "CONFIG", "CONFIGURATION", "FEATURE_FLAG"]),
    ("system", &["BACKUP", "RESTORE", "MIGRATION", "STARTUP", "SHUTDOWN", "DEPLOY", "DEPLOYED"]),
];

const ACCESS_VERBS: &[&str] = &[
    "READ",
    "VIEW",
    "VIEWED",
    "ACCESS",
    "ACCESSED",
    "EXPORT",
    "EXPORTED",
    "DOWNLOAD",
    "DOWNLOADED",
    "SEARCH",
    "SEARCHED",
    "LIST",
    "LISTED",
    "GET",
    "PRINT",
    "PRINTED",
    "OPENED",
];

const MUTATION_VERBS: &[&str] = &[
    "CREATE",
    "CREATED",
    "UPDATE",
    "UPDATED",
    "DELETE",
    "DELETED",
    "IMPORT",
    "IMPORTED",
    "APPROVE",
    "APPROVED",
    "REJECT",
    "REJECTED",
    "INSERT",
    "INSERTED",
    "ADD",
    "ADDED",
    "REMOVE",
    "REMOVED",
    "EDIT",
    "EDITED",
    "CHANGE",
    "CHANGED",
    "MODIFY",
    "MODIFIED",
    "UPLOAD",
    "UPLOADED",
    "ARCHIVE",
    "ARCHIVED",
    "CANCEL",
    "CANCELLED",
    "CANCELED",
    "GENERATED",
    "ASSIGN",
    "ASSIGNED",
    "MERGE",
    "MERGED",
    "PATCH",
    "PUT",
    "POST",
    "UPSERT",
    "TRUNCATE",
    "SUBMITTED",
    "PUBLISHED",
    "COMPLETED",
    "SENT",
    "PAID",
    "REFUNDED",
];

/// The category of an action by its words, or `None` when they say nothing.
pub fn category(action: &str) -> Option<&'static str> {
    let words = words(action);
    let padded = format!("_{words}_");
    let last = words.rsplit('_').next().unwrap_or_default();
    // `settings_accessed` is an access, whatever was accessed.
    if words.ends_with("_ACCESSED") || words.ends_with("_VIEWED") {
        return Some("access");
    }
    for (category, subjects) in SUBJECTS {
        if subjects.iter().any(|subject| padded.contains(&format!("_{subject}_"))) {
            return Some(category);
        }
    }
    let verb = |word: &str| {
        let access = ACCESS_VERBS.contains(&word).then_some("access");
        access.or_else(|| MUTATION_VERBS.contains(&word).then_some("mutation"))
    };
    verb(last).or_else(|| words.split('_').find_map(verb))
}

/// Whether the action's name says that it failed.
pub fn names_failure(action: &str) -> bool {
    matches!(words(action).rsplit('_').next(), Some("FAILED" | "FAILURE" | "DENIED" | "REFUSED"))
}

/// `clientUpdated`, `client.updated` and `client-updated` all become `CLIENT_UPDATED`.
fn words(action: &str) -> String {
    let mut words = String::with_capacity(action.len() + 4);
    let mut after_lower = false;
    for letter in action.trim().chars() {
        if letter.is_alphanumeric() {
            if letter.is_uppercase() && after_lower {
                words.push('_');
            }
            after_lower = letter.is_lowercase();
            words.extend(letter.to_uppercase());
        } else {
            after_lower = false;
            if !words.ends_with('_') {
                words.push('_');
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_verbs_set_the_category() {
        let cases = [
            ("CREATE", "mutation"),
            ("READ", "access"),
            ("UPDATE", "mutation"),
            ("DELETE", "mutation"),
            ("LOGIN", "authentication"),
            ("LOGOUT", "authentication"),
            ("LOGIN_FAILED", "authentication"),
            ("EXPORT", "access"),
            ("IMPORT", "mutation"),
            ("APPROVE", "mutation"),
            ("REJECT", "mutation"),
            ("SHARE", "authorization"),
            ("UNSHARE", "authorization"),
            ("PERMISSION_CHANGE", "authorization"),
            ("SETTINGS_CHANGE", "configuration"),
            ("PASSWORD_CHANGE", "authentication"),
            ("PASSWORD_RESET", "authentication"),
            ("EMAIL_VERIFY", "authentication"),
            ("TWO_FACTOR_ENABLE", "authentication"),
            ("API_KEY_CREATE", "security"),
            ("API_KEY_REVOKE", "security"),
            ("BACKUP", "system"),
            ("RESTORE", "system"),
            ("invoice_accessed", "access"),
            ("client_created", "mutation"),
            ("client_updated", "mutation"),
            ("clientDeleted", "mutation"),
            ("bulk_import_clients", "mutation"),
            ("user.login", "authentication"),
            ("INVOICE_GENERATED", "mutation"),
            ("settings_accessed", "access"),
            ("delete order", "mutation"),
        ];
        for (action, expected) in cases {
            assert_eq!(category(action), Some(expected), "{action}");
        }
        assert_eq!(category("HEARTBEAT"), None);
        assert!(names_failure("LOGIN_FAILED") && !names_failure("LOGIN"));
    }
}
