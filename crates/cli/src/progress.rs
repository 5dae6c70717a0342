//! A line on a terminal that says how far something is; nothing where standard error is no terminal.

use std::future::Future;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// How often the line is drawn again.
const DRAW_INTERVAL: Duration = Duration::from_millis(100);
const BAR_CELLS: u64 = 24;

/// Runs `work` and draws what `text` says meanwhile.
pub async fn while_running<T>(work: impl Future<Output = T>, text: impl Fn() -> String) -> T {
    if !std::io::stderr().is_terminal() {
        return work.await;
    }
    tokio::pin!(work);
    let mut ticks = tokio::time::interval(DRAW_INTERVAL);
    loop {
        tokio::select! {
            biased;
            done = &mut work => {
                draw("");
                return done;
            }
            _ = ticks.tick() => draw(&text()),
        }
    }
}

/// Replaces the line. A terminal that has gone away is no reason to stop.
fn draw(text: &str) {
    let mut out = std::io::stderr().lock();
    let _gone = write!(out, "\r\x1b[2K{text}").and_then(|()| out.flush());
}

/// `[######..................]  25 %  1.0 MiB of 4.0 MiB`; without a bar while the whole is not known.
pub fn bar(done: u64, whole: Option<u64>) -> String {
    let Some(whole) = whole.filter(|whole| *whole > 0) else { return bytes(done) };
    let part = |of: u64| u64::try_from(u128::from(done.min(whole)) * u128::from(of) / u128::from(whole)).unwrap_or(of);
    let full = part(BAR_CELLS);
    let cell = |at: u64| if at < full { '#' } else { '.' };
    let cells: String = (0..BAR_CELLS).map(cell).collect();
    format!("[{cells}] {:3} %  {} of {}", part(100), bytes(done), bytes(whole))
}

/// A number of bytes for people.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if count < 1024 {
        return format!("{count} bytes");
    }
    let mut value = count as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_fills_and_never_overflows() {
        assert_eq!(bar(1 << 20, Some(4 << 20)), "[######..................]  25 %  1.0 MiB of 4.0 MiB");
        assert!(bar(9, Some(3)).contains("100 %"));
        assert_eq!(bar(1536, None), "1.5 KiB");
        assert_eq!(bar(0, Some(0)), "0 bytes");
    }
}
