//! Malformed, hostile, huge, deep, missing and unreadable input: a located problem or a clear error, never a panic.

use crate::workplace::{Answer, Workplace};

const CONTRACT: &str = "contracts/orders/order.created.yaml";

fn check_with(text: impl AsRef<[u8]>) -> Answer {
    let workplace = Workplace::with_example();
    workplace.write(CONTRACT, text);
    workplace.growset(&["check"])
}

#[track_caller]
fn is_reported(answer: &Answer, rule: &str) {
    assert_eq!(answer.code, 2, "{}{}", answer.out, answer.err);
    assert!(answer.out.contains(&format!("error[{rule}]")), "{}", answer.out);
    assert!(answer.out.contains(CONTRACT), "{}", answer.out);
}

#[test]
fn a_missing_contracts_folder_is_an_error_of_usage() {
    let workplace = Workplace::new();
    let answer = workplace.growset(&["check"]);
    assert_eq!((answer.code, answer.out.as_str()), (1, ""));
    assert!(answer.err.starts_with("error: no contracts/growset.yaml in "), "{}", answer.err);
    let answer = workplace.growset(&["check", "--contracts", "elsewhere"]);
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("elsewhere is not a folder"), "{}", answer.err);
}

#[test]
fn a_folder_without_its_catalog_file_is_invalid() {
    let workplace = Workplace::with_example();
    std::fs::remove_file(workplace.path("contracts/growset.yaml")).expect("can be removed");
    let answer = workplace.growset(&["check", "--contracts", "contracts"]);
    assert_eq!(answer.code, 2, "{}", answer.out);
    assert!(answer.out.contains("error[catalog-file-missing]"), "{}", answer.out);
}

#[test]
fn a_mistake_in_the_usage_exits_with_1() {
    let workplace = Workplace::with_example();
    for arguments in [&[][..], &["chekc"], &["check", "--format", "xml"], &["check", "--nonsense"]] {
        let answer = workplace.growset(arguments);
        assert_eq!((answer.code, answer.out.as_str()), (1, ""), "{arguments:?}");
        assert!(!answer.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn text_that_is_no_contract_is_reported() {
    is_reported(&check_with("event: [unclosed"), "yaml-syntax");
    is_reported(&check_with([0x66, 0xff, 0xfe, 0x0a]), "not-utf8");
    for text in ["", "\u{feff}", "---\n---\n", "42", "- a\n- b\n", "\0", "? a\n: b\n", "%YAML 9.9\n---\na: b\n"] {
        let answer = check_with(text);
        assert_eq!(answer.code, 2, "{text:?}: {}{}", answer.out, answer.err);
        assert!(answer.out.contains(CONTRACT), "{text:?}: {}", answer.out);
    }
}

#[test]
fn a_deep_file_is_refused() {
    is_reported(&check_with("[".repeat(100_000)), "nesting-too-deep");
    let deep: String = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(check_with(deep).code, 2);
}

#[test]
fn a_huge_file_is_refused() {
    is_reported(&check_with("a: b\n".repeat(4_000_000)), "file-too-large");
}

#[test]
fn a_file_of_many_problems_is_reported_in_one_pass() {
    let mut text = String::from("event: order.created\n");
    text.extend((0..20_000).map(|number| format!("key{number}: no\n")));
    let answer = check_with(text);
    assert_eq!(answer.code, 2);
    assert!(answer.out.matches("error[").count() >= 20_000);
}

#[test]
fn an_endless_line_is_not_drawn() {
    let answer = check_with(format!("event: order.created\n{}: x\n", "k".repeat(500_000)));
    assert_eq!(answer.code, 2);
    assert!(answer.out.len() < 2_000_000, "{}", answer.out.len());
}

#[test]
fn an_alias_bomb_is_refused() {
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n";
    is_reported(&check_with(bomb), "alias-or-tag");
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let answer = check_with("event: order.created\n\u{1b}[2Jkey: \u{202e}x\u{7}\n");
    assert_eq!(answer.code, 2);
    assert!(!answer.out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{:?}", answer.out);
}

#[cfg(unix)]
mod links {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_link_that_leads_nowhere_is_reported() {
        let workplace = Workplace::with_example();
        std::fs::remove_file(workplace.path(CONTRACT)).expect("can be removed");
        symlink("nowhere.yaml", workplace.path(CONTRACT)).expect("can be linked");
        let answer = workplace.growset(&["check"]);
        is_reported(&answer, "unreadable-file");
        assert!(!answer.out.contains("unused-type"), "the file may well use it: {}", answer.out);
    }

    #[test]
    fn a_link_that_leads_back_is_reported_and_not_followed() {
        let workplace = Workplace::with_example();
        symlink("..", workplace.path("contracts/orders/round")).expect("can be linked");
        let answer = workplace.growset(&["check"]);
        assert_eq!(answer.code, 2, "{}", answer.out);
        assert!(answer.out.contains("cannot read contracts/orders/round"), "{}", answer.out);
    }

    #[test]
    fn a_pipe_or_a_folder_that_is_named_like_a_contract_is_reported() {
        let workplace = Workplace::with_example();
        std::fs::remove_file(workplace.path(CONTRACT)).expect("can be removed");
        let made = Command::new("mkfifo").arg(workplace.path(CONTRACT)).status().expect("mkfifo starts");
        assert!(made.success());
        is_reported(&workplace.growset(&["check"]), "unreadable-file");
        std::fs::remove_file(workplace.path(CONTRACT)).expect("can be removed");
        std::fs::create_dir(workplace.path(CONTRACT)).expect("can be made");
        is_reported(&workplace.growset(&["check"]), "unreadable-file");
    }

    #[test]
    fn what_may_not_be_read_is_not_called_missing() {
        let workplace = Workplace::with_example();
        workplace.set_mode("contracts/growset.yaml", 0);
        let answer = workplace.growset_unprivileged(&["check"]);
        assert_eq!(answer.code, 2);
        assert!(answer.out.contains("cannot read contracts/growset.yaml: permission denied"), "{}", answer.out);
        assert!(!answer.out.contains("catalog-file-missing"), "{}", answer.out);

        workplace.set_mode("contracts", 0);
        let answer = workplace.growset_unprivileged(&["check"]);
        workplace.set_mode("contracts", 0o755);
        assert_eq!(answer.code, 1);
        assert!(answer.err.contains("cannot read the contracts folder "), "{}", answer.err);
    }

    #[test]
    fn a_name_that_is_not_utf8_is_reported() {
        let workplace = Workplace::with_example();
        let name = std::ffi::OsStr::from_bytes(b"order.\xff.yaml");
        std::fs::write(workplace.path("contracts/orders").join(name), "event: a.b\n").expect("can be written");
        let answer = workplace.growset(&["check"]);
        assert_eq!(answer.code, 2);
        assert!(answer.out.contains("its name is not UTF-8"), "{}", answer.out);
    }
}
