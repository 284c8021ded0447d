//! One step of a chore: a command that is silent while it works, and shows everything when it fails.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};

/// Runs a command and prints its name, its time, and the lines of its output that `keep` picks.
pub(crate) fn run(name: &str, command: &mut Command, keep: fn(&str) -> bool) -> anyhow::Result<()> {
    print!("{name:<22}");
    std::io::stdout().flush()?;
    let start = Instant::now();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    println!("{:>7.1} s", start.elapsed().as_secs_f64());
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        println!("\n{}", text.trim_end());
        bail!("{name} failed ({}): {}", output.status, shown(command));
    }
    for line in text.lines().filter(|line| keep(line)) {
        println!("    {}", line.trim());
    }
    Ok(())
}

/// Keeps no line: the step's name and time say enough.
pub(crate) fn nothing(_line: &str) -> bool {
    false
}

/// Keeps the lines by which test runners say how many tests there were.
pub(crate) fn summaries(line: &str) -> bool {
    let line = line.trim_start();
    let node = ["# tests ", "# pass ", "# fail ", "ℹ tests ", "ℹ pass ", "ℹ fail "];
    line.starts_with("Summary [")
        || line.starts_with("Tests  ")
        || (line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed"))
        || node.iter().any(|start| line.starts_with(start))
}

/// The command as a person would type it, to run it again alone.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
