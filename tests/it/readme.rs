//! What the README shows is run.
//!
//! Blocks marked `run` are run in order in one fresh folder: of ```` ```sh run ```` every line, where `growset` is the
//! command under test and answers 0, or what ```` ```sh run <code> ```` says; of ```` ```text run ```` every line has to stand
//! in what the last command said, in order, `…` for anything; ```` ```yaml run <path> ```` is written to that path;
//! ```` ```ts run ```` has to compile against the generated package.

use std::path::Path;
use std::process::Command;

use crate::workplace::{Workplace, repository};

/// A marked block: its language, what follows `run`, and its lines.
struct Block {
    language: String,
    argument: String,
    text: String,
}

fn blocks(readme: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_inside = false;
    for line in readme.lines() {
        let fence = line.strip_prefix("```");
        match fence.map(|fence| fence.split_whitespace().collect::<Vec<_>>()).as_deref() {
            Some([language, "run", argument @ ..]) => {
                is_inside = true;
                let (language, argument) = ((*language).to_owned(), argument.concat());
                blocks.push(Block { language, argument, text: String::new() });
            }
            Some(_) => is_inside = false,
            None if is_inside => {
                if let Some(block) = blocks.last_mut() {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            }
            None => {}
        }
    }
    blocks
}

/// Runs every line, each to end with `code`, and answers how many there were and what the last one said.
fn run_shell(workplace: &Workplace, lines: &str, code: &str) -> (usize, String) {
    let code = if code.is_empty() { 0 } else { code.parse().expect("an exit code follows `run`") };
    let commands: Vec<Vec<&str>> = lines.lines().map(|line| line.split_whitespace().collect()).collect();
    let mut said = String::new();
    for command in &commands {
        let (program, arguments) = command.split_first().expect("a line of a marked block is a command");
        assert_eq!(*program, "growset", "only growset is run here");
        let answer = workplace.growset(arguments);
        assert_eq!(answer.code, code, "{command:?}\n{}{}", answer.out, answer.err);
        said = answer.out;
    }
    (commands.len(), said)
}

/// Every shown line is one of what was said, in order; `…` stands for anything inside a line.
fn assert_shown(said: &str, shown: &str) {
    let mut lines = said.lines();
    for line in shown.lines() {
        let (start, end) = line.split_once('…').unwrap_or((line, ""));
        let is_it = |said: &str| {
            if line.contains('…') { said.starts_with(start) && said.ends_with(end) } else { said == line }
        };
        assert!(lines.any(is_it), "no line {line:?} in its place of\n{said}");
    }
}

/// Compiles a script against the generated package, under the name that the package bears.
fn compile(workplace: &Workplace, script: &str) -> Result<(), String> {
    let tools = repository().join("tests/npm/node_modules");
    let compiler = tools.join("typescript6/bin/tsc");
    assert!(compiler.is_file(), "run `npm ci` in tests/npm first, or `cargo xtask test`");
    workplace.write("page.ts", script);
    let package = workplace.path("node_modules/@example");
    std::fs::create_dir_all(&package).expect("can be made");
    copy(&workplace.path("generated/typescript"), &package.join("events"));
    let output = Command::new("node")
        .arg(compiler)
        .args(["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom", "page.ts"])
        .current_dir(workplace.path(""))
        .output()
        .expect("node starts");
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stdout).into_owned()) }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("can be made");
    for entry in std::fs::read_dir(from).expect("can be read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("can be copied");
        }
    }
}

#[test]
fn what_the_readme_shows_works() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("can be read");
    let workplace = Workplace::new();
    let mut commands = 0;
    let mut scripts = 0;
    let mut last = String::new();
    for Block { language, argument, text } in blocks(&readme) {
        match language.as_str() {
            "sh" => {
                let (run, said) = run_shell(&workplace, &text, &argument);
                (commands, last) = (commands + run, said);
            }
            "text" => assert_shown(&last, &text),
            "yaml" => workplace.write(&argument, text),
            "ts" => {
                scripts += 1;
                assert_eq!(compile(&workplace, &text), Ok(()));
                let misspelt = text.replace(".carrier", ".carier");
                assert!(compile(&workplace, &misspelt).is_err_and(|errors| errors.contains("'carier'")));
            }
            other => panic!("no way to run {other}"),
        }
    }
    assert_eq!((commands, scripts), (13, 1));
}

/// The block after a fence of that language alone, which no other test runs.
fn plain_block<'a>(readme: &'a str, language: &str, first_line: &str) -> &'a str {
    let (_, block) = readme.split_once(&format!("```{language}\n{first_line}")).expect("is shown");
    block.split_once("```").expect("is closed").0
}

#[test]
fn the_rust_of_the_readme_compiles_and_prints_what_a_listener_reads() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("can be read");
    let workplace = Workplace::new();
    for block in blocks(&readme).into_iter().take_while(|block| block.language != "ts") {
        match block.language.as_str() {
            "sh" => _ = run_shell(&workplace, &block.text, &block.argument),
            "yaml" => workplace.write(&block.argument, block.text),
            _ => {}
        }
    }
    let dependencies = plain_block(&readme, "toml", "[dependencies]\n");
    let code = plain_block(&readme, "rust", "use example_events::order::OrderShipped;\n");
    workplace.write(
        "Cargo.toml",
        format!(
            "[workspace]\n[package]\nname = \"sender\"\nedition = \"2024\"\n[dependencies]\n{dependencies}\n\
             [patch.crates-io]\ngrowset-event = {{ path = {:?} }}\n",
            repository().join("crates/event")
        ),
    );
    workplace.write(
        "src/main.rs",
        format!(
            "use example_events::order::OrderShipped;\nfn main() -> Result<(), serde_json::Error> {{\n{code}\n\
             println!(\"{{payload}}\");\nOk(())\n}}\n"
        ),
    );
    // The versions that this workspace was built with are on the machine.
    std::fs::copy(repository().join("Cargo.lock"), workplace.path("Cargo.lock")).expect("can be copied");
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["run", "--quiet", "--offline"])
        .current_dir(workplace.path(""))
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme"))
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(printed, "{\"orderId\":\"ord_7f3k\",\"carrier\":\"Northern Post\"}\n");
}

#[test]
fn the_readme_names_every_verb() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("can be read");
    let help = Workplace::new().growset(&["--help"]).out;
    let verbs = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A description that is too long for its line goes on deeper on the next one.
    let verbs = verbs.filter(|line| !line.starts_with("   "));
    for verb in verbs.filter_map(|line| line.split_whitespace().next()).filter(|verb| *verb != "help") {
        assert!(readme.contains(&format!("`growset {verb}")), "the README does not name `growset {verb}`");
    }
}

#[test]
fn the_policy_of_the_readme_turns_lints_down_and_up() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("can be read");
    let policy = readme.lines().find(|line| line.starts_with("policy: ")).expect("the README shows a policy");
    let workplace = Workplace::with_example();
    workplace
        .write("contracts/pets/pet.added.yaml", "event: pet.added\naudience: org\ndoc: New.\nfields: { a: string }\n");
    let before = workplace.growset(&["check"]);
    assert!(before.code == 0 && before.out.contains("missing-example"), "{}", before.out);
    let settings = workplace.read("contracts/growset.yaml");
    workplace.write("contracts/growset.yaml", format!("{settings}{policy}\n"));
    let after = workplace.growset(&["check"]);
    assert!(after.code == 2 && after.out.contains("error[missing-owner]"), "{}", after.out);
    assert!(!after.out.contains("missing-example"), "{}", after.out);
}
