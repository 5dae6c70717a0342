//! A real PostgreSQL for the tests: one server per test binary, one database per test.
//!
//! The server comes from the Debian package `postgresql-15`, listens on a socket in a temporary directory, and with TLS
//! on a free port of the loopback. It ends with the test binary: by an exit handler when that ends in order, by the kernel's parent-death signal when it
//! is killed. PostgreSQL refuses to run as root, so then it runs as the package's user `postgres`.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, mpsc};

use sqlx::{AssertSqlSafe, Connection};

const PROGRAMS: &str = "/usr/lib/postgresql/15/bin";
const PACKAGE: &str = "postgresql-15";
const READY: &str = "database system is ready to accept connections";

struct Server {
    directory: PathBuf,
    port: u16,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static RUNNING: Mutex<Option<(Child, PathBuf)>> = Mutex::new(None);

/// The URL of a new, empty database, through the socket.
pub async fn new_database() -> String {
    let name = create_database().await;
    SERVER.get().expect("was started for the database").url(&name)
}

/// The URL of a new, empty database over TCP, with TLS that checks the server's certificate and name.
pub async fn new_database_over_tls() -> String {
    let name = create_database().await;
    let Server { directory, port } = SERVER.get().expect("was started for the database");
    let certificate = directory.join("server.crt");
    format!("postgres://postgres@localhost:{port}/{name}?sslmode=verify-full&sslrootcert={}", certificate.display())
}

async fn create_database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let server = SERVER.get_or_init(start);
    let name = format!("case_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    sqlx::any::install_default_drivers();
    let mut connection =
        sqlx::AnyConnection::connect(&server.url("postgres")).await.expect("the server takes connections");
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .expect("makes a database");
    connection.close().await.expect("closes");
    name
}

impl Server {
    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost:{}/{database}?host={}", self.port, self.directory.display())
    }
}

fn start() -> Server {
    let initdb = Path::new(PROGRAMS).join("initdb");
    assert!(
        initdb.exists(),
        "{} is missing: these tests need a PostgreSQL 15 server; install the Debian package {PACKAGE} (apt-get install {PACKAGE})",
        initdb.display()
    );
    let directory = tempfile::Builder::new().prefix("whodunit-pg").tempdir().expect("a temporary directory").keep();
    if is_root() {
        let id = |flag| {
            text_of(Command::new("id").args([flag, "postgres"]))
                .parse::<u32>()
                .expect("the package makes the user postgres")
        };
        chown(&directory, Some(id("-u")), Some(id("-g"))).expect("root may chown");
    }
    let data = directory.join("data");
    let arguments = ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--pgdata"];
    text_of(unprivileged("initdb").args(arguments).arg(&data));
    make_certificate(&directory);
    let free = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    let port = free.local_addr().expect("is bound").port();
    drop(free);
    launch(&directory, &data, port);
    Server { directory, port }
}

/// A certificate for `localhost` that is its own root; `openssl` comes with the package, through `ssl-cert`.
fn make_certificate(directory: &Path) {
    let mut openssl = unprivileged("/usr/bin/openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]);
    openssl.args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]);
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"]);
    text_of(openssl.arg(directory.join("server.key")).arg("-out").arg(directory.join("server.crt")));
}

/// Starts the server from a thread that lives as long as the process: the parent-death signal belongs to a thread.
fn launch(directory: &Path, data: &Path, port: u16) {
    let (ready, wait) = mpsc::channel();
    let mut command = unprivileged("postgres");
    command.arg("-D").arg(data).arg("-k").arg(directory).args([
        "-h",
        "127.0.0.1",
        "-p",
        &port.to_string(),
        "-c",
        "ssl=on",
    ]);
    for (setting, file) in [("ssl_cert_file", "server.crt"), ("ssl_key_file", "server.key")] {
        command.arg("-c").arg(format!("{setting}={}", directory.join(file).display()));
    }
    command.args(["-c", "fsync=off", "-c", "max_connections=200", "-c", "lc_messages=C"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let directory = directory.to_owned();
    std::thread::spawn(move || {
        let mut child = command.spawn().expect("postgres starts");
        let log = BufReader::new(child.stderr.take().expect("is piped"));
        *RUNNING.lock().expect("nobody panicked here") = Some((child, directory));
        // SAFETY: `stop` is an extern "C" function without arguments that lives as long as the program.
        assert_eq!(unsafe { libc::atexit(stop) }, 0, "the exit handler is registered");
        let mut said = Vec::new();
        for line in log.lines().map_while(Result::ok) {
            if line.contains(READY) {
                let _the_tests_wait = ready.send(Ok(()));
            }
            said.push(line);
        }
        let _already_ready = ready.send(Err(said.join("\n")));
    });
    wait.recv()
        .expect("the thread says one or the other")
        .unwrap_or_else(|log| panic!("postgres did not start:\n{log}"));
}

extern "C" fn stop() {
    let Ok(mut running) = RUNNING.lock() else { return };
    if let Some((mut child, directory)) = running.take() {
        let pid = i32::try_from(child.id()).expect("a process id fits");
        // SAFETY: the child is ours and not yet waited for, so its id is not reused. SIGINT is "fast shutdown".
        unsafe { libc::kill(pid, libc::SIGINT) };
        let _at_exit_nobody_listens = child.wait();
        let _at_exit_nobody_listens = std::fs::remove_dir_all(directory);
    }
}

/// A program of PostgreSQL, or another one by its path, run as somebody who is not root, and ended with us.
fn unprivileged(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command.args(["--pdeathsig", "INT"]).arg(Path::new(PROGRAMS).join(program)).current_dir("/").env_remove("LC_ALL");
    command
}

fn is_root() -> bool {
    // SAFETY: geteuid has no preconditions and cannot fail.
    unsafe { libc::geteuid() == 0 }
}

fn text_of(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} starts: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} failed:\n{out}{err}");
    out.trim().to_owned()
}
