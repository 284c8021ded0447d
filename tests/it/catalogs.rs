//! Contracts of a folder, read without the command.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use growset_syntax::{Input, Reading, read};

/// Reads a contracts folder; errors in it are errors here.
pub(crate) fn read_folder(folder: &Path) -> anyhow::Result<Reading> {
    let mut inputs = Vec::new();
    gather(folder, "", &mut inputs)?;
    let reading = read(inputs);
    let errors: Vec<String> = reading
        .diagnostics
        .iter()
        .filter(|found| found.severity == growset_model::Severity::Error)
        .map(|found| format!("{:?}: {}", reading.sources.locate(found.place), found.message))
        .collect();
    ensure!(errors.is_empty(), "{}", errors.join("\n"));
    Ok(reading)
}

fn gather(folder: &Path, below: &str, inputs: &mut Vec<Input>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a file name is not Unicode")?;
        let path = format!("{below}{name}");
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{path}/"), inputs)?;
        } else if name.ends_with(".yaml") {
            inputs.push(Input { shown: path.clone(), path, bytes: fs::read(entry.path())? });
        }
    }
    Ok(())
}
