//! `tests/fixtures/import/<case>/`: schemas in, the report and the contracts out.
//!
//! `command` holds the lines to run; without it, `import json-schema schemas`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::workplace::{Workplace, repository};

#[test]
fn imports_are_as_the_snapshots_show() -> anyhow::Result<()> {
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(folder())?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    cases.sort();
    assert!(!cases.is_empty());
    for case in cases {
        let text = run(&case)?;
        insta::with_settings!({ snapshot_path => &case, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("import", text);
        });
    }
    Ok(())
}

fn folder() -> PathBuf {
    repository().join("tests/fixtures/import")
}

/// What every line of the command answers, and every contract in the end.
fn run(case: &Path) -> anyhow::Result<String> {
    let workplace = Workplace::new();
    copy(case, "", &workplace)?;
    let command = match case.join("command") {
        path if path.exists() => std::fs::read_to_string(path)?,
        _ => "import json-schema schemas\n".to_owned(),
    };
    let mut text = String::new();
    for line in command.lines() {
        let answer = workplace.growset(&line.split_whitespace().collect::<Vec<_>>());
        write!(text, "$ growset {line}\n{}{}exit {}\n\n", answer.out, answer.err, answer.code)?;
    }
    if workplace.exists("contracts") {
        // Whatever came in is a catalog that may be released.
        let check = workplace.growset(&["check"]);
        assert_eq!(check.code, 0, "{}: {}", case.display(), check.out);
        for (path, contract) in workplace.tree("contracts").iter().filter(|(path, _)| path.ends_with(".yaml")) {
            let body = contract.lines().filter(|line| !line.starts_with("# yaml-language-server"));
            writeln!(text, "=== {path}\n{}\n", body.collect::<Vec<_>>().join("\n").trim_end())?;
        }
    }
    Ok(text)
}

fn copy(from: &Path, below: &str, workplace: &Workplace) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &format!("{path}/"), workplace)?;
        } else {
            workplace.write(&path, std::fs::read(entry.path())?);
        }
    }
    Ok(())
}
