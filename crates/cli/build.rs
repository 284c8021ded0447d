//! Embeds every page under `pages/`, so that a new page is a new file and nothing else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pages = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("pages");
    println!("cargo::rerun-if-changed=pages");
    let mut found = Vec::new();
    collect(&pages, "", &mut found)?;
    found.sort();

    let mut table = String::from("&[\n");
    for name in &found {
        let absolute = pages.join(name);
        println!("cargo::rerun-if-changed={}", absolute.display());
        writeln!(table, "    ({name:?}, include_str!({:?})),", absolute.display().to_string())?;
    }
    table.push_str("]\n");
    std::fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("pages.rs"), table)?;
    Ok(())
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), found)?;
        } else if name.ends_with(".md") {
            found.push(name);
        }
    }
    Ok(())
}
