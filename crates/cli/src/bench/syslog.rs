//! Sending log lines as syslog over TCP. Nobody answers there: the server has stored what it took when it closes.

use futures::future::try_join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use whodunit_stdx::World;

use super::bodies::Bodies;
use super::ingest::Sent;
use crate::failure::Failure;
use crate::http::{Call, Client};

/// Writes every body once over `connections` connections, then waits until the server has closed them.
pub async fn send_all(address: &str, bodies: &Bodies, connections: u64, world: &World) -> Result<Sent, Failure> {
    let begun = world.instant();
    let rows = try_join_all((0..connections).map(|_| send_some(address, bodies))).await?;
    let seconds = world.instant().since(begun).as_secs_f64();
    Ok(Sent { rows: rows.into_iter().sum(), seconds, ..Sent::default() })
}

async fn send_some(address: &str, bodies: &Bodies) -> Result<u64, Failure> {
    let mut stream = TcpStream::connect(address)
        .await
        .map_err(|error| Failure::Unreachable(format!("syslog at {address}: {error}")))?;
    let mut rows = 0;
    while let Some(body) = bodies.take()? {
        stream.write_all(&body.bytes).await?;
        rows += body.rows;
    }
    stream.shutdown().await?;
    stream.read_to_end(&mut Vec::new()).await?;
    Ok(rows)
}

/// Rows that the server has of all log lines.
pub async fn stored(client: &Client) -> Result<u64, Failure> {
    let question = json!({"query": "SELECT count(*) AS lines FROM logs"});
    let answer = client.send(Call::json(hyper::Method::POST, "/api/v1/sql", &question)).await?.success()?.json()?;
    answer["rows"][0][0].as_u64().ok_or_else(|| Failure::Failed(format!("no count of lines in {answer}")))
}
