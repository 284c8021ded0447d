//! `cargo xtask bench import`: schemas that others wrote, imported, generated and compiled.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use growset_cli::Console;
use growset_import::{Document, Done, Import, NameRule, Options, Sampler};
use growset_model::{Audience, Language, bare_payload_schema};
use serde_json::Value;

use super::process;
use super::{release, workspace};

/// Which schemas, and how closely they are looked at.
#[derive(Debug, clap::Args)]
pub(crate) struct Setting {
    /// A folder of JSON Schemas.
    #[arg(long)]
    corpus: PathBuf,
    /// How events are called, as in `growset import`.
    #[arg(long, default_value = "{/self/vendor}.{/self/name}.v{/self/version}")]
    name: String,
    /// Guesses at a payload for every schema.
    #[arg(long, default_value_t = 40)]
    guesses: usize,
    /// Leave out what takes minutes: compiling.
    #[arg(long)]
    quick: bool,
}

pub(crate) fn run(setting: &Setting) -> Result<()> {
    let corpus = setting.corpus.canonicalize().with_context(|| setting.corpus.display().to_string())?;
    judge(&corpus, setting)?;
    let folder = tempfile::tempdir().context("create a folder for the benchmark")?;
    let mut import = Command::new(release("growset")?);
    import.args(["import", "json-schema", "--name", &setting.name, "--owner", "import"]).arg(&corpus);
    let took = process::run_to(import.current_dir(&folder), &[0, 2], Duration::MAX)?;
    println!("growset import: {:.2} s", took.wall.as_secs_f64());
    find_event_crate(folder.path())?;
    let mut generate = Command::new(release("growset")?);
    let took = process::run(generate.arg("generate").current_dir(&folder))?;
    println!("growset generate: {:.2} s", took.wall.as_secs_f64());
    if setting.quick {
        return Ok(());
    }
    compile("Rust", &mut rust(folder.path())?)?;
    compile("TypeScript", &mut typescript(folder.path())?)
}

/// What came of every schema, and whether all that they accept is accepted by what was imported.
fn judge(corpus: &Path, setting: &Setting) -> Result<()> {
    let console = Console::plain(corpus.to_owned(), Box::new(std::io::sink()), Box::new(std::io::sink()));
    let found = growset_cli::read_schemas(&[PathBuf::from(".")], Document::is_schema, &console);
    let documents = found.documents;
    let rules =
        Options { name: Some(NameRule::parse(&setting.name)?), audience: Audience::Org, owner: None, draft: None };
    let releases = growset_import::history(&documents, &rules, &[]);
    let newest = releases.last().context("an import has one release at least")?;
    let count = |wanted: fn(Done) -> bool| -> BTreeSet<&str> {
        newest.losses.iter().filter(|loss| wanted(loss.done)).map(|loss| loss.file.as_str()).collect()
    };
    let (whole, lossy) = (count(|done| done == Done::CarriedWhole).len(), count(|_| true).len());
    let mut failed: BTreeSet<&str> = newest.refusals.iter().map(|refusal| refusal.file.as_str()).collect();
    failed.extend(found.refusals.iter().map(|refusal| refusal.file.as_str()));
    let total = documents.len() + found.refusals.len();
    let share = |part: usize| format!("{part} ({:.1} %)", 100.0 * part as f64 / total.max(1) as f64);
    println!(
        "{total} schemas: {} without loss, {} with notes, {} with a part carried whole, {} failed",
        share(total - lossy - failed.len()),
        share(lossy - whole),
        share(whole),
        share(failed.len())
    );
    println!(
        "{} events and {} types now, {} older revisions",
        newest.catalog.events.len(),
        newest.catalog.types.len(),
        newest.superseded.len()
    );
    let verdicts = sample(&documents, &releases, setting.guesses)?;
    println!(
        "{} examples and {} sampled payloads of {} schemas: {} accepted, {} refused as the report names, {} without a word",
        verdicts.examples,
        verdicts.payloads,
        verdicts.schemas,
        verdicts.accepted,
        verdicts.named,
        verdicts.silent.len()
    );
    ensure!(verdicts.silent.is_empty(), "refused without a word:\n{}", verdicts.silent.join("\n"));
    Ok(())
}

#[derive(Default)]
struct Verdicts {
    schemas: usize,
    examples: usize,
    payloads: usize,
    accepted: usize,
    named: usize,
    silent: Vec<String>,
}

fn sample(documents: &[Document], releases: &[Import], guesses: usize) -> Result<Verdicts> {
    let sampler = Sampler::new(documents, None);
    let losses = releases.last().map(|newest| newest.losses.as_slice()).unwrap_or_default();
    let (mut verdicts, mut seen) = (Verdicts::default(), BTreeSet::new());
    for release in releases {
        for (name, event) in &release.catalog.events {
            let path = release.documents.get(name).context("every event has a document")?;
            if !seen.insert(path) {
                continue;
            }
            let at = documents.iter().position(|document| document.path == *path).context("it was handed over")?;
            let judge = jsonschema::draft202012::new(&bare_payload_schema(&release.catalog, event, Language::Reader))?;
            let examples = sampler.examples(at);
            let payloads = sampler.payloads(at, guesses, at as u64);
            verdicts.schemas += usize::from(!payloads.is_empty());
            verdicts.examples += examples.len();
            verdicts.payloads += payloads.len();
            for payload in examples.iter().chain(&payloads) {
                if judge.is_valid(payload) {
                    verdicts.accepted += 1;
                    continue;
                }
                // Each reason has to be told of at its place.
                let silent = judge.iter_errors(payload).find(|error| !sampler.names(losses, at, error));
                match silent {
                    Some(error) => verdicts.silent.push(format!("{path}: {payload}: {error}")),
                    None => verdicts.named += 1,
                }
            }
        }
    }
    Ok(verdicts)
}

/// The generated crate finds `growset-event` in this repository, before it is published and after.
fn find_event_crate(folder: &Path) -> Result<()> {
    let path = folder.join("contracts/growset.yaml");
    let settings = fs::read_to_string(&path).context("read the imported settings")?;
    let event_crate = Value::from(workspace().join("crates/event").canonicalize()?.display().to_string());
    let settings = settings.replace(
        "rust: { name: example-events }",
        &format!("rust: {{ name: example-events, event_crate: {{ path: {event_crate} }} }}"),
    );
    ensure!(settings.contains("event_crate"), "the imported settings are not spelled as expected");
    fs::write(&path, settings).context("write the imported settings")
}

fn compile(what: &str, command: &mut Command) -> Result<()> {
    let took = process::run(command)?;
    println!("{what}: compiled in {:.1} s", took.wall.as_secs_f64());
    Ok(())
}

/// Checked with everything that listeners and drafts need, in a target folder of its own.
fn rust(folder: &Path) -> Result<Command> {
    let generated = folder.join("generated/rust");
    fs::copy(workspace().join("Cargo.lock"), generated.join("Cargo.lock")).context("copy the lock file")?;
    let mut command = Command::new(env!("CARGO"));
    command.args(["check", "--quiet", "--all-features"]).current_dir(&generated);
    command.env("CARGO_TARGET_DIR", workspace().join("target/bench-import"));
    Ok(command)
}

/// The types of every event, and the declaration of every validator.
fn typescript(folder: &Path) -> Result<Command> {
    let compiler = workspace().join("tests/npm/node_modules/typescript/bin/tsc").canonicalize();
    let Ok(compiler) = compiler else { bail!("run `cargo xtask test` once, or `npm ci` in tests/npm") };
    let project = folder.join("tsconfig.json");
    let options = serde_json::json!({
        "compilerOptions": {
            "strict": true, "exactOptionalPropertyTypes": true, "noUncheckedIndexedAccess": true, "skipLibCheck": false,
            "module": "nodenext", "target": "es2022", "lib": ["es2022", "dom"], "types": [], "noEmit": true,
        },
        "include": ["generated/typescript/index.d.ts", "generated/typescript/dom.d.ts",
            "generated/typescript/client.d.ts", "generated/typescript/validate/**/*.d.ts"],
    });
    fs::write(&project, options.to_string()).context("write the project of the compiler")?;
    let mut command = Command::new("node");
    command.arg(compiler).arg("--project").arg(project);
    Ok(command)
}
