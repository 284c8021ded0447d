//! `generate` keeps the generated folder equal to the contracts, and never half-written.

use std::process::Command;

use crate::workplace::{Workplace, assert_same};

/// A file of the example whose text depends on its events.
const SCHEMA: &str = "generated/schemas/order.created.json";

fn generated() -> Workplace {
    let workplace = Workplace::with_example();
    let answer = workplace.growset(&["generate"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{}", answer.out);
    workplace
}

/// Runs git with a name and without anybody's settings.
fn git(workplace: &Workplace, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .current_dir(workplace.path(""))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_same_contracts_give_the_same_bytes_wherever_the_command_is_started() {
    let (first, second) = (generated(), Workplace::with_example());
    let folder = second.path("contracts/orders");
    let answer = crate::workplace::growset_in(&folder, &["generate"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_same(&first.tree("generated"), &second.tree("generated"));
}

#[test]
fn every_target_says_in_one_line_what_changed() {
    let workplace = generated();
    workplace.write("generated/schemas/order.lost.json", "{}");
    workplace.write(SCHEMA, "{}");
    let answer = workplace.growset(&["generate"]);
    let line = answer.out.lines().find(|line| line.starts_with("schemas ")).expect("has a line for schemas");
    assert!(line.contains("1 written, ") && line.ends_with(" unchanged, 1 removed"), "{line}");
    assert!(!workplace.exists("generated/schemas/order.lost.json"));
}

#[test]
fn a_run_with_nothing_to_do_touches_no_file() {
    let workplace = generated();
    let modified = || workplace.path(SCHEMA).metadata().and_then(|found| found.modified()).expect("has a time");
    let before = modified();
    let answer = workplace.growset(&["generate"]);
    assert!(!answer.out.contains("written"), "{}", answer.out);
    assert_eq!(before, modified());
}

#[test]
fn a_hand_edit_is_undone_even_when_it_keeps_the_size() {
    let workplace = generated();
    let good = workplace.read(SCHEMA);
    workplace.edit(SCHEMA, "order", "ordre");
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    assert_eq!(workplace.read(SCHEMA), good);
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    std::fs::remove_file(workplace.path(SCHEMA)).expect("can be removed");
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    assert_eq!(workplace.read(SCHEMA), good);
}

#[test]
fn files_that_no_target_claims_are_removed_with_their_empty_folders() {
    let workplace = generated();
    let before = workplace.tree("generated");
    workplace.write("generated/docs/old/deep/page.md", "old");
    workplace.write("generated/stray.txt", "stray");
    let answer = workplace.growset(&["generate"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_same(&workplace.tree("generated"), &before);
    assert!(!workplace.exists("generated/docs/old"));
}

#[test]
fn what_is_removed_is_named_and_laid_at_nobodys_door() {
    let workplace = generated();
    workplace.write("generated/stray.txt", "stray");
    let answer = workplace.growset(&["generate"]);
    assert!(answer.out.contains("\nremoved generated/stray.txt\n"), "{}", answer.out);
    let line = answer.out.lines().find(|line| line.contains("1 removed")).expect("is counted");
    assert!(line.starts_with("(no target)"), "{line}");
}

#[test]
fn guides_are_linked_and_the_manual_of_rules_is_not_generated() {
    let workplace = generated();
    let readme = workplace.read("generated/README.md");
    let files = workplace.tree("generated");
    let guides: Vec<&String> = files.keys().filter(|path| path.starts_with("docs/guides/")).collect();
    assert!(!guides.is_empty());
    for path in guides.into_iter().map(String::as_str).chain(["docs/README.md"]) {
        assert!(files.contains_key(path) && readme.contains(&format!("({path})")), "{path}");
    }
    assert!(!workplace.exists("generated/docs/rules"));
}

#[test]
fn what_builds_leave_behind_stays() {
    let workplace = generated();
    for path in ["rust/target/debug/x", "rust/Cargo.lock", "typescript/node_modules/a/b.js"] {
        workplace.write(&format!("generated/{path}"), "built");
    }
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    assert_eq!(workplace.growset(&["generate", "--check"]).code, 0);
    for path in ["rust/target/debug/x", "rust/Cargo.lock", "typescript/node_modules/a/b.js"] {
        assert!(workplace.exists(&format!("generated/{path}")), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_removed_and_never_followed() {
    let workplace = generated();
    workplace.write("precious/file.txt", "precious");
    std::os::unix::fs::symlink(workplace.path("precious"), workplace.path("generated/link")).expect("can be linked");
    std::fs::remove_dir_all(workplace.path("generated/schemas")).expect("can be removed");
    std::os::unix::fs::symlink(workplace.path("precious"), workplace.path("generated/schemas")).expect("can be linked");
    let answer = workplace.growset(&["generate"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert!(!workplace.exists("generated/link"));
    assert_eq!(workplace.tree("precious").len(), 1);
    assert!(workplace.exists(SCHEMA));
}

#[test]
fn a_folder_that_growset_did_not_make_is_left_alone() {
    let workplace = Workplace::with_example();
    workplace.write("generated/by-another-tool.ts", "export {};");
    for verb in [&["generate"][..], &["generate", "--check"]] {
        let answer = workplace.growset(verb);
        assert_eq!(answer.code, 1);
        let expected = "holds by-another-tool.ts, and nothing shows that growset made this folder";
        assert!(answer.err.contains(expected), "{}", answer.err);
        assert!(answer.err.contains("`git checkout HEAD -- generated/README.md`"), "{}", answer.err);
    }
    assert_eq!(workplace.tree("generated").len(), 1);
}

#[cfg(unix)]
#[test]
fn a_folder_around_the_contracts_is_refused_without_a_look_into_it() {
    let workplace = Workplace::with_example();
    // A walk of the whole disk fails at what only the system may read, or takes minutes.
    for folder in ["contracts", "contracts/generated", ".", "/"] {
        for verb in [&["generate", "--generated", folder][..], &["generate", "--check", "--generated", folder]] {
            let answer = workplace.growset_unprivileged(verb);
            assert_eq!(answer.code, 1, "{folder}");
            assert!(answer.err.contains("lie in one another; keep them apart"), "{folder}: {}", answer.err);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_folder_is_called_a_link() {
    let workplace = Workplace::with_example();
    workplace.write("elsewhere/file.txt", "precious");
    std::os::unix::fs::symlink(workplace.path("elsewhere"), workplace.path("generated")).expect("can be linked");
    let answer = workplace.growset(&["generate"]);
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("generated is a link, and `generate` changes nothing behind a link"), "{}", answer.err);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_not_called_missing() {
    let workplace = generated();
    workplace.set_mode("generated/catalog.json", 0o000);
    let answer = workplace.growset_unprivileged(&["generate", "--check"]);
    workplace.set_mode("generated/catalog.json", 0o644);
    assert_eq!(answer.code, 4, "{}", answer.err);
    assert!(answer.out.starts_with("unreadable: generated/catalog.json: permission denied\n"), "{}", answer.out);
    std::fs::remove_file(workplace.path("generated/catalog.json")).expect("can be removed");
    assert!(workplace.growset(&["generate", "--check"]).out.starts_with("missing: generated/catalog.json\n"));
}

#[test]
fn a_folder_that_lost_its_marker_is_still_known() {
    let workplace = generated();
    let before = workplace.tree("generated");
    let marker = workplace.path("generated/README.md");
    let ways: [fn(&std::path::Path); 3] = [
        |marker| std::fs::remove_file(marker).expect("can be removed"),
        |marker| std::fs::write(marker, "").expect("can be written"),
        |marker| std::fs::write(marker, "# Our events\n").expect("can be written"),
    ];
    for lose in ways {
        lose(&marker);
        // In a fresh clone nothing remembers what was generated.
        std::fs::remove_dir_all(workplace.path(".growset")).expect("can be removed");
        assert_eq!(workplace.growset(&["generate", "--check"]).code, 4);
        assert_eq!(workplace.growset(&["generate"]).code, 0);
        assert_same(&workplace.tree("generated"), &before);
    }
}

#[test]
fn a_folder_that_lost_its_marker_and_its_headers_is_known_by_the_stamp() {
    let workplace = generated();
    let before = workplace.tree("generated");
    for path in before.keys().filter(|path| *path != "catalog.json") {
        workplace.write(&format!("generated/{path}"), "");
    }
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    assert_same(&workplace.tree("generated"), &before);
}

#[test]
fn a_folder_of_another_tool_in_the_place_of_ours_is_left_alone() {
    let workplace = generated();
    std::fs::remove_dir_all(workplace.path("generated")).expect("can be removed");
    workplace.write("generated/README.md", "by another tool");
    workplace.write("generated/catalog.json", "{}");
    assert_eq!(workplace.growset(&["generate"]).code, 1);
    assert_eq!(workplace.tree("generated").len(), 2);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_changed_stops_everything_beforehand() {
    let workplace = generated();
    let before = workplace.tree("generated");
    workplace.edit("contracts/orders/order.created.yaml", "A buyer placed an order.", "Somebody placed an order.");
    workplace.set_mode("generated/docs/events", 0o555);
    let answer = workplace.growset_unprivileged(&["generate"]);
    workplace.set_mode("generated/docs/events", 0o755);
    assert_eq!(answer.code, 1, "{}", answer.out);
    assert!(answer.err.contains("cannot change files in ") && answer.err.contains("docs/events"), "{}", answer.err);
    assert_same(&workplace.tree("generated"), &before);
    assert_eq!(workplace.growset_unprivileged(&["generate"]).code, 0);
}

#[test]
fn nothing_is_touched_when_a_contract_is_invalid() {
    let workplace = generated();
    let before = workplace.tree("generated");
    workplace.edit("contracts/orders/order.created.yaml", "orderId: OrderId", "orderId: OrderIdd");
    let answer = workplace.growset(&["generate"]);
    assert_eq!(answer.code, 2);
    assert!(answer.out.contains("contracts/orders/order.created.yaml"), "{}", answer.out);
    assert_same(&workplace.tree("generated"), &before);
    assert_eq!(workplace.growset(&["generate", "--check"]).code, 2);
}

#[test]
fn stale_files_are_shown_as_a_diff_and_exit_with_4() {
    let workplace = generated();
    assert_eq!(workplace.growset(&["generate", "--check"]).code, 0);
    workplace.edit("contracts/orders/order.created.yaml", "A buyer placed an order.", "Somebody placed an order.");
    let before = workplace.tree("generated");
    let answer = workplace.growset(&["generate", "--check"]);
    assert_eq!(answer.code, 4);
    assert!(answer.out.contains(&format!("--- {SCHEMA}")), "{}", answer.out);
    assert!(answer.out.contains("Somebody placed an order."), "{}", answer.out);
    assert!(answer.out.lines().last().is_some_and(|line| line.ends_with("run `growset generate`")), "{}", answer.out);
    assert_same(&workplace.tree("generated"), &before);
}

#[test]
fn a_huge_difference_is_abbreviated() {
    let workplace = generated();
    let huge: String = (0..100_000).map(|line| format!("line {line}\n")).collect();
    workplace.write(SCHEMA, huge);
    let answer = workplace.growset(&["generate", "--check"]);
    assert_eq!(answer.code, 4);
    assert!(answer.out.lines().count() < 60 && answer.out.contains("more lines"), "{}", answer.out.lines().count());
}

#[test]
fn generate_alone_repairs_a_merge_conflict() {
    let workplace = generated();
    let before = workplace.tree("generated");
    for path in before.keys() {
        let text = workplace.read(&format!("generated/{path}"));
        let conflict = format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n");
        workplace.write(&format!("generated/{path}"), conflict);
    }
    let answer = workplace.growset(&["generate"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_same(&workplace.tree("generated"), &before);
}

#[test]
fn after_a_merge_the_manifest_is_whole_and_generate_mends_the_rest() {
    let workplace = generated();
    let settings = "contracts/growset.yaml";
    git(&workplace, &["init", "--quiet", "--initial-branch", "ours"]);
    let commit = |message: &str| {
        assert_eq!(workplace.growset(&["generate"]).code, 0);
        git(&workplace, &["add", "--all"]);
        git(&workplace, &["commit", "--quiet", "--message", message]);
    };
    commit("base");
    git(&workplace, &["checkout", "--quiet", "-b", "theirs"]);
    workplace.growset(&["new", "payment.failed"]);
    workplace.edit(settings, "example-events", "their-events");
    commit("theirs");
    git(&workplace, &["checkout", "--quiet", "ours"]);
    workplace.growset(&["new", "payment.begun"]);
    workplace.edit(settings, "example-events", "our-events");
    commit("ours");

    let merged = git(&workplace, &["merge", "theirs"]);
    assert!(merged.contains("CONFLICT (content): Merge conflict in generated/catalog.json"), "{merged}");
    assert!(merged.contains("CONFLICT (content): Merge conflict in generated/rust/Cargo.toml"), "{merged}");
    assert!(workplace.read("generated/rust/Cargo.toml").contains("name = \"our-events\"\n"));
    assert!(!workplace.read("generated/rust/Cargo.toml").contains("<<<<<<<"));

    git(&workplace, &["checkout", "--ours", "--", settings]);
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    assert!(workplace.tree("generated").values().all(|text| !text.contains("<<<<<<<")));
    assert!(workplace.read("generated/catalog.json").contains("payment.begun"));
    assert!(workplace.read("generated/catalog.json").contains("payment.failed"));
}

#[test]
fn the_manifest_of_the_generated_crate_does_not_change_with_the_events() {
    let workplace = generated();
    let manifest = workplace.read("generated/rust/Cargo.toml");
    assert_eq!(workplace.growset(&["new", "payment.failed"]).code, 0);
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    assert_eq!(workplace.read("generated/rust/Cargo.toml"), manifest);
}

#[test]
fn no_temporary_folder_stays_behind_and_git_sees_no_cache() {
    let workplace = generated();
    git(&workplace, &["init", "--quiet"]);
    let mut seen: Vec<String> =
        git(&workplace, &["status", "--porcelain"]).lines().map(|line| line[3..].to_owned()).collect();
    seen.sort();
    assert_eq!(seen, [".gitattributes", ".github/", ".vscode/", "contracts/", "generated/"]);
}

#[test]
fn what_an_interrupted_run_leaves_is_unseen_and_removed_by_the_next() {
    let workplace = generated();
    git(&workplace, &["init", "--quiet"]);
    git(&workplace, &["add", "--all"]);
    workplace.write(".growset/new-left/0", "half of a file");
    assert!(!git(&workplace, &["status", "--porcelain"]).contains("??"));
    workplace.write(SCHEMA, "{}");
    assert_eq!(workplace.growset(&["generate"]).code, 0);
    let stays: Vec<String> = workplace.tree(".growset").into_keys().collect();
    assert_eq!(stays, [".gitignore", "generate.json", "lock"]);
}

#[test]
fn new_files_are_prepared_where_git_does_not_look() {
    let workplace = Workplace::with_example();
    // A file in its place: what has to be prepared there cannot be.
    workplace.write(".growset", "");
    let answer = workplace.growset(&["generate"]);
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains(".growset"), "{}", answer.err);
    assert!(!workplace.exists("generated"));
}

#[test]
fn the_generated_files_of_this_repository_are_up_to_date() {
    let answer = crate::workplace::growset_in(&crate::workplace::repository(), &["generate", "--check"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
}

#[test]
fn pages_link_the_contracts_wherever_the_two_folders_are() {
    let workplace = Workplace::with_example();
    let moved = ["generate", "--contracts", "contracts", "--generated", "web/made/events"];
    assert_eq!(workplace.growset(&moved).code, 0);
    let page = workplace.read("web/made/events/docs/events/order.created.md");
    let (_, link) = page.split_once("Contract: [").expect("the page names its contract");
    let (_, link) = link.split_once("](").expect("as a link");
    let (link, _) = link.split_once(')').expect("to the end");
    let target = workplace.path("web/made/events/docs/events").join(link);
    assert!(target.is_file(), "{link} leads nowhere");
}
