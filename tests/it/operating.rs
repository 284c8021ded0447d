//! What an operator meets: certificates, logs, and disks that are full, damaged or taken.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::Command;

use serde_json::Value;

use crate::serve::{growset, serve, serve_by};
use crate::workplace::{growset_in, repository};

const RELEASED: &str = r#"{"event":"escrow.released","data":{"orderId":"ord_1","milestoneId":"mil_1","amount":5}}"#;

#[test]
fn a_full_disk_fails_publishes_clearly_while_listening_goes_on() {
    let folder = tempfile::tempdir().expect("there is room");
    let data = folder.path().display().to_string();
    // What is over the limit of one file's size fails as on a full disk, once the signal that comes with it is ignored.
    let script = r#"trap '' XFSZ; ulimit -f 1024; exec "$0" serve --address 127.0.0.1:0 --dev --data "$1""#;
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_growset-under-test"), &data]).current_dir(repository());
    let served = serve_by(command);
    let stream = TcpStream::connect(&served.address).expect("it listens");
    (&stream).write_all(b"GET /events?events=escrow.released HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("it reads");
    let mut heard = BufReader::new(&stream).lines().map_while(Result::ok).filter(|line| line.starts_with("event: "));
    assert_eq!(heard.next().as_deref(), Some("event: growset.connected"));
    let batch = format!("[{}]", vec![RELEASED; 500].join(","));
    let mut answers = (0..100).map(|_| served.ask("POST", "/publish", &batch));
    let refused = answers.find(|answer| !answer.starts_with("HTTP/1.1 201")).expect("it is full some time");
    assert!(refused.contains("store-failed") && refused.contains("nothing was stored: cannot write to"), "{refused}");
    let polled = served.ask("GET", "/poll?events=escrow.released", "");
    assert!(polled.starts_with("HTTP/1.1 200"), "{polled}");
    assert_eq!(heard.next().as_deref(), Some("event: escrow.released"), "what was taken is heard");
    drop(heard);
    drop(stream);
    assert_eq!(served.terminate().0, Some(0));
    // With room again, everything that was answered is there, and it goes on.
    let served = serve(&["--dev", "--data", &data]);
    assert!(served.ask("POST", "/publish", RELEASED).starts_with("HTTP/1.1 201"));
}

#[test]
fn a_folder_that_is_taken_or_damaged_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().expect("there is room");
    let data = folder.path().display().to_string();
    let start = || growset_in(&repository(), &["serve", "--address", "127.0.0.1:0", "--dev", "--data", &data]);
    let served = serve(&["--dev", "--data", &data]);
    for _ in 0..3 {
        assert!(served.ask("POST", "/publish", RELEASED).starts_with("HTTP/1.1 201"));
    }
    let second = start();
    assert_eq!(second.code, 1);
    assert!(second.err.contains("is in use by another process; give each node a folder of its own"), "{}", second.err);
    served.terminate();

    let log = folder.path().join("events-0000000000.log");
    let whole = fs::read(&log).expect("it is there");
    let mut damaged = whole.clone();
    let middle = whole.len() - 600;
    damaged[middle] ^= 1;
    fs::write(&log, damaged).expect("there is room");
    let refused = start();
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("is corrupt at byte") && refused.err.contains("restore a backup"), "{}", refused.err);

    fs::write(&log, &whole[..whole.len() - 5]).expect("there is room");
    let served = serve(&["--dev", "--data", &data]);
    let (code, said) = served.terminate();
    assert_eq!(code, Some(0), "{said}");
    let aside = fs::read_dir(folder.path()).expect("it is there").flatten();
    assert_eq!(aside.filter(|file| file.file_name().to_string_lossy().starts_with("torn-")).count(), 1);
}

#[test]
fn a_certificate_is_all_that_tls_takes() {
    let folder = tempfile::tempdir().expect("there is room");
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("is made");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (certificate, key) = (path("cert.pem"), path("key.pem"));
    fs::write(&certificate, made.cert.pem()).expect("there is room");
    fs::write(&key, made.signing_key.serialize_pem()).expect("there is room");
    let served = serve(&["--dev", "--tls-cert", &certificate, "--tls-key", &key]);
    let (_, port) = served.address.split_once(':').expect("has a port");
    let url = format!("https://localhost:{port}");
    let emitted = growset_in(&repository(), &["emit", &url, "--ca", &certificate, "--event", "order.created"]);
    assert_eq!(emitted.code, 0, "{}{}", emitted.out, emitted.err);
    let swapped = growset(&["serve", "--dev", "--tls-cert", &key, "--tls-key", &key]).output().expect("is built");
    let said = String::from_utf8_lossy(&swapped.stderr).into_owned();
    assert!(swapped.status.code() == Some(1) && said.contains("holds no certificate in PEM"), "{said}");
}

#[test]
fn logs_are_lines_of_json_without_what_was_sent() {
    let folder = tempfile::tempdir().expect("there is room");
    let log = folder.path().join("log");
    let arguments = ["serve", "--address", "127.0.0.1:0", "--dev", "--log", "trace", "--log-format", "json"];
    let mut command = growset(&arguments);
    command.stderr(File::create(&log).expect("there is room"));
    let served = serve_by(command);
    let secret = RELEASED.replace("ord_1", "ord_secret");
    assert!(served.ask("POST", "/publish", &secret).starts_with("HTTP/1.1 201"));
    assert!(served.ask("POST", "/publish", &secret.replace(":5", r#":"secret""#)).starts_with("HTTP/1.1 422"));
    let ticket = served.ask("POST", "/tickets", "");
    let (_, ticket) = ticket.split_once(r#""ticket":""#).expect("is given");
    let ticket = ticket.trim_end_matches(['"', '}']).to_owned();
    assert!(served.ask("GET", &format!("/poll?ticket={ticket}&events=nothing"), "").starts_with("HTTP/1.1 400"));
    served.terminate();
    let text = fs::read_to_string(&log).expect("is text");
    assert!(!text.contains("secret") && !text.contains(&ticket), "{text}");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect();
    let said: Vec<&str> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    assert!(said.contains(&"a publish was refused") && said.contains(&"leaving"), "{said:?}");
    assert!(lines.iter().any(|line| line["rule"] == "invalid-payload" && line["event"] == "escrow.released"), "{text}");
}
