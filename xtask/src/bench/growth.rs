//! The growth checker in a process of its own: contracts and revisions from lines of JSON, a few at a time.
//!
//! It is given what its peers are given, and reads it as they do. `growset check` reads YAML and the lock besides,
//! and judges every contract alone; the benchmark shows it in a row of its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, ensure};
use growset_compat::growth::{Class, Comparison, Revision, Shown};
use growset_model::{Catalog, EventName, NamedType, TypeName, serial};
use rayon::prelude::*;
use serde_json::{Map, Value, json};

const CONTRACTS: &str = "contracts.jsonl";
/// How many revisions are in memory at a time.
const AT_ONCE: usize = 256;

const REVISIONS: &str = "revisions.jsonl";

/// Writes today's catalog and what was released before, oldest first.
pub(super) fn write(folder: &Path, released: &[Catalog], today: &Catalog) -> Result<()> {
    let mut lines = create(&folder.join(CONTRACTS))?;
    for named in today.types.values() {
        let line = json!({ "type": named.name.as_str(), "contract": serial::type_to_json(named) });
        writeln!(lines, "{line}")?;
    }
    for event in today.events.values() {
        writeln!(lines, "{}", json!({ "event": event.name.as_str(), "contract": serial::event_to_json(event) }))?;
    }
    lines.flush()?;
    let mut lines = create(&folder.join(REVISIONS))?;
    for (index, catalog) in released.iter().enumerate() {
        for event in catalog.events.values() {
            let types: Map<String, Value> = catalog
                .reachable(&event.payload)
                .into_iter()
                .map(|(name, named)| (name.to_string(), serial::type_to_json(named)))
                .collect();
            let contract = serial::event_to_json(event);
            let label = format!("1.{index}.0");
            let line = json!({ "label": label, "event": event.name.as_str(), "contract": contract, "types": types });
            writeln!(lines, "{line}")?;
        }
    }
    Ok(lines.flush()?)
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).with_context(|| format!("create {}", path.display()))?))
}

/// Compares, and says how much was found. A verdict without its proof is an error, however fast.
pub(super) fn compare(folder: &Path) -> Result<()> {
    let today = catalog(&folder.join(CONTRACTS))?;
    let mut comparison = Comparison::new(&today);
    let mut revisions = 0;
    let mut lines = texts(&folder.join(REVISIONS))?;
    loop {
        let some: Vec<String> = lines.by_ref().take(AT_ONCE).collect::<Result<_>>()?;
        if some.is_empty() {
            break;
        }
        let some: Vec<Revision> =
            some.par_iter().map(|line| revision(&serde_json::from_str(line)?)).collect::<Result<_>>()?;
        comparison.revisions(&some);
        revisions += some.len();
    }
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

fn catalog(path: &Path) -> Result<Catalog> {
    let mut catalog = Catalog::default();
    for line in lines(path)? {
        let line = line?;
        if let Some(name) = line.get("type").and_then(Value::as_str) {
            let named = serial::type_from_json(TypeName::parse(name)?, &line["contract"])?;
            catalog.types.insert(named.name.clone(), named);
        } else {
            let event = serial::event_from_json(event_name(&line)?, &line["contract"])?;
            catalog.events.insert(event.name.clone(), event);
        }
    }
    Ok(catalog)
}

fn revision(line: &Value) -> Result<Revision> {
    let types = line["types"].as_object().into_iter().flatten().map(|(name, contract)| {
        let named: NamedType = serial::type_from_json(TypeName::parse(name)?, contract)?;
        Ok((named.name.clone(), Arc::new(named)))
    });
    Ok(Revision {
        label: line["label"].as_str().unwrap_or_default().to_owned(),
        event: Arc::new(serial::event_from_json(event_name(line)?, &line["contract"])?),
        types: types.collect::<Result<BTreeMap<_, _>>>()?,
    })
}

fn event_name(line: &Value) -> Result<EventName> {
    let name = line["event"].as_str().ok_or_else(|| anyhow!("a line names no event"))?;
    Ok(EventName::parse(name)?)
}

fn lines(path: &Path) -> Result<impl Iterator<Item = Result<Value>> + use<>> {
    Ok(texts(path)?.map(|line| Ok(serde_json::from_str(&line?)?)))
}

fn texts(path: &Path) -> Result<impl Iterator<Item = Result<String>> + use<>> {
    let file = File::open(path).with_context(|| format!("open {}", path.display()))?;
    Ok(BufReader::new(file).lines().map(|line| Ok(line?)))
}
