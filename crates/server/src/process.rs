//! What the operating system says of this process. Linux tells through `/proc`; elsewhere the numbers are zero.

/// Memory and CPU time so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    pub resident_bytes: u64,
    pub cpu_seconds: f64,
}

/// Linux counts CPU time for programs in hundredths of a second on every architecture we build for.
const TICKS_PER_SECOND: f64 = 100.0;

pub fn usage() -> Usage {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    Usage { resident_bytes: resident(&status).unwrap_or(0), cpu_seconds: cpu(&stat).unwrap_or(0.0) }
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok()?.checked_mul(1024)
}

/// Fields 14 and 15 of `/proc/self/stat`, counted after the command's name, which may hold spaces.
fn cpu(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((user + system) as f64 / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_found_behind_a_name_with_spaces() {
        let stat = "17 (who (done) it) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0";
        assert_eq!(cpu(stat), Some(3.0));
        assert_eq!(resident("VmPeak:\t  9 kB\nVmRSS:\t  12 kB\n"), Some(12 * 1024));
    }
}
