//! What contracts and the lock are compared with, when it comes from git or from elsewhere.

use std::path::Path;
use std::process::Command;

use crate::lock::released;
use crate::workplace::{Answer, Workplace, growset_in};

const CONTRACT: &str = "contracts/orders/order.created.yaml";
const LOCK: &str = "contracts/growset.lock";

/// Git without the settings of whoever runs the tests.
fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .expect("git starts");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit_all(folder: &Path, message: &str) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "-m", message]);
}

/// A released catalog on `main`, with a branch checked out.
fn branch() -> Workplace {
    let workplace = released();
    let folder = workplace.path("");
    git(&folder, &["init", "--quiet", "-b", "main"]);
    commit_all(&folder, "one");
    git(&folder, &["checkout", "--quiet", "-b", "work"]);
    workplace
}

fn shrink(workplace: &Workplace) {
    let kept: String = workplace
        .read(LOCK)
        .lines()
        .filter(|line| !line.contains("\"event\""))
        .map(|line| format!("{line}\n"))
        .collect();
    workplace.write(LOCK, kept);
}

fn has(answer: &Answer, code: i32, part: &str) {
    assert_eq!(answer.code, code, "{}{}", answer.out, answer.err);
    assert!(answer.out.contains(part) || answer.err.contains(part), "{part} in {}{}", answer.out, answer.err);
}

/// As in a pipeline.
fn in_ci(folder: &Path, arguments: &[&str]) -> Answer {
    crate::workplace::growset_with(folder, arguments, &[("CI", "true")])
}

#[test]
fn a_lock_that_lost_a_line_is_found_by_the_merge_base() {
    let workplace = branch();
    has(&workplace.growset(&["check"]), 0, "nothing breaks");
    shrink(&workplace);
    commit_all(&workplace.path(""), "shrink");
    let answer = workplace.growset(&["check"]);
    has(&answer, 100, "error[lock-shrunken]: contracts/growset.lock lost what it held at main");
    assert!(answer.out.contains("revision 0.1.0 of order.created"), "{}", answer.out);
    assert!(answer.out.contains(":contracts/growset.lock >> contracts/growset.lock`"), "{}", answer.out);
    has(&workplace.growset(&["release"]), 100, "nothing was released");
    has(&workplace.growset(&["check", "--base", "work"]), 0, "");
    std::fs::remove_file(workplace.path(LOCK)).expect("can be removed");
    has(&workplace.growset(&["check"]), 100, "error[lock-shrunken]");
}

#[test]
fn a_lock_whose_released_docs_were_edited_is_found_by_the_merge_base() {
    let workplace = branch();
    let lock = workplace.read(LOCK);
    let edited = lock.replacen("\"doc\":\"", "\"doc\":\"Not so. ", 1);
    assert!(edited != lock && edited.find("Not so") < edited.find("{\"type\""), "an event's line is edited");
    std::fs::write(workplace.path(LOCK), edited).expect("can be written");
    let answer = workplace.growset(&["check"]);
    has(&answer, 100, "lost what it held at main");
    has(&answer, 100, "the date, docs or examples of revision 0.1.0 of order.created");
}

#[test]
fn a_baseline_without_a_name_is_refused() {
    let workplace = branch();
    has(&workplace.growset(&["check", "--against", "/nowhere/at/all"]), 1, "look at the path");
    for option in ["--against", "--base"] {
        let answer = workplace.growset(&["check", option, ""]);
        assert!(answer.code == 1 && answer.err.contains(option), "{}{}", answer.out, answer.err);
    }
}

#[test]
fn locks_of_two_branches_merge_and_the_next_contract_grows_from_each() {
    let workplace = branch();
    let folder = workplace.path("");
    let grow = |field: &str, ty: &str, day: &str| {
        let line = format!("  {field}: {{ type: {ty}, doc: On top. }}\n  note: {{");
        workplace.edit(CONTRACT, "  note: {", &line);
        has(&workplace.growset(&["release", "--date", day]), 0, "released 0.2.0");
        commit_all(&folder, field);
    };
    grow("tip", "boolean", "2026-02-02");
    git(&folder, &["checkout", "--quiet", "-b", "other", "main"]);
    grow("hint", "string", "2026-02-03");
    // The contract conflicts and keeps one side; the lock keeps the lines of both.
    git(&folder, &["merge", "--quiet", "--no-edit", "-X", "ours", "work"]);
    has(&workplace.growset(&["check"]), 100, "optional field `tip` of order.created was removed");
    workplace.edit(CONTRACT, "  note: {", "  tip: { type: boolean, doc: On top. }\n  note: {");
    has(&workplace.growset(&["check"]), 0, "compared with 3 revisions");
    has(&workplace.growset(&["changelog", "0.1.0..0.2.0"]), 1, "0.2.0 was released more than once");
}

#[test]
fn detached_heads_subdirectories_worktrees_and_moved_folders_are_seen_through() {
    let workplace = branch();
    let folder = workplace.path("");
    shrink(&workplace);
    commit_all(&folder, "shrink");
    git(&folder, &["checkout", "--quiet", "--detach"]);
    has(&growset_in(&workplace.path("contracts/orders"), &["check"]), 100, "lock-shrunken");
    let beside = workplace.path("beside");
    git(&folder, &["worktree", "add", "--quiet", "beside", "work"]);
    has(&growset_in(&beside, &["check"]), 100, "lock-shrunken");
    git(&beside, &["mv", "contracts", "moved"]);
    std::fs::create_dir(beside.join("services")).expect("can be made");
    git(&beside, &["mv", "moved", "services/contracts"]);
    has(&growset_in(&beside, &["check", "--contracts", "services/contracts"]), 100, "lock-shrunken");
}

#[test]
fn what_cannot_be_verified_is_said_with_the_command_that_fetches_it() {
    let workplace = branch();
    git(&workplace.path(""), &["checkout", "--quiet", "main"]);
    let origin = format!("file://{}", workplace.path("").display());
    let place = Workplace::new();
    git(&place.path(""), &["clone", "--quiet", "--depth", "1", "--branch", "work", &origin, "shallow"]);
    let shallow = place.path("shallow");
    let answer = in_ci(&shallow, &["check"]);
    has(&answer, 100, "error[lock-unverified]: nothing shows that the lock only grew: no default branch is known here");
    assert!(answer.out.contains("git fetch --unshallow origin"), "{}", answer.out);
    has(&growset_in(&shallow, &["check"]), 0, "note[lock-unverified]");
    has(&growset_in(&shallow, &["check", "--base", "origin/main"]), 100, "fetch it: `git fetch origin main`");
    has(&growset_in(&shallow, &["check", "--base", "HEAD~1"]), 100, "fetch it: `git fetch --unshallow origin`");
    has(&growset_in(&shallow, &["check", "--base=--output=x"]), 100, "is not known here");

    let bare = released();
    has(
        &bare.growset(&["check"]),
        0,
        "note[lock-unverified]: nothing shows that the lock only grew: git sees no repository",
    );
    has(&in_ci(&bare.path(""), &["check"]), 100, "error[lock-unverified]");
    let nothing = crate::workplace::growset_with(&bare.path(""), &["check"], &[("PATH", "/nowhere")]);
    has(&nothing, 0, "there is no `git` command");
}

#[test]
fn a_git_ref_replaces_the_lock_and_the_work_tree_stays_as_it_is() {
    let workplace = branch();
    workplace.edit(CONTRACT, "total: { type: integer", "total: { type: number");
    let before = workplace.tree("");
    let answer = workplace.growset(&["check", "--against", "main"]);
    has(&answer, 100, "error[type-changed]");
    assert!(answer.out.contains("main:contracts/orders/order.created.yaml:9:"), "{}", answer.out);
    has(&workplace.growset(&["check", "--against", "main:contracts"]), 100, "error[type-changed]");
    has(&workplace.growset(&["check", "--against", "mian"]), 1, "`git fetch origin mian:mian` may bring it");
    has(&workplace.growset(&["check", "--against", "main:elsewhere"]), 1, "name the folder: `main:contracts`");
    crate::workplace::assert_same(&workplace.tree(""), &before);

    git(&workplace.path(""), &["mv", "contracts/orders", "contracts/sales"]);
    let answer = workplace.growset(&["check", "--against", "main"]);
    has(&answer, 100, "contracts/sales/order.created.yaml");
}

#[test]
fn a_folder_and_a_catalog_replace_the_lock_too() {
    let workplace = released();
    workplace.growset(&["generate"]);
    let old = Workplace::new();
    for (path, text) in workplace.tree("contracts") {
        old.write(&format!("contracts/{path}"), text);
    }
    workplace.write("old.json", workplace.read("generated/catalog.json"));
    workplace.edit(CONTRACT, "total: { type: integer", "total: { type: number");
    let folder = old.path("").display().to_string();
    has(&workplace.growset(&["check", "--against", &folder]), 100, "order.created.yaml:9:");
    has(&workplace.growset(&["check", "--against", "old.json"]), 100, "error[type-changed]");
    has(&workplace.growset(&["check", "--against", "http://127.0.0.1:1"]), 1, "cannot connect to 127.0.0.1:1");
    workplace.write("old.json", "{");
    has(&workplace.growset(&["check", "--against", "old.json"]), 1, "the baseline old.json is no catalog.json");
    old.edit(CONTRACT, "OrderId", "OrderIdd");
    has(&workplace.growset(&["check", "--against", &folder]), 1, "has errors of its own");
}
