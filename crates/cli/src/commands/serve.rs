//! `whodunit serve`: runs the server until it is told to stop, and greets the one who starts it for the first time.

use serde_json::{Value, json};
use tokio::signal::unix::{Signal, SignalKind, signal};
use whodunit_server::start::base_url;
use whodunit_server::{Server, Started};
use whodunit_stdx::World;

use super::direct::start_failure;
use crate::configuration::Configuration;
use crate::failure::{Failure, chain};
use crate::output::{Style, print_text};

pub async fn run(configuration: &Configuration, style: Style) -> Result<(), Failure> {
    // Before anything else, so that a signal during the start is not lost.
    let mut signals = Signals {
        terminate: signal(SignalKind::terminate())?,
        interrupt: signal(SignalKind::interrupt())?,
        hangup: signal(SignalKind::hangup())?,
    };
    let starting = Server::start(configuration.settings.clone(), World::system());
    let server = tokio::select! {
        started = starting => started.map_err(|error| start_failure(&error))?,
        // Nothing has been acknowledged yet, and replay can begin again at any time.
        name = signals.next() => return Err(Failure::Failed(format!("{name} while starting"))),
    };
    let url = base_url(&configuration.settings, server.started().address);
    let greeting = Greeting { started: server.started(), url, configuration };
    match style {
        Style::Json => print_text(&greeting.json().to_string())?,
        Style::Table | Style::Plain => print_text(&greeting.text())?,
    }
    let name = signals.wait_for_stop(&server).await;
    tracing::info!(signal = name, "stopping");
    server
        .stop()
        .await
        .map_err(|error| Failure::Failed(format!("the server did not stop cleanly: {}", chain(&error))))?;
    tracing::info!("stopped");
    Ok(())
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }

    /// SIGHUP asks to look at files again and does not end anything.
    async fn wait_for_stop(&mut self, server: &Server) -> &'static str {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return "SIGTERM",
                _ = self.interrupt.recv() => return "SIGINT",
                _ = self.hangup.recv() => server.reload(),
            }
        }
    }
}

/// What is said on standard output once the server takes requests.
struct Greeting<'a> {
    started: &'a Started,
    url: String,
    configuration: &'a Configuration,
}

impl Greeting<'_> {
    fn json(&self) -> Value {
        json!({
            "url": self.url,
            "data": self.configuration.settings.data,
            "postgres": self.started.postgres,
            "setup_link": self.started.setup_link,
            "ingest_key": self.started.ingest_key,
            "api_key": self.started.api_key,
        })
    }

    fn text(&self) -> String {
        let data = self.configuration.settings.data.display();
        let mut text = format!("Whodunit serves {} with its data in {data}\n", self.url);
        if let Some(address) = self.started.postgres {
            text.push_str(&format!(
                "SQL over the PostgreSQL wire: psql -h {} -p {} -U api -d whodunit, with an API key as the password\n",
                address.ip(),
                address.port()
            ));
        }
        if let Some(link) = &self.started.setup_link {
            text.push_str(&format!(
                "\nNobody owns this server yet. Open this link to make the first owner:\n\n  {link}\n"
            ));
        }
        if let (Some(ingest), Some(api)) = (&self.started.ingest_key, &self.started.api_key) {
            text.push_str(&format!(
                "\nTwo keys were made. They are shown now and never again:\n\n  \
                 ingest key, can only send:  {ingest}\n  API key, can only read:     {api}\n"
            ));
            text.push_str(
                "\nPaste these lines to send a first audit entry and a first log line, and to ask who did what:\n\n",
            );
            for line in three_lines(&self.url, ingest, api) {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text
    }
}

/// Three commands that work as printed, in any POSIX shell.
fn three_lines(base: &str, ingest_key: &str, api_key: &str) -> [String; 3] {
    let entry = json!({
        "action": "order_deleted",
        "actor_email": "dana@example.com",
        "target_type": "order",
        "target_id": "17",
        "reason": "duplicate",
        "correlation_id": "first-steps",
        "changes": [{"field": "status", "before": "open", "after": "deleted"}],
    });
    let line = json!({
        "level": "INFO",
        "service": "shop",
        "message": "hello from my application",
        "correlation_id": "first-steps",
    });
    let send = |path: &str, body: &Value| {
        format!(
            "curl -sS {base}/api/v1/{path} -H 'Authorization: Bearer {ingest_key}' \
             -H 'Content-Type: application/json' -d '{body}'"
        )
    };
    let ask =
        format!("curl -sS '{base}/api/v1/audit?target_type=order&target_id=17' -H 'Authorization: Bearer {api_key}'");
    [send("audit", &entry), send("logs", &line), ask]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_lines_hold_no_quote_that_would_end_their_own() {
        let quotes =
            three_lines("http://127.0.0.1:8420", "wd_ing_a", "wd_api_b").map(|line| line.matches('\'').count());
        assert_eq!(quotes, [6, 6, 4]);
    }
}
