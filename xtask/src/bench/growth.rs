//! The growth checker in a process of its own: contracts from lines of JSON, and the lock that `release` writes.
//!
//! `growset check` reads YAML and runs the lints besides; the benchmark shows it in a row of its own.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, ensure};
use growset_compat::growth::{Class, Comparison, Revision, Shown};
use growset_model::lock::{Lock, LockedEvent};
use growset_model::{Catalog, Date, EventName, TypeName, Version, serial};
use rayon::prelude::*;
use serde_json::{Value, json};

const CONTRACTS: &str = "contracts.jsonl";
const LOCK: &str = "growset.lock";

/// How many contracts are read, and revisions handed over, at a time.
const AT_ONCE: usize = 256;

/// What was released before, oldest first, as a lock.
pub(super) fn lock(released: &[Catalog]) -> Result<String> {
    let mut lock = Lock::default();
    let date = Date::parse("2026-11-01").context("is a day")?;
    let mut version = Version::parse("1.0.0").context("is a version")?;
    for catalog in released {
        lock.release(catalog, version, date, &BTreeMap::new());
        version = version.next_minor();
    }
    Ok(lock.print())
}

/// Writes today's catalog and what was released before.
pub(super) fn write(folder: &Path, lock: &str, today: &Catalog) -> Result<()> {
    let mut lines = create(&folder.join(CONTRACTS))?;
    for named in today.types.values() {
        let line = json!({ "type": named.name.as_str(), "contract": serial::type_to_json(named) });
        writeln!(lines, "{line}")?;
    }
    for event in today.events.values() {
        writeln!(lines, "{}", json!({ "event": event.name.as_str(), "contract": serial::event_to_json(event) }))?;
    }
    lines.flush()?;
    let path = folder.join(LOCK);
    fs::write(&path, lock).with_context(|| format!("write {}", path.display()))
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).with_context(|| format!("create {}", path.display()))?))
}

/// Compares, and says how much was found. A verdict without its proof is an error, however fast.
pub(super) fn compare(folder: &Path) -> Result<()> {
    let today = catalog(&folder.join(CONTRACTS))?;
    let path = folder.join(LOCK);
    let text = Arc::new(fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?);
    let lock = Lock::parse_shared(&text).map_err(|errors| anyhow!("{}: {errors:?}", path.display()))?;
    let mut comparison = Comparison::new(&today);
    let standing = lock.standing();
    for some in standing.chunks(AT_ONCE) {
        let some: Vec<Revision> = some.iter().map(|entry| revision(&lock, entry)).collect();
        comparison.revisions(&some);
    }
    let revisions = standing.len();
    let report = comparison.finish();
    let unproven = report
        .findings
        .iter()
        .filter(|finding| matches!(finding.proof, Shown::Unproven { .. } | Shown::Contradicted { .. }));
    ensure!(unproven.count() == 0, "a finding has no witness");
    let breaking = report.findings.iter().filter(|finding| finding.class == Class::Breaking).count();
    println!("{revisions} revisions, {} changes, {breaking} breaking findings", report.changes.len());
    Ok(())
}

fn revision(lock: &Lock, entry: &LockedEvent) -> Revision {
    let (label, name, contract) = (entry.label(), entry.name.clone(), entry.contract.clone());
    Revision { label, name, contract, types: Arc::new(lock.types_of(entry)) }
}

fn catalog(path: &Path) -> Result<Catalog> {
    let file = File::open(path).with_context(|| format!("open {}", path.display()))?;
    let mut lines = BufReader::new(file).lines();
    let mut catalog = Catalog::default();
    loop {
        let some: Vec<String> = lines.by_ref().take(AT_ONCE).collect::<Result<_, _>>()?;
        if some.is_empty() {
            break;
        }
        let parts: Vec<Catalog> =
            some.par_iter().map(|line| part(&serde_json::from_str(line)?)).collect::<Result<_>>()?;
        for part in parts {
            catalog.types.extend(part.types);
            catalog.events.extend(part.events);
        }
    }
    Ok(catalog)
}

/// One line: a type or an event.
fn part(line: &Value) -> Result<Catalog> {
    let mut part = Catalog::default();
    if let Some(name) = line.get("type").and_then(Value::as_str) {
        let named = serial::type_from_json(TypeName::parse(name)?, &line["contract"])?;
        part.types.insert(named.name.clone(), named);
    } else {
        let name = line["event"].as_str().ok_or_else(|| anyhow!("a line names no event"))?;
        let event = serial::event_from_json(EventName::parse(name)?, &line["contract"])?;
        part.events.insert(event.name.clone(), event);
    }
    Ok(part)
}
