//! `cargo xtask new-rule <id>`: everything that a rule consists of, so far that it compiles. What is still to be
//! written is what the tests then complain of: the page, and contracts that break the rule.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::cargo::cargo;
use crate::step;

mod texts;

/// A rule of what may change, or of what a catalog alone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Growth,
    Lint,
}

/// Writes a rule's files and its lines, and says what is next.
pub(crate) fn run(root: &Path, id: &str, kind: Kind) -> Result<()> {
    let taken: Vec<&str> = growset_cli::all_rules().iter().map(|rule| rule.id).collect();
    for path in scaffold(root, id, kind, &taken)? {
        println!("wrote {}", path.strip_prefix(root).unwrap_or(&path).display());
    }
    let module = id.replace('-', "_");
    match kind {
        Kind::Growth => println!(
            "next: have `judge` in crates/compat/src/growth/verdict.rs call `r::{module}::judge`, write the page, make \
             the two contracts of the fixture differ, and read what `GROWSET_UPDATE=1 cargo test -p growset-tests` writes"
        ),
        Kind::Lint => println!(
            "next: write `check`, the page, and a contract that breaks the rule, and read what `GROWSET_UPDATE=1 cargo \
             test -p growset-tests` writes"
        ),
    }
    Ok(())
}

/// What is written, as it is, in a copy of the repository: it has to compile and pass the tests of its crate, which hold
/// the tables against the files.
pub(crate) fn try_out(root: &Path) -> Result<()> {
    let copy = tempfile::tempdir().context("create a folder for a copy of the repository")?;
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().context("start git")?;
    ensure!(listed.status.success(), "git lists no files of {}", root.display());
    for path in String::from_utf8(listed.stdout)?.split_terminator('\0') {
        let (from, to) = (root.join(path), copy.path().join(path));
        if from.is_file() {
            fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
            fs::copy(&from, &to).with_context(|| format!("copy {}", from.display()))?;
        }
    }
    scaffold(copy.path(), "field-tried-out", Kind::Growth, &[])?;
    scaffold(copy.path(), "order-tried-out", Kind::Lint, &[])?;
    let mut command = cargo(copy.path());
    command.args(["test", "--package", "growset-compat", "--lib"]);
    command.env("CARGO_TARGET_DIR", root.join("target"));
    step::run("new rules, compiled", &mut command, step::summaries)
}

/// Everything is looked at before anything is written, so that a refusal leaves nothing behind.
fn scaffold(root: &Path, id: &str, kind: Kind, taken: &[&str]) -> Result<Vec<PathBuf>> {
    let module = module(id)?;
    ensure!(!taken.contains(&id), "{id} is a rule already; ids are never reused, choose another");
    let compat = root.join("crates/compat/src");
    let (table, folder) = match kind {
        Kind::Growth => (compat.join("growth/rules.rs"), compat.join("growth/rules")),
        Kind::Lint => (compat.join("lints.rs"), compat.join("lints")),
    };
    let text = fs::read_to_string(&table).with_context(|| format!("read {}", table.display()))?;
    let (declaration, row) = match kind {
        Kind::Growth => (format!("pub(crate) mod {module};"), format!("    &{module}::RULE,")),
        Kind::Lint => {
            (format!("mod {module};"), format!("    Lint {{ rule: &{module}::RULE, check: {module}::check }},"))
        }
    };
    let text = with_line(&with_line(&text, &declaration)?, &row)?;
    let mut files = vec![
        (folder.join(format!("{module}.rs")), texts::rule(id, kind)),
        (root.join(format!("crates/cli/pages/rules/{id}.md")), texts::page(id, kind)),
    ];
    files.extend(texts::fixture(kind).into_iter().map(|(path, text)| {
        let area = if kind == Kind::Growth { "growth" } else { "lints" };
        (root.join(format!("tests/fixtures/{area}/{id}")).join(path), text)
    }));
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        bail!("{} is there already; remove it, or choose another id", path.display());
    }
    files.push((table, text));
    for (path, text) in &files {
        let folder = path.parent().context("a file lies in a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
        fs::write(path, text).with_context(|| format!("write {}", path.display()))?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// The module of a rule, which its id has to make a good name for.
fn module(id: &str) -> Result<String> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase());
    let module = id.replace('-', "_");
    ensure!(
        id.contains('-') && id.split('-').all(is_word) && syn::parse_str::<syn::Ident>(&module).is_ok(),
        "{id:?} is no id of a rule; write two or more lower-case words with hyphens that name the bad pattern and read \
         well after \"allow\", such as field-removed"
    );
    Ok(module)
}

/// The text with one more line among those of its kind, in their order. The kind is what the line starts with, up to
/// the name that the lines differ by.
fn with_line(text: &str, line: &str) -> Result<String> {
    let start = ["pub(crate) mod ", "mod ", "    &", "    Lint { rule: &"]
        .into_iter()
        .find(|start| line.starts_with(start))
        .with_context(|| format!("{line:?} belongs to no table"))?;
    let end = line.chars().next_back().context("a line has an end")?;
    let mut lines: Vec<&str> = text.lines().collect();
    let is_of_kind = |other: &str| other.starts_with(start) && other.ends_with(end);
    let after = lines.iter().rposition(|other| is_of_kind(other) && *other < line);
    let first = lines.iter().position(|other| is_of_kind(other));
    let at = after.map(|index| index + 1).or(first).with_context(|| format!("no line starts with {start:?}"))?;
    lines.insert(at, line);
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const XTASK: &str = env!("CARGO_MANIFEST_DIR");

    /// A folder with copies of the two tables.
    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder can be made");
        for table in ["crates/compat/src/growth/rules.rs", "crates/compat/src/lints.rs"] {
            let copy = folder.path().join(table);
            fs::create_dir_all(copy.parent().expect("lies in a folder")).expect("a folder can be made");
            fs::copy(Path::new(XTASK).join("..").join(table), copy).expect("the table can be copied");
        }
        folder
    }

    /// The names that a table's lines differ by.
    fn names(table: &str, start: &str, end: &str) -> Vec<String> {
        let name = |line: &str| line.strip_prefix(start)?.split_once(end).map(|(name, _)| name.to_owned());
        table.lines().filter_map(name).collect()
    }

    #[test]
    fn a_growth_rule_gets_its_file_its_lines_its_page_and_its_fixture() {
        for id in ["aaa-first", "field-moved", "zzz-last"] {
            let folder = repository();
            let written = scaffold(folder.path(), id, Kind::Growth, &["field-removed"]).expect("is written");
            assert_eq!(written.len(), 5, "{written:?}");
            let read = |path: &str| fs::read_to_string(folder.path().join(path)).expect("was written");
            let module = id.replace('-', "_");
            let table = read("crates/compat/src/growth/rules.rs");
            let (modules, rows) = (names(&table, "pub(crate) mod ", ";"), names(&table, "    &", "::RULE,"));
            assert!(modules.contains(&module) && modules.is_sorted(), "{modules:?}");
            assert_eq!(modules, rows);
            let rule = read(&format!("crates/compat/src/growth/rules/{module}.rs"));
            assert!(syn::parse_file(&rule).is_ok() && rule.contains(&format!("id: \"{id}\"")), "{rule}");
            assert!(read(&format!("crates/cli/pages/rules/{id}.md")).starts_with(&format!("# {id}\n")));
            for side in ["old", "new"] {
                read(&format!("tests/fixtures/growth/{id}/first/{side}/order.created.yaml"));
            }
        }
    }

    #[test]
    fn a_lint_gets_its_file_its_lines_its_page_and_its_fixture() {
        let folder = repository();
        scaffold(folder.path(), "field-in-vain", Kind::Lint, &[]).expect("is written");
        let read = |path: &str| fs::read_to_string(folder.path().join(path)).expect("was written");
        let table = read("crates/compat/src/lints.rs");
        let (modules, rows) = (names(&table, "mod ", ";"), names(&table, "    Lint { rule: &", "::RULE"));
        assert!(modules.contains(&"field_in_vain".to_owned()) && modules.is_sorted(), "{modules:?}");
        assert_eq!(modules, rows);
        assert!(syn::parse_file(&table).is_ok());
        assert!(syn::parse_file(&read("crates/compat/src/lints/field_in_vain.rs")).is_ok());
        assert!(read("crates/cli/pages/rules/field-in-vain.md").starts_with("# field-in-vain\n"));
        for file in ["growset.yaml", "order.rated.yaml"] {
            read(&format!("tests/fixtures/lints/field-in-vain/contracts/{file}"));
        }
    }

    /// The contracts of one side of a fixture, whose files are those below `prefix`.
    fn read_fixture(kind: Kind, prefix: &str) -> growset_syntax::Reading {
        let input = |path: &str, text: String| growset_syntax::Input {
            path: path.to_owned(),
            shown: path.to_owned(),
            bytes: text.into_bytes(),
        };
        let files = texts::fixture(kind).into_iter();
        let mut inputs: Vec<_> =
            files.filter_map(|(path, text)| Some(input(path.strip_prefix(prefix)?, text))).collect();
        if kind == Kind::Growth {
            inputs.push(input("growset.yaml", texts::settings().to_owned())); // As the tests of growth add it.
        }
        growset_syntax::read(inputs)
    }

    #[test]
    fn the_contracts_of_a_new_fixture_are_valid_and_break_nothing_yet() {
        for (kind, prefix) in [(Kind::Growth, "first/old/"), (Kind::Growth, "first/new/"), (Kind::Lint, "contracts/")] {
            let reading = read_fixture(kind, prefix);
            assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
            assert_eq!(reading.catalog.events.len(), 1, "{prefix}");
        }
        let [old, new] = ["first/old/", "first/new/"].map(|side| read_fixture(Kind::Growth, side).catalog);
        let baseline = growset_compat::growth::Baseline::of_catalog("1.0.0", &old);
        let report = growset_compat::growth::growth(&baseline, &new);
        assert!(report.findings.is_empty() && report.changes.is_empty(), "{report:?}");
    }

    #[test]
    fn taken_and_bad_ids_are_refused_and_nothing_is_written() {
        let folder = repository();
        let before = fs::read_to_string(folder.path().join("crates/compat/src/lints.rs")).expect("is there");
        for id in [
            "field-removed",
            "Field-moved",
            "field_moved",
            "field--moved",
            "-field",
            "field-",
            "field",
            "",
            "../a-b",
            "fïeld-moved",
        ] {
            assert!(scaffold(folder.path(), id, Kind::Growth, &["field-removed"]).is_err(), "{id}");
            assert!(scaffold(folder.path(), id, Kind::Lint, &["field-removed"]).is_err(), "{id}");
        }
        assert!(!folder.path().join("crates/cli").exists() && !folder.path().join("tests").exists());
        let after = fs::read_to_string(folder.path().join("crates/compat/src/lints.rs")).expect("is there");
        assert_eq!(before, after);
    }

    #[test]
    fn what_is_there_is_not_overwritten() {
        let folder = repository();
        scaffold(folder.path(), "field-moved", Kind::Growth, &[]).expect("is written");
        let error = scaffold(folder.path(), "field-moved", Kind::Lint, &[]).expect_err("the page is there");
        assert!(error.to_string().contains("field-moved.md is there already"), "{error}");
    }
}
