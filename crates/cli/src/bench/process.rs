//! The measured process: its CPU seconds and memory from `/proc`, its disk use, and starting one of our own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use whodunit_stdx::World;

use crate::failure::Failure;
use crate::http::{Call, Client};

/// `/proc/<pid>/stat` counts in hundredths of a second on every Linux (USER_HZ).
const TICKS_PER_SECOND: f64 = 100.0;
/// Longest wait for a started server.
const START_TIMEOUT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(5);

/// User and system time that the process has used since it began.
pub fn cpu_seconds(pid: u32) -> Result<f64, Failure> {
    let path = format!("/proc/{pid}/stat");
    let text = std::fs::read_to_string(&path).map_err(|error| Failure::Failed(format!("{path}: {error}")))?;
    parse_cpu_seconds(&text).ok_or_else(|| Failure::Failed(format!("{path} is not as expected: {text}")))
}

fn parse_cpu_seconds(stat: &str) -> Option<f64> {
    // The name in parentheses may hold anything, so count from the last parenthesis.
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((user + system) as f64 / TICKS_PER_SECOND)
}

/// A size from `/proc/<pid>/status` in bytes, such as `VmHWM` (peak) or `VmRSS` (now).
pub fn memory(pid: u32, name: &str) -> Result<u64, Failure> {
    let path = format!("/proc/{pid}/status");
    let text = std::fs::read_to_string(&path).map_err(|error| Failure::Failed(format!("{path}: {error}")))?;
    parse_memory(&text, name).ok_or_else(|| Failure::Failed(format!("{path} has no {name}")))
}

fn parse_memory(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.split(':').next() == Some(name))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok()?.checked_mul(1024)
}

/// Bytes of all files below a directory. Files that vanish meanwhile count nothing.
pub fn disk_bytes(directory: &Path) -> Result<u64, Failure> {
    let mut total = 0;
    let mut pending = vec![directory.to_owned()];
    while let Some(path) = pending.pop() {
        let Ok(entries) = std::fs::read_dir(&path) else { continue };
        for entry in entries {
            let entry = entry?;
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => pending.push(entry.path()),
                Ok(metadata) => total += metadata.len(),
                Err(_) => {}
            }
        }
    }
    Ok(total)
}

/// A loopback address that nobody listens on.
pub fn free_address() -> Result<String, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// A server that the benchmark started and ends.
pub struct OwnServer {
    child: Child,
    pub url: String,
    pub data: PathBuf,
    /// From starting the process until it was ready for appends.
    pub started_in: Duration,
}

/// How to start one.
pub struct Start<'a> {
    /// Working directory and place of the data.
    pub scratch: &'a Path,
    pub ingest_key: &'a str,
    pub api_key: &'a str,
    pub flags: &'a [String],
}

impl OwnServer {
    /// Starts this same binary on a free port and waits until it is ready.
    pub async fn start(start: &Start<'_>, world: &World) -> Result<OwnServer, Failure> {
        let listen = free_address()?;
        let data = start.scratch.join("data");
        let log = std::fs::File::options().create(true).append(true).open(start.scratch.join("server.log"))?;
        let mut command = Command::new(std::env::current_exe()?);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("WHODUNIT_") {
                command.env_remove(name);
            }
        }
        command
            .current_dir(start.scratch)
            .env("WHODUNIT_INIT_INGEST_KEY", start.ingest_key)
            .env("WHODUNIT_INIT_API_KEY", start.api_key)
            .args(["serve", "--log", "warn", "--listen", &listen, "--data"])
            .arg(&data)
            .args(start.flags)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let begun = world.instant();
        let mut server =
            OwnServer { child: command.spawn()?, url: format!("http://{listen}"), data, started_in: Duration::ZERO };
        server.wait_until_ready(world, start.scratch).await?;
        server.started_in = world.instant().since(begun);
        Ok(server)
    }

    async fn wait_until_ready(&mut self, world: &World, scratch: &Path) -> Result<(), Failure> {
        let client = Client::new(&self.url, None, None)?;
        let begun = world.instant();
        loop {
            if let Ok(answer) = client.send(Call::get("/health/ready")).await
                && answer.status.is_success()
            {
                return Ok(());
            }
            let log = scratch.join("server.log");
            if let Some(status) = self.child.try_wait()? {
                return Err(Failure::Failed(format!("the server ended with {status}; see {}", log.display())));
            }
            if world.instant().since(begun) > START_TIMEOUT {
                return Err(Failure::Unreachable(format!("the server did not get ready; see {}", log.display())));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends the process as a crash would: what was acknowledged is on disk anyway.
    pub fn kill(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // Errors mean that it has ended already, which is what is wanted.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proc_files_are_read_as_the_kernel_writes_them() {
        let stat = "42 (who) dunit) S 1 42 42 0 -1 4194304 9 0 0 0 250 150 0 0 20 0 8 0 100 1 1";
        assert_eq!(parse_cpu_seconds(stat), Some(4.0));
        let status = "Name:\twhodunit\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n";
        assert_eq!(parse_memory(status, "VmHWM"), Some(2 << 20));
        assert_eq!(parse_memory(status, "VmSwap"), None);
    }

    #[test]
    fn disk_use_counts_nested_files() {
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(directory.path().join("a")).expect("made");
        std::fs::write(directory.path().join("a/b"), [0; 10]).expect("written");
        std::fs::write(directory.path().join("c"), [0; 5]).expect("written");
        assert_eq!(disk_bytes(directory.path()).expect("read"), 15);
    }
}
