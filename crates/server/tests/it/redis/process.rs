//! A Redis of a test's own. The end-to-end tests start theirs by this file, too.

use std::ffi::OsStr;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A port that another process takes meanwhile is not asked for again.
const TRIES: usize = 5;

/// A Redis of its own, which ends with the test.
pub(crate) struct Redis {
    pub(crate) port: u16,
    process: Child,
    folder: tempfile::TempDir,
}

/// Nothing where Redis is not installed; `cargo xtask test` installs it where it may, and says so where it may not.
pub(crate) fn program() -> Option<PathBuf> {
    let found = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/usr/bin/valkey-server"];
    let found = found.map(PathBuf::from).into_iter().find(|path| path.is_file());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "no redis-server; `apt-get install redis-server`");
    found
}

/// Below those that systems give to whoever asks for any port, be it to listen or to connect from: between finding it and
/// using it, and while a server is being started again, it is only another such choice that could take it.
pub(crate) fn free_port() -> u16 {
    let random = |port: &u16| RandomState::new().hash_one(port);
    let mut ports: Vec<u16> = (10_240..32_768).collect();
    ports.sort_by_cached_key(random);
    ports.into_iter().find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("has ports")
}

impl Redis {
    /// On a free port, with more options; nothing where Redis is not installed.
    pub(crate) fn start(options: &[&str]) -> Option<Self> {
        Self::start_by(&[], options)
    }

    /// By another command, which gets the program and its options as arguments.
    pub(crate) fn start_by(by: &[&str], options: &[&str]) -> Option<Self> {
        let program = program()?;
        for _ in 0..TRIES {
            let port = free_port();
            let folder = tempfile::tempdir().expect("there is room");
            if let Some(process) = run(by, &program, port, folder.path(), options) {
                return Some(Self { port, process, folder });
            }
        }
        unreachable!("a port stays free");
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// As `redis-cli` would.
    pub(crate) fn say(&self, words: &[&str]) -> String {
        let answer = Command::new("redis-cli").args(["-p", &self.port.to_string()]).args(words).output();
        let answer = answer.expect("redis-cli comes with the server");
        String::from_utf8_lossy(&answer.stdout).trim().to_owned()
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it was killed");
    }

    /// On the same port and folder.
    pub(crate) fn start_again(&mut self, options: &[&str]) {
        let program = program().expect("it ran before");
        self.process = run(&[], &program, self.port, self.folder.path(), options).expect("its port is free");
    }
}

/// Nothing when the port was taken.
fn run(by: &[&str], program: &Path, port: u16, folder: &Path, options: &[&str]) -> Option<Child> {
    let mut words = by.iter().map(OsStr::new).chain([program.as_os_str()]);
    let mut process = Command::new(words.next().expect("there is the program"))
        .args(words)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"])
        .arg(folder)
        .args(options)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(process.stdout.take().expect("is piped")).lines();
    let is_ready = lines.by_ref().map_while(Result::ok).any(|line| line.contains("eady to accept connections"));
    // It would end if nobody read what else it says.
    std::thread::spawn(move || lines.for_each(drop));
    if !is_ready {
        process.wait().expect("it ends");
        return None;
    }
    Some(process)
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
