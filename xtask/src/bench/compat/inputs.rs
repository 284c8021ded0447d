//! The same contracts and their past, as each contender reads them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use growset_model::{Catalog, Language, bare_payload_schema};
use growset_syntax::Input;
use serde_json::json;

use crate::bench::growth;
use crate::bench::history::{self, CONTRACTS_PER_TEAM, REVISIONS};

/// Where everything lies.
pub(super) struct Inputs {
    /// `contracts/` with its lock.
    pub(super) project: PathBuf,
    /// For the growth checker alone.
    pub(super) growth: PathBuf,
    /// Twelve unions of each other, for the growth checker.
    pub(super) circle: PathBuf,
    /// Pairs of schemas.
    pub(super) schemas: PathBuf,
    /// Twelve unions of each other, as schemas.
    pub(super) circle_schemas: PathBuf,
    pub(super) today_protos: PathBuf,
    /// Oldest first.
    pub(super) released_protos: Vec<PathBuf>,
    /// Contracts times revisions.
    pub(super) pairs: usize,
    /// Those of them that stand in `schemas`.
    pub(super) schema_pairs: usize,
}

impl Inputs {
    pub(super) fn write(folder: &Path, contracts: usize, every: usize) -> Result<Self> {
        let inputs = Self {
            project: folder.join("project"),
            growth: folder.join("growth"),
            circle: folder.join("circle"),
            schemas: folder.join("schemas.jsonl"),
            circle_schemas: folder.join("circle.jsonl"),
            today_protos: folder.join("protos-today"),
            released_protos: (0..REVISIONS).map(|revision| folder.join(format!("protos-{revision}"))).collect(),
            pairs: contracts * REVISIONS,
            schema_pairs: contracts.div_ceil(every) * REVISIONS,
        };
        fs::create_dir_all(&inputs.growth)?;
        fs::create_dir_all(&inputs.circle)?;
        let released: Vec<Catalog> =
            (0..REVISIONS).map(|revision| read(&texts(contracts, Some(revision)))).collect::<Result<_>>()?;
        let texts = texts(contracts, None);
        let today = read(&texts)?;
        let lock = growth::lock(&released)?;
        write_project(&inputs.project, &texts, &lock)?;
        growth::write(&inputs.growth, &lock, &today)?;
        write_schemas(&inputs.schemas, &released, &today, every)?;
        write_protos(&inputs.today_protos, contracts, None)?;
        for (revision, folder) in inputs.released_protos.iter().enumerate() {
            write_protos(folder, contracts, Some(revision))?;
        }
        inputs.write_circle()?;
        Ok(inputs)
    }

    fn write_circle(&self) -> Result<()> {
        let of_payload = |payload| {
            let (event, types) = history::circle(12, payload);
            let settings = history::SETTINGS.to_owned();
            let texts = [("growset.yaml", settings), ("tree.grown.yaml", event), ("tree.types.yaml", types)];
            read(&texts.map(|(path, text)| (path.to_owned(), text)).into())
        };
        let (old, new) = (of_payload("string")?, of_payload("integer")?);
        growth::write(&self.circle, &growth::lock(std::slice::from_ref(&old))?, &new)?;
        write_schemas(&self.circle_schemas, &[old], &new, 1)
    }
}

type Texts = BTreeMap<String, String>;

fn texts(contracts: usize, revision: Option<usize>) -> Texts {
    let settings = ("growset.yaml".to_owned(), history::SETTINGS.to_owned());
    let types = (0..contracts.div_ceil(CONTRACTS_PER_TEAM))
        .map(|team| (format!("team{team}/team{team}.types.yaml"), history::shared_types(team)));
    let events = (0..contracts).map(|number| {
        let path = format!("team{}/{}.yaml", history::team(number), history::event_name(number));
        (path, history::contract(number, revision))
    });
    std::iter::once(settings).chain(types).chain(events).collect()
}

fn read(texts: &Texts) -> Result<Catalog> {
    let input = |(path, text): (&String, &String)| Input {
        path: path.clone(),
        shown: path.clone(),
        bytes: text.clone().into_bytes(),
    };
    let reading = growset_syntax::read(texts.iter().map(input).collect());
    let first = reading.diagnostics.first().map(|found| found.message.clone());
    ensure!(first.is_none(), "the synthetic catalog is not valid: {}", first.unwrap_or_default());
    Ok(reading.catalog)
}

fn write_project(folder: &Path, texts: &Texts, lock: &str) -> Result<()> {
    let contracts = folder.join("contracts");
    for (path, text) in texts {
        write(&contracts.join(path), text)?;
    }
    write(&contracts.join("growset.lock"), lock)
}

/// Open pages: today's writer to the reader of a revision. Replay: the other way round.
fn write_schemas(path: &Path, released: &[Catalog], today: &Catalog, every: usize) -> Result<()> {
    let mut lines = BufWriter::new(File::create(path)?);
    for (index, event) in today.events.values().enumerate() {
        // The order is that of the names; what counts is that both sides are of one contract.
        if index % every != 0 {
            continue;
        }
        let of = |catalog: &Catalog, language| {
            catalog.events.get(&event.name).map(|event| bare_payload_schema(catalog, event, language))
        };
        for old in released {
            writeln!(lines, "{}", json!([of(today, Language::Wire), of(old, Language::Reader)]))?;
            writeln!(lines, "{}", json!([of(old, Language::Wire), of(today, Language::Reader)]))?;
        }
    }
    Ok(lines.flush()?)
}

fn write_protos(folder: &Path, contracts: usize, revision: Option<usize>) -> Result<()> {
    write(&folder.join("buf.yaml"), "version: v2\nbreaking:\n  use: [WIRE_JSON]\n")?;
    for team in 0..contracts.div_ceil(CONTRACTS_PER_TEAM) {
        let numbers = (team * CONTRACTS_PER_TEAM..contracts).take(CONTRACTS_PER_TEAM);
        let messages: Vec<String> = numbers.map(|number| history::message(number, revision)).collect();
        let text = history::message_head(team) + &messages.join("\n");
        write(&folder.join(format!("synthetic/team{team}/v1/things.proto")), &text)?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("write {}", path.display()))
}
