//! Messages to clients, as bytes.

use whodunit_query::postgres::{ColumnTitle, Form};

use super::failure::{PgFailure, Severity};

/// Whether a client is in a transaction, as `ReadyForQuery` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transaction {
    None,
    Open,
    /// A statement in it failed; nothing but its end is taken.
    Failed,
}

/// Writes messages one behind the other.
#[derive(Debug, Default)]
pub struct Replies(pub Vec<u8>);

impl Replies {
    /// A message: its kind, its length, and what `body` writes.
    fn message(&mut self, kind: u8, body: impl FnOnce(&mut Vec<u8>)) {
        self.0.push(kind);
        let start = self.0.len();
        self.0.extend_from_slice(&[0; 4]);
        body(&mut self.0);
        let length = u32::try_from(self.0.len() - start).expect("rows are bounded far below 4 GiB");
        self.0[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }

    pub fn ask_for_scram(&mut self) {
        self.message(b'R', |out| {
            out.extend_from_slice(&10u32.to_be_bytes());
            out.extend_from_slice(b"SCRAM-SHA-256\0\0");
        });
    }

    pub fn continue_scram(&mut self, data: &str) {
        self.message(b'R', |out| {
            out.extend_from_slice(&11u32.to_be_bytes());
            out.extend_from_slice(data.as_bytes());
        });
    }

    pub fn signed_in(&mut self, data: &str) {
        self.message(b'R', |out| {
            out.extend_from_slice(&12u32.to_be_bytes());
            out.extend_from_slice(data.as_bytes());
        });
        self.message(b'R', |out| out.extend_from_slice(&0u32.to_be_bytes()));
    }

    /// Only 3.0 is spoken, and none of these extensions.
    pub fn negotiate(&mut self, unknown: &[&str]) {
        self.message(b'v', |out| {
            out.extend_from_slice(&(3u32 << 16).to_be_bytes());
            out.extend_from_slice(&u32::try_from(unknown.len()).unwrap_or(0).to_be_bytes());
            unknown.iter().for_each(|name| text(name, out));
        });
    }

    pub fn parameter(&mut self, name: &str, value: &str) {
        self.message(b'S', |out| {
            text(name, out);
            text(value, out);
        });
    }

    pub fn cancel_key(&mut self, process: u32, secret: u32) {
        self.message(b'K', |out| {
            out.extend_from_slice(&process.to_be_bytes());
            out.extend_from_slice(&secret.to_be_bytes());
        });
    }

    pub fn ready(&mut self, transaction: Transaction) {
        let status = match transaction {
            Transaction::None => b'I',
            Transaction::Open => b'T',
            Transaction::Failed => b'E',
        };
        self.message(b'Z', |out| out.push(status));
    }

    /// A message that is its kind alone: `1`, `2`, `3`, `I`, `n`, `s`, `c`.
    pub fn plain(&mut self, kind: u8) {
        self.message(kind, |_| {});
    }

    pub fn complete(&mut self, tag: &str) {
        self.message(b'C', |out| text(tag, out));
    }

    pub fn parameters(&mut self, types: impl ExactSizeIterator<Item = u32>) {
        self.message(b't', |out| {
            out.extend_from_slice(&u16::try_from(types.len()).unwrap_or(u16::MAX).to_be_bytes());
            types.for_each(|oid| out.extend_from_slice(&oid.to_be_bytes()));
        });
    }

    /// What columns the rows have. `forms` has one for each.
    pub fn columns(&mut self, columns: &[ColumnTitle], forms: &[Form]) {
        self.message(b'T', |out| {
            out.extend_from_slice(&count(columns.len()));
            for (column, form) in columns.iter().zip(forms) {
                text(&column.name, out);
                // From no table that the client could look up by number.
                out.extend_from_slice(&[0; 6]);
                out.extend_from_slice(&column.kind.oid.to_be_bytes());
                out.extend_from_slice(&column.kind.length.to_be_bytes());
                out.extend_from_slice(&(-1i32).to_be_bytes());
                out.extend_from_slice(&u16::from(*form == Form::Binary).to_be_bytes());
            }
        });
    }

    pub fn row<E>(&mut self, columns: usize, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        let mut written = Ok(());
        self.message(b'D', |out| {
            out.extend_from_slice(&count(columns));
            written = write(out);
        });
        written
    }

    /// The beginning of a copy to the client.
    pub fn copy(&mut self, columns: usize, form: Form) {
        let form = u8::from(form == Form::Binary);
        self.message(b'H', |out| {
            out.push(form);
            out.extend_from_slice(&count(columns));
            (0..columns).for_each(|_| out.extend_from_slice(&[0, form]));
        });
    }

    pub fn copy_data<E>(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        let mut written = Ok(());
        self.message(b'd', |out| written = write(out));
        written
    }

    pub fn failure(&mut self, failure: &PgFailure) {
        let severity = match failure.severity {
            Severity::Error => "ERROR",
            Severity::Fatal => "FATAL",
        };
        let more = [(b'D', failure.detail.as_deref()), (b'H', failure.hint.as_deref())];
        self.report(b'E', severity, failure.code, &failure.message, &more);
    }

    /// Something to know beside an answer. A message of its own, that clients show or pass over.
    pub fn notice(&mut self, message: &str) {
        self.report(b'N', "NOTICE", "00000", message, &[]);
    }

    fn report(&mut self, kind: u8, severity: &str, code: &str, message: &str, more: &[(u8, Option<&str>)]) {
        self.message(kind, |out| {
            let always = [(b'S', severity), (b'V', severity), (b'C', code), (b'M', message)];
            let sometimes = more.iter().filter_map(|(field, value)| value.map(|value| (*field, value)));
            for (field, value) in always.into_iter().chain(sometimes) {
                out.push(field);
                text(value, out);
            }
            out.push(0);
        });
    }
}

/// How many columns a row has. The planner knows none with more.
pub fn count(columns: usize) -> [u8; 2] {
    u16::try_from(columns).unwrap_or(u16::MAX).to_be_bytes()
}

/// Up to a zero byte, which no text may hold.
fn text(text: &str, out: &mut Vec<u8>) {
    out.extend(text.bytes().map(|byte| if byte == 0 { b' ' } else { byte }));
    out.push(0);
}
