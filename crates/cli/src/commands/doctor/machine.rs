//! The machine: open files, memory and the clock. Linux tells of them through `/proc` and `/sys`.

use std::fs;
use std::time::Duration;

use whodunit_server::Settings;
use whodunit_stdx::{Instant, Timestamp, World};

use super::Finding;
use crate::progress::bytes;

/// Files that segments, logs and the control database may need beside connections.
const FILES_BESIDE_CONNECTIONS: u64 = 1024;
/// The wall clock and the monotonic one may differ by this much while the doctor looks.
const CLOCK_JUMP: Duration = Duration::from_millis(500);
/// 2024-01-01 and 2100-01-01, in seconds.
const SANE_SECONDS: std::ops::Range<i64> = 1_704_067_200..4_102_444_800;

pub fn look(settings: &Settings) -> Vec<Finding> {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let connections = u64::try_from(settings.connections_max).unwrap_or(u64::MAX);
    let memory_bytes = u64::try_from(settings.memory_bytes()).unwrap_or(u64::MAX);
    vec![
        judge_files(open_files_max(&limits), connections.saturating_add(FILES_BESIDE_CONNECTIONS)),
        judge_memory(memory_bytes, machine_memory(&memory), cgroup_memory()),
    ]
}

/// The soft limit; `None` where it cannot be read, the largest number where there is none.
fn open_files_max(limits: &str) -> Option<u64> {
    let line = limits.lines().find(|line| line.starts_with("Max open files"))?;
    let soft = line.split_whitespace().nth(3)?;
    if soft == "unlimited" { Some(u64::MAX) } else { soft.parse().ok() }
}

fn judge_files(limit: Option<u64>, needed: u64) -> Finding {
    match limit {
        None => Finding::ok("files", "the limit of open files cannot be told on this system"),
        Some(limit) if limit < needed => Finding::warning(
            "files",
            format!("{limit} files may be open at once, {needed} may be needed (connections_max and segments)"),
            format!("raise the limit: ulimit -n {needed}, or LimitNOFILE={needed} in the systemd unit"),
        ),
        Some(limit) => Finding::ok("files", format!("{limit} files may be open at once")),
    }
}

fn machine_memory(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find(|line| line.starts_with("MemTotal:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok()?.checked_mul(1024)
}

/// The least limit among this process's control group and those around it.
fn cgroup_memory() -> Option<u64> {
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let own = own.lines().find_map(|line| line.strip_prefix("0::")).unwrap_or("/").to_owned();
    let mut path = std::path::PathBuf::from("/sys/fs/cgroup").join(own.trim_start_matches('/'));
    let mut least: Option<u64> = None;
    while path.starts_with("/sys/fs/cgroup") {
        let limit = fs::read_to_string(path.join("memory.max")).ok().and_then(|text| text.trim().parse::<u64>().ok());
        least = [least, limit].into_iter().flatten().min();
        path.pop();
    }
    least
}

fn judge_memory(setting: u64, machine: Option<u64>, group: Option<u64>) -> Finding {
    let Some(most) = [machine, group].into_iter().flatten().min() else {
        return Finding::ok("memory", "the machine's memory cannot be told on this system");
    };
    let whose = if group.is_some_and(|group| group == most) { "the control group" } else { "the machine" };
    let found = format!("memory is {}, {whose} has {}", bytes(setting), bytes(most));
    if setting >= most {
        return Finding::problem("memory", format!("{found}: the process will be killed"), "set memory to half of it");
    }
    if setting > most / 2 {
        let found = format!("{found}: what is not counted, such as the program itself, may not fit beside it");
        return Finding::warning("memory", found, "set memory to half of it at most");
    }
    Finding::ok("memory", found)
}

/// Both clocks at the start, to be compared with the end.
pub struct Clock {
    wall: Timestamp,
    steady: Instant,
}

impl Clock {
    pub fn start(world: &World) -> Clock {
        Clock { wall: world.now(), steady: world.instant() }
    }

    pub fn judge(self, world: &World) -> Finding {
        let (wall, steady) = (world.now(), world.instant().since(self.steady));
        let wall_took = wall.nanos().saturating_sub(self.wall.nanos());
        let apart = wall_took.abs_diff(i64::try_from(steady.as_nanos()).unwrap_or(i64::MAX));
        let is_synchronised = fs::exists("/run/systemd/timesync/synchronized").unwrap_or(false);
        judge_clock(wall, Duration::from_nanos(apart), is_synchronised)
    }
}

fn judge_clock(now: Timestamp, apart: Duration, is_synchronised: bool) -> Finding {
    let seconds = now.nanos().div_euclid(Timestamp::NANOS_PER_SECOND);
    if !SANE_SECONDS.contains(&seconds) {
        let found = format!("the clock says {}, which cannot be", whodunit_control::rfc3339(now));
        return Finding::problem("clock", found, "set the clock before anything is recorded, and run an NTP client");
    }
    let found = format!("the clock says {}", whodunit_control::rfc3339(now));
    if apart > CLOCK_JUMP {
        let found = format!("{found}, and was set by {:.1} s while the doctor looked", apart.as_secs_f64());
        return Finding::warning("clock", found, "let an NTP client slew the clock instead of setting it");
    }
    if is_synchronised {
        return Finding::ok("clock", format!("{found}, synchronised over NTP"));
    }
    Finding::ok("clock", format!("{found}; whether it is synchronised cannot be told here"))
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn limits_are_read_and_judged() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                      Max open files            1024                 524288               files\n";
        assert_eq!(open_files_max(limits), Some(1024));
        assert_eq!(judge_files(Some(1024), 3072).state, State::Warning);
        assert_eq!(judge_files(Some(524_288), 3072).state, State::Ok);
        assert_eq!(machine_memory("MemTotal:        2048 kB\nMemFree: 1 kB\n"), Some(2 << 20));
    }

    #[test]
    fn memory_must_fit_into_the_smaller_of_machine_and_group() {
        let mib = |count: u64| Some(count << 20);
        assert_eq!(judge_memory(256 << 20, mib(4096), None).state, State::Ok);
        assert_eq!(judge_memory(256 << 20, mib(4096), mib(400)).state, State::Warning);
        let killed = judge_memory(512 << 20, mib(4096), mib(512));
        assert_eq!(killed.state, State::Problem);
        assert!(killed.found.contains("control group"), "{}", killed.found);
    }

    #[test]
    fn a_clock_from_another_age_is_a_problem() {
        let at = |seconds: i64| Timestamp(seconds * Timestamp::NANOS_PER_SECOND);
        assert_eq!(judge_clock(at(86_400), Duration::ZERO, true).state, State::Problem);
        assert_eq!(judge_clock(at(1_795_587_600), Duration::ZERO, false).state, State::Ok);
        assert_eq!(judge_clock(at(1_795_587_600), Duration::from_secs(9), true).state, State::Warning);
    }
}
