//! `growset serve` as an operator starts and stops it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::workplace::{Workplace, repository};

/// Seconds to leave in. A server without streams needs none of them; one with a stream needs four fifths at most, and the rest
/// is for a machine that is slow.
pub(crate) const DRAIN: &str = "10";

pub(crate) struct Served {
    process: Child,
    out: BufReader<ChildStdout>,
    pub(crate) address: String,
}

pub(crate) fn growset(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_growset-under-test"));
    command.args(arguments).current_dir(repository()).env_remove("GROWSET_KEYS");
    command
}

pub(crate) fn serve(arguments: &[&str]) -> Served {
    let mut all = vec!["serve", "--address", "127.0.0.1:0", "--drain", DRAIN];
    all.extend(arguments);
    serve_by(growset(&all))
}

/// By a command that becomes a server.
pub(crate) fn serve_by(mut command: Command) -> Served {
    let mut process = command.stdout(Stdio::piped()).spawn().expect("the command was built");
    let mut out = BufReader::new(process.stdout.take().expect("is piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("it says where");
    let (_, address) = line.trim().split_once("://").expect("it says where");
    Served { address: address.to_owned(), process, out }
}

impl Served {
    /// Asks and reads until the server is done with the connection.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    pub(crate) fn terminate(mut self) -> (Option<i32>, String) {
        let kill = Command::new("kill").arg(self.process.id().to_string()).status().expect("there is a kill");
        assert!(kill.success());
        let code = self.process.wait().expect("it ends").code();
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("is text");
        (code, rest)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that was terminated needs no ending.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn what_was_answered_is_served_again_after_sigterm_and_a_new_start() {
    let folder = tempfile::tempdir().expect("there is room");
    let data = folder.path().display().to_string();
    let first = serve(&["--dev", "--data", &data]);
    let event = r#"{"event":"escrow.released","data":{"orderId":"ord_1","milestoneId":"mil_1","amount":5}}"#;
    let answer = first.ask("POST", "/publish", event);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let stream = TcpStream::connect(&first.address).expect("it listens");
    (&stream).write_all(b"GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("it reads");
    let mut lines = BufReader::new(&stream).lines();
    let connected = "event: growset.connected";
    assert!(lines.any(|line| line.is_ok_and(|line| line == connected)));
    let (code, said) = first.terminate();
    assert_eq!(code, Some(0), "{said}");
    assert!(lines.map_while(Result::ok).any(|line| line == "event: growset.bye"));

    let second = serve(&["--dev", "--data", &data]);
    let (_, id) = answer.split_once("\"id\":\"").expect("it has an id");
    let (epoch, _) = id.split_once('-').expect("it is an id");
    let answer = second.ask("GET", &format!("/poll?after={epoch}-0&events=escrow.released"), "");
    assert!(answer.contains(r#""resume":"exact""#) && answer.contains(r#""orderId":"ord_1""#), "{answer}");
    assert_eq!(second.terminate().0, Some(0));
}

#[test]
fn options_come_from_flags_then_the_environment_then_a_file() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("growset.toml");
    let keys = folder.path().join("secret");
    std::fs::write(&keys, "0123456789abcdef0123456789abcdef").expect("there is room");
    let options = |text: &str| {
        let keys = keys.display();
        std::fs::write(&file, format!("address = '127.0.0.1:0'\nkeys = '{keys}'\n{text}")).expect("there is room");
    };
    let mut command = growset(&["serve", "--config"]);
    command.arg(&file);
    options("log_format = 'json'\nping_ms = 20000\nallow-origin = ['https://a.example', 'https://b.example']");
    let mut process = command.stdout(Stdio::piped()).spawn().expect("the command was built");
    let mut line = String::new();
    BufReader::new(process.stdout.take().expect("is piped")).read_line(&mut line).expect("it says where");
    assert!(line.contains(" on http://127.0.0.1:"), "{line}");
    process.kill().expect("it runs");
    process.wait().expect("it ends");

    for (text, expected) in [
        ("drain = 'soon'", "invalid value 'soon' for '--drain <SECONDS>'"),
        ("dain = 5", "`dain` is none of address, catalog"),
        ("ping_ms = 1.5", "`ping_ms` is a text, a whole number or a list of texts"),
        ("ping_ms = ", "growset.toml: TOML parse error"),
    ] {
        options(text);
        let refused = command.stderr(Stdio::piped()).output().expect("the command was built");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(said.contains(expected) && said.contains("growset.toml"), "{said}");
    }
    options("drain = 'soon'");
    let given = command.env("GROWSET_DRAIN", "never").output().expect("the command was built");
    let said = String::from_utf8_lossy(&given.stderr).into_owned();
    assert!(said.contains("'never'") && !said.contains("growset.toml"), "the environment goes first: {said}");
    assert!(said.starts_with("error: in the environment, GROWSET_DRAIN:"), "{said}");
    let given = command.args(["--drain", "often"]).output().expect("the command was built");
    let said = String::from_utf8_lossy(&given.stderr).into_owned();
    assert!(said.starts_with("error: invalid value 'often' for '--drain <SECONDS>'"), "a flag goes first: {said}");
}

#[test]
fn a_server_that_would_let_strangers_in_does_not_start() {
    let open = growset(&["serve", "--address", "127.0.0.1:0"]).output().expect("the command was built");
    let world = growset(&["serve", "--dev", "--address", "0.0.0.0:0"]).output().expect("the command was built");
    for (output, way_out) in [(open, "--keys FILE"), (world, "127.0.0.1 only")] {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && said.contains(way_out), "{said}");
    }
}

#[test]
fn a_server_that_keeps_less_than_one_request_does_not_start() {
    for (arguments, way_out) in [
        (["--keep-events", "0"], "keep more, or lower --batch"),
        (["--keep-events", "999"], "--batch 1000"),
        (["--keep-megabytes", "3"], "keep 4 or more, or lower --body-bytes"),
    ] {
        let all = [["serve", "--dev", "--address", "127.0.0.1:0"].as_slice(), &arguments].concat();
        let output = growset(&all).output().expect("the command was built");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && said.contains(way_out), "{said}");
    }
    serve(&["--dev", "--keep-events", "100", "--batch", "100"]);
}

#[test]
fn dev_plays_the_examples_as_a_stream() {
    let workplace = Workplace::with_example();
    let mut dev = workplace.start(&["dev", "--address", "127.0.0.1:0"]);
    let said = dev.read_until("/events once");
    let (_, rest) = said.split_once("http://").expect("it says where");
    let (address, _) = rest.split_once('/').expect("it says where");
    let stream = TcpStream::connect(address).expect("it listens");
    // Held until the contracts are generated, then answered.
    (&stream).write_all(b"GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("it reads");
    let mut names = BufReader::new(&stream).lines().map_while(Result::ok).filter(|line| line.starts_with("event: "));
    assert_eq!(names.next().as_deref(), Some("event: growset.connected"));
    let example = names.next().expect("examples are played");
    assert!(!example.starts_with("event: growset."), "{example}");
}

#[test]
fn contracts_are_compared_with_what_a_running_server_admitted() {
    let workplace = Workplace::with_example();
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    let catalog = workplace.path("generated/catalog.json").display().to_string();
    let server = serve(&["--dev", "--catalog", &catalog]);
    let url = format!("http://{}", server.address);
    let same = workplace.growset(&["check", "--against", &url]);
    assert_eq!(same.code, 0, "{}{}", same.out, same.err);
    assert!(same.out.contains(&format!("in {url}: nothing breaks")), "{}", same.out);
    workplace.edit("contracts/orders/order.created.yaml", "orderId: OrderId", "number: OrderId");
    let broken = workplace.growset(&["check", "--against", &url]);
    assert!(broken.out.contains("promised by http://"), "{}{}", broken.out, broken.err);
    let elsewhere = workplace.growset(&["check", "--against", &format!("{url}/healthz")]);
    assert_eq!(elsewhere.code, 1, "{}", elsewhere.out);
    assert!(elsewhere.err.contains("cannot be read") && elsewhere.err.contains("no JSON"), "{}", elsewhere.err);
    server.terminate();
    let gone = workplace.growset(&["check", "--against", &url]);
    assert!(gone.code == 1 && gone.err.contains("cannot connect to 127.0.0.1"), "{}", gone.err);
}
