//! Every command of the README that is marked for it is run.
//!
//! A block that starts with ```` ```sh run ```` is run line by line in a fresh folder; `growset` is the command under
//! test. Lines of one README share the folder, in order.

use std::process::Command;

use crate::workplace::{Workplace, repository};

/// The lines of the marked blocks, in order.
fn commands(readme: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut is_inside = false;
    for line in readme.lines() {
        match line.trim() {
            "```sh run" => is_inside = true,
            "```" => is_inside = false,
            command if is_inside && !command.is_empty() && !command.starts_with('#') => {
                commands.push(command.to_owned());
            }
            _ => {} // Prose, or a block that is not run.
        }
    }
    commands
}

#[test]
fn every_marked_command_of_the_readme_works() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("can be read");
    let commands = commands(&readme);
    assert!(commands.len() >= 5, "{commands:?}");
    let workplace = Workplace::new();
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        match words.split_first() {
            Some((&"growset", arguments)) => {
                let answer = workplace.growset(arguments);
                assert_eq!(answer.code, 0, "{command}\n{}{}", answer.out, answer.err);
            }
            Some((program, arguments)) => {
                let status = Command::new(program).args(arguments).current_dir(workplace.path("")).status();
                assert!(status.is_ok_and(|status| status.success()), "{command}");
            }
            None => {}
        }
    }
}

#[test]
fn the_readme_names_every_verb() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("can be read");
    let help = Workplace::new().growset(&["--help"]).out;
    let verbs = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    for verb in verbs.filter_map(|line| line.split_whitespace().next()).filter(|verb| *verb != "help") {
        assert!(readme.contains(&format!("`growset {verb}")), "the README does not name `growset {verb}`");
    }
}
