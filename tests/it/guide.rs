//! What the guide to serving shows of tokens is run as it stands.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::serve::serve;
use crate::workplace::repository;

/// The shell's blocks of one section of the guide.
fn blocks(section: &str) -> Vec<String> {
    let guide = std::fs::read_to_string(repository().join("crates/cli/pages/serving.md")).expect("it is there");
    let (_, from) = guide.split_once(&format!("## {section}\n")).expect("it has this section");
    let (section, _) = from.split_once("\n## ").unwrap_or((from, ""));
    let blocks = section.split("```sh\n").skip(1);
    blocks.map(|block| block.split_once("```").expect("it ends").0.to_owned()).collect()
}

/// `cargo xtask test` installs both where it may, and says so where it may not.
fn are_there(programs: [&str; 2]) -> bool {
    let is_there = programs.iter().all(|program| Path::new("/usr/bin").join(program).is_file());
    assert!(is_there || std::env::var_os("CI").is_none(), "`apt-get install {}`", programs.join(" "));
    is_there
}

#[test]
fn a_token_is_made_by_hand_and_opens_a_stream() {
    if !are_there(["curl", "openssl"]) {
        return;
    }
    let folder = tempfile::tempdir().expect("there is room");
    let [sign, listen, publish] = blocks("Make a token").try_into().expect("three blocks");
    // What the terminals of the guide share.
    let shell = |script: &str| {
        let mut command = Command::new("sh");
        command.args(["-euc", script]).current_dir(folder.path()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    };
    let told = shell(&format!("{sign}echo \"$LISTENER $PUBLISHER\"")).output().expect("there is a shell");
    let told = String::from_utf8(told.stdout).expect("is text");
    let (listener, publisher) = told.trim().split_once(' ').expect("two tokens");
    let keys = folder.path().join("secret.key").display().to_string();
    let served = serve(&["--keys", &keys]);
    let ask = |block: &str| {
        let block = block.replace("127.0.0.1:8080", &served.address);
        let mut command = shell(&format!("exec {block}"));
        command.env("LISTENER", listener).env("PUBLISHER", publisher);
        command
    };
    let mut listening = ask(&listen).spawn().expect("there is a shell");
    let lines = BufReader::new(listening.stdout.take().expect("is piped")).lines();
    let mut names = lines.map_while(Result::ok).filter(|line| line.starts_with("event: "));
    assert_eq!(names.next().as_deref(), Some("event: growset.connected"));
    let published = ask(&publish).output().expect("there is a shell");
    let published = String::from_utf8_lossy(&published.stdout).into_owned();
    assert!(published.starts_with(r#"{"id":""#), "{published}");
    assert_eq!(names.next().as_deref(), Some("event: order.created"));
    listening.kill().expect("it runs");
    listening.wait().expect("it ends");
}
