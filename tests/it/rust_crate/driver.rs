//! Many generated crates as the modules of one, compiled once, with a program that passes payloads through their types.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use growset_codegen::Artifact;
use serde_json::Value;

use crate::workplace::repository;

const MANIFEST: &str = r#"
[workspace]

[package]
name = "NAME"
version = "0.1.0"
edition = "2021"

[lib]
name = "generated"
doctest = false

[features]
consume = []
draft = []

[profile.dev]
debug = false

[dependencies]
serde = { version = "1", features = ["derive"] }
serde_json = { version = "1", features = ["float_roundtrip"] }
"#;

/// Reads lines `<type> <payload>`, writes each payload as its type writes it, or why it is refused.
const MAIN: &str = r#"
use std::io::BufRead;

fn pass<T: serde::Serialize + serde::de::DeserializeOwned>(payload: &str) -> Result<String, String> {
    let value: T = serde_json::from_str(payload).map_err(|error| error.to_string())?;
    serde_json::to_string(&value).map_err(|error| error.to_string())
}

fn show<T: serde::Serialize>(value: T) -> Result<String, String> {
    serde_json::to_string(&value).map_err(|error| error.to_string())
}

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let (ty, payload) = line.split_once(' ').unwrap();
        let answer = match ty {
ARMS
            _ => Err(format!("no type {ty}")),
        };
        match answer {
            Ok(payload) => println!("{payload}"),
            Err(error) => println!("refused {}", error.replace('\n', " ")),
        }
    }
}
"#;

/// What a type made of a payload: the payload as it writes it, or why it refuses it.
pub(crate) type Answer = Result<Value, String>;

/// A compiled crate.
pub(crate) struct Driver {
    program: PathBuf,
    /// By case and event name, the path of the type.
    types: BTreeMap<(String, String), String>,
}

impl Driver {
    /// Compiles the Rust crates of some catalogs, as modules of those names, with and without their features.
    pub(crate) fn build(name: &str, cases: &[(String, Vec<Artifact>)]) -> anyhow::Result<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rust-crate").join(name);
        let _ = fs::remove_dir_all(&folder);
        let mut types = BTreeMap::new();
        let mut arms = String::new();
        let mut library = String::from("#![deny(warnings)]\n");
        for (case, artifacts) in cases {
            writeln!(library, "pub mod {case};")?;
            for artifact in artifacts {
                write_module(&folder, case, artifact)?;
                for (event, ty, has_example) in events_of(artifact) {
                    let path = format!("generated::{case}::{ty}");
                    writeln!(arms, "            \"{path}\" => pass::<{path}>(payload),")?;
                    if has_example {
                        writeln!(arms, "            \"{path}::example\" => show({path}::example()),")?;
                    }
                    types.insert((case.clone(), event), path);
                }
            }
        }
        let event_crate = repository().join("crates/event");
        let manifest = MANIFEST.replace("NAME", name) + &format!("growset-event = {{ path = {event_crate:?} }}\n");
        write(&folder.join("Cargo.toml"), &manifest)?;
        fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock"))?;
        write(&folder.join("src/lib.rs"), &library)?;
        write(&folder.join("src/main.rs"), &MAIN.replace("ARMS\n", &arms))?;
        cargo(&folder, &["check", "--offline", "--quiet", "--lib"])?;
        cargo(&folder, &["build", "--offline", "--quiet", "--features", "consume,draft"])?;
        let program = target().join("debug").join(name).with_extension(std::env::consts::EXE_EXTENSION);
        Ok(Self { program, types })
    }

    /// What the type of each event makes of a payload; the case and the event come first.
    pub(crate) fn pass(&self, payloads: &[(&str, &str, &Value)]) -> anyhow::Result<Vec<Answer>> {
        let lines = payloads
            .iter()
            .map(|(case, event, payload)| Ok(format!("{} {payload}\n", self.path(case, event)?)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        self.run(&lines)
    }

    /// What `example()` of each event gives.
    pub(crate) fn examples(&self, events: &[(&str, &str)]) -> anyhow::Result<Vec<Answer>> {
        let lines = events
            .iter()
            .map(|(case, event)| Ok(format!("{}::example -\n", self.path(case, event)?)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        self.run(&lines)
    }

    fn path(&self, case: &str, event: &str) -> anyhow::Result<&String> {
        self.types.get(&(case.to_owned(), event.to_owned())).with_context(|| format!("no type for {event} of {case}"))
    }

    fn run(&self, lines: &[String]) -> anyhow::Result<Vec<Answer>> {
        let mut child = Command::new(&self.program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut stdin = child.stdin.take().context("stdin is a pipe")?;
        let text = lines.concat();
        let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
        let output = child.wait_with_output()?;
        writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))??;
        ensure!(output.status.success(), "the driver failed");
        let answers: Vec<Answer> = String::from_utf8(output.stdout)?
            .lines()
            .map(|line| match line.strip_prefix("refused ") {
                Some(reason) => Ok(Err(reason.to_owned())),
                None => serde_json::from_str(line).map(Ok),
            })
            .collect::<Result<_, _>>()?;
        ensure!(answers.len() == lines.len(), "{} answers to {} lines", answers.len(), lines.len());
        Ok(answers)
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("rust-crate/target")
}

/// Puts a file of a generated crate below a module: only paths from its root have to change.
fn write_module(folder: &Path, case: &str, artifact: &Artifact) -> anyhow::Result<()> {
    let Some(path) = artifact.path.strip_prefix("rust/src/") else {
        return Ok(());
    };
    let path = if path == "lib.rs" { "mod.rs" } else { path };
    let text = artifact.text.replace("crate::", &format!("crate::{case}::"));
    write(&folder.join("src").join(case).join(path), &text)
}

/// The events of a file: name, path of the type from the crate's root, whether there is an example.
fn events_of(artifact: &Artifact) -> Vec<(String, String, bool)> {
    let path = artifact.path.trim_start_matches("rust/src/").trim_end_matches(".rs").trim_end_matches("/draft");
    let module = if syn::parse_str::<syn::Ident>(path).is_ok() { path.to_owned() } else { format!("r#{path}") };
    let mut events = Vec::new();
    let mut has_example = false;
    let mut lines = artifact.text.lines();
    while let Some(line) = lines.next() {
        has_example |= line == "    pub fn example() -> Self {";
        let Some(ty) = line.strip_prefix("impl growset_event::Event for ") else {
            continue;
        };
        let name = lines.next().and_then(|line| line.split('"').nth(1)).unwrap_or_default();
        events.push((name.to_owned(), format!("{module}::{}", ty.trim_end_matches(" {")), has_example));
        has_example = false;
    }
    events
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(path.parent().context("has a folder")?)?;
    Ok(fs::write(path, text)?)
}

fn cargo(folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS")
        .output()?;
    ensure!(output.status.success(), "cargo {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    Ok(())
}
