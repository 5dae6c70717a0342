//! The data set: request logs of 20 services and 50,000 users, the same for the same seed, with planted needles.
//!
//! Rows belong to requests: one to six lines that share user, session, correlation id and trace id; the last one
//! is the access line with method, path, status and duration. Time runs at 100 rows a second and ends at
//! [`Plan::end`], so that a set of two million rows lies in one day and twenty million in three.
//! The generator is a SplitMix64, written out so that no library's update ever changes the data.
//! This file must not know where rows are sent.

use std::fmt::Write;

/// Rows for each second of the data's own time.
const ROWS_PER_SECOND: u64 = 100;
pub const USERS: u64 = 50_000;
/// In the rows of [`Needles::user_rows`] only.
pub const NEEDLE_USER: &str = "user-50000";
pub const NEEDLE_USER_ROWS: u64 = 21;
pub const NEEDLE_CORRELATION: &str = "0f9d2c1e-7b64-4c55-9a3e-5d1f0c8b7a69";
pub const NEEDLE_CORRELATION_ROWS: u64 = 5;
pub const NEEDLE_WORD: &str = "quetzalcoatlus";
pub const NEEDLE_WORD_ROWS: u64 = 17;
/// About one request in 200 ends like this.
pub const RARE_STATUS: u16 = 503;

pub const SERVICES: [&str; 20] = [
    "gateway", "accounts", "sessions", "catalog", "search", "basket", "checkout", "payments", "invoices", "orders",
    "shipping", "returns", "stock", "pricing", "reviews", "mail", "media", "reports", "exports", "admin",
];
const REGIONS: [&str; 4] = ["eu-west-1", "eu-north-1", "us-east-1", "ap-south-1"];
const RELEASES: [&str; 3] = ["2026.11.1", "2026.11.2", "2026.11.3"];
const METHODS: [&str; 8] = ["GET", "GET", "GET", "GET", "GET", "POST", "PUT", "DELETE"];
const NOUNS: [&str; 16] = [
    "orders", "items", "users", "carts", "payments", "invoices", "products", "reviews", "parcels", "refunds", "images",
    "sessions", "prices", "stocks", "exports", "messages",
];
const VERBS: [&str; 16] = [
    "loaded",
    "stored",
    "checked",
    "rejected",
    "queued",
    "sent",
    "merged",
    "priced",
    "reserved",
    "released",
    "signed",
    "indexed",
    "cached",
    "refreshed",
    "validated",
    "archived",
];
const CAUSES: [&str; 8] = [
    "cache miss",
    "stale version",
    "slow upstream",
    "retry budget left",
    "lock contention",
    "quota near its end",
    "first visit",
    "batch of the hour",
];

/// What to generate.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub rows: u64,
    pub seed: u64,
    /// Nanoseconds since 1970 that all rows lie before.
    pub end: i64,
}

/// One line in the making; kept and overwritten, so that generating allocates next to nothing.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub time: i64,
    pub level: &'static str,
    pub service: &'static str,
    pub environment: &'static str,
    pub region: &'static str,
    /// The line as JSON, without a line end.
    pub json: String,
}

/// All lines in order of time.
pub struct Generator {
    plan: Plan,
    random: SplitMix,
    agents: Vec<String>,
    row: u64,
    request: Request,
    message: String,
}

/// What the lines of one request share.
#[derive(Clone, Debug, Default)]
struct Request {
    lines: u64,
    line: u64,
    service: usize,
    host: u64,
    release: usize,
    region: usize,
    user: u64,
    session: u64,
    correlation: (u64, u64),
    trace: (u64, u64),
    ip: u64,
    agent: usize,
    method: usize,
    noun: usize,
    object: u64,
    status: u16,
}

impl Generator {
    pub fn new(plan: Plan) -> Generator {
        let mut random = SplitMix(plan.seed);
        let agents = (0..200).map(|_| user_agent(&mut random)).collect();
        Generator { plan, random, agents, row: 0, request: Request::default(), message: String::new() }
    }

    /// Writes the next line over `line`; `false` when all are written.
    pub fn next(&mut self, line: &mut Line) -> bool {
        if self.row == self.plan.rows {
            return false;
        }
        if self.request.line == self.request.lines {
            self.request = self.begin();
        }
        self.request.line += 1;
        let step = 1_000_000_000 / ROWS_PER_SECOND as i64;
        let jitter = self.random.below(step as u64 / 1_000) as i64 * 1_000;
        line.time = self.plan.end - (self.plan.rows - self.row) as i64 * step + jitter;
        self.write(line);
        self.row += 1;
        true
    }

    fn begin(&mut self) -> Request {
        let random = &mut self.random;
        let status = match random.below(1_000) {
            0..5 => RARE_STATUS,
            5..15 => 500,
            15..60 => 404,
            60..90 => 401,
            90..200 => 201,
            _ => 200,
        };
        // Half of the requests come from a tenth of the users.
        let user = if random.below(2) == 0 { random.below(USERS / 10) } else { random.below(USERS - 1) };
        Request {
            lines: 1 + random.below(6),
            line: 0,
            service: random.below(SERVICES.len() as u64) as usize,
            host: random.below(6),
            release: random.below(RELEASES.len() as u64) as usize,
            region: random.below(REGIONS.len() as u64) as usize,
            user: 1 + user,
            session: random.next(),
            correlation: (random.next(), random.next()),
            trace: (random.next(), random.next()),
            ip: random.below(1 << 16),
            agent: random.below(200) as usize,
            method: random.below(METHODS.len() as u64) as usize,
            noun: random.below(NOUNS.len() as u64) as usize,
            object: random.below(1_000_000),
            status,
        }
    }

    fn write(&mut self, line: &mut Line) {
        let last = self.request.line == self.request.lines;
        line.level = self.level(last);
        line.service = SERVICES[self.request.service];
        line.environment = "production";
        line.region = REGIONS[self.request.region];
        self.compose_message(last);
        let (user, correlation) = self.identity();
        let request = &self.request;
        let json = &mut line.json;
        json.clear();
        let time = chrono::DateTime::from_timestamp_nanos(line.time).format("%Y-%m-%dT%H:%M:%S%.6fZ");
        let (level, service, environment, region) = (line.level, line.service, line.environment, line.region);
        let (release, host, message) = (RELEASES[request.release], request.host, &self.message);
        let written = write!(
            json,
            "{{\"time\":\"{time}\",\"level\":\"{level}\",\"service\":\"{service}\",\"host\":\"{service}-{host}\",\
             \"environment\":\"{environment}\",\"release\":\"{release}\",\"region\":\"{region}\",\
             \"message\":\"{message}\",\"user_id\":\"{user}\",\"session_id\":\"{:012x}\",\
             \"correlation_id\":\"{correlation}\",\"trace_id\":\"{:016x}{:016x}\",\"span_id\":\"{:016x}\"",
            request.session >> 16,
            request.trace.0,
            request.trace.1,
            self.random.next()
        );
        written.expect("writing to a String succeeds");
        if last {
            self.write_access(json);
        }
        json.push('}');
    }

    /// What only the access line carries.
    fn write_access(&mut self, json: &mut String) {
        let request = &self.request;
        let (a, b) = (request.ip >> 8, request.ip & 255);
        let (method, noun, object) = (METHODS[request.method], NOUNS[request.noun], request.object);
        let (status, agent) = (request.status, &self.agents[request.agent]);
        let slow = if request.status == RARE_STATUS { 40 } else { 1 };
        // Most are quick, few take long: the product of two uniform numbers.
        let microseconds = (1 + self.random.below(1_000)) * (1 + self.random.below(400)) * slow;
        let bytes = self.random.below(60_000);
        let written = write!(
            json,
            ",\"method\":\"{method}\",\"path\":\"/api/{noun}/{object}\",\"status\":{status},\
             \"duration_ms\":{}.{:03},\"bytes\":{bytes},\"client_ip\":\"10.{a}.{b}.7\",\"user_agent\":\"{agent}\"",
            microseconds / 1_000,
            microseconds % 1_000
        );
        written.expect("writing to a String succeeds");
    }

    fn level(&mut self, last: bool) -> &'static str {
        match (last, self.request.status) {
            (true, 500..) => "ERROR",
            (true, 400..) => "WARN",
            (true, _) => "INFO",
            (false, _) => match self.random.below(100) {
                0..2 => "WARN",
                2..22 => "DEBUG",
                _ => "INFO",
            },
        }
    }

    fn compose_message(&mut self, last: bool) {
        let request = &self.request;
        self.message.clear();
        let noun = NOUNS[request.noun];
        let written = if last {
            write!(self.message, "{} {noun}/{} answered {}", METHODS[request.method], request.object, request.status)
        } else {
            let verb = VERBS[self.random.below(VERBS.len() as u64) as usize];
            let cause = CAUSES[self.random.below(CAUSES.len() as u64) as usize];
            let (count, ms) = (1 + self.random.below(40), self.random.below(900));
            write!(self.message, "{verb} {count} {noun} for order {} after {ms} ms: {cause}", request.object)
        };
        written.expect("writing to a String succeeds");
        if planted(self.row, self.plan.rows, NEEDLE_WORD_ROWS, 11) {
            self.message.push(' ');
            self.message.push_str(NEEDLE_WORD);
        }
    }

    /// User and correlation id of the present row, needles included.
    fn identity(&self) -> (String, String) {
        let user = if planted(self.row, self.plan.rows, NEEDLE_USER_ROWS, 3) {
            NEEDLE_USER.to_owned()
        } else {
            format!("user-{:05}", self.request.user)
        };
        let first = self.plan.rows / 3;
        let correlation = if (first..first + NEEDLE_CORRELATION_ROWS).contains(&self.row) {
            NEEDLE_CORRELATION.to_owned()
        } else {
            let (high, low) = self.request.correlation;
            let bits = u128::from(high) << 64 | u128::from(low);
            uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
        };
        (user, correlation)
    }
}

/// Whether `row` is one of `count` rows spread evenly over all `rows`, `offset` rows into each part.
fn planted(row: u64, rows: u64, count: u64, offset: u64) -> bool {
    let part = rows / count;
    row % part == offset && row / part < count
}

fn user_agent(random: &mut SplitMix) -> String {
    const SYSTEMS: [&str; 5] = ["X11; Linux x86_64", "Windows NT 10.0", "Macintosh", "iPhone", "Android 16"];
    let system = SYSTEMS[random.below(5) as usize];
    let (major, minor) = (120 + random.below(30), random.below(90));
    match random.below(3) {
        0 => format!("Mozilla/5.0 ({system}; rv:{major}.0) Gecko Firefox/{major}.{minor}"),
        1 => format!("Mozilla/5.0 ({system}) Chrome/{major}.0.{minor} Safari/537.36"),
        _ => format!("shop-app/{}.{minor} ({system})", major - 110),
    }
}

/// Steele, Lea, Flood 2014: fast, and good enough for data nobody should be surprised by.
#[derive(Clone, Debug)]
pub struct SplitMix(pub u64);

impl SplitMix {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `0..bound`; the bias of the multiplication is below one in 2^40 for our bounds.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    const END: i64 = 1_790_000_000_000_000_000;

    fn lines(rows: u64, seed: u64) -> Vec<String> {
        let mut generator = Generator::new(Plan { rows, seed, end: END });
        let mut line = Line::default();
        let mut all = Vec::new();
        while generator.next(&mut line) {
            all.push(line.json.clone());
        }
        all
    }

    #[test]
    fn the_same_seed_makes_the_same_lines() {
        assert_eq!(lines(1_000, 7), lines(1_000, 7));
        assert_ne!(lines(1_000, 7), lines(1_000, 8));
    }

    #[test]
    fn lines_are_json_of_the_promised_size_with_the_promised_needles() {
        let all = lines(20_000, 1);
        let bytes: usize = all.iter().map(String::len).sum();
        assert!((430..=470).contains(&(bytes / all.len())), "{} bytes a line", bytes / all.len());
        let mut users = HashSet::new();
        let mut requests: HashMap<String, u64> = HashMap::new();
        let (mut needle_user, mut needle_correlation, mut needle_word, mut last) = (0, 0, 0, String::new());
        for line in &all {
            let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let text = |name: &str| row[name].as_str().expect(name).to_owned();
            assert!(text("time") >= last, "in order of time");
            last = text("time");
            needle_user += u64::from(text("user_id") == NEEDLE_USER);
            needle_correlation += u64::from(text("correlation_id") == NEEDLE_CORRELATION);
            needle_word += u64::from(text("message").contains(NEEDLE_WORD));
            users.insert(text("user_id"));
            *requests.entry(text("correlation_id")).or_default() += 1;
        }
        assert_eq!(all.len(), 20_000);
        assert_eq!(needle_user, NEEDLE_USER_ROWS);
        assert_eq!(needle_correlation, NEEDLE_CORRELATION_ROWS);
        assert_eq!(needle_word, NEEDLE_WORD_ROWS);
        assert!(users.len() > 3_000);
        assert!(requests.values().all(|lines| (1..=6).contains(lines)), "one to six lines a request");
        assert!(requests.values().any(|lines| *lines == 6));
    }
}
