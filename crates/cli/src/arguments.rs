//! What can be typed after `growset`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Parser, Subcommand};

use growset_import::Draft;
use growset_model::{Audience, Date};

use crate::clock;
use crate::report::Format;
use crate::verbs::changelog::ChangelogFormat;

/// Exit codes, said where people look for them.
const EXIT_CODES: &str = "\
Exit codes: 0 clean, 1 usage or environment, 2 invalid contracts, 100 a released promise is broken
or a stream is not as it should be, 4 generated files are stale.

Start with `growset init`, then `growset new order.shipped`, then `growset generate`.";

/// Typed contracts for live events that only grow.
#[derive(Debug, Parser)]
#[command(name = "growset", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,

    /// The contracts folder [default: the nearest contracts/ with a growset.yaml, here or above].
    #[arg(long, global = true, value_name = "DIR")]
    pub contracts: Option<PathBuf>,

    /// The folder to generate into [default: generated/ beside the contracts folder].
    #[arg(long, global = true, value_name = "DIR")]
    pub generated: Option<PathBuf>,
}

/// How contracts are checked.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckOptions {
    /// How problems are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,

    /// Compare with this instead of the lock: a git ref (`origin/main`, or `v1:its/contracts`), a contracts folder,
    /// a catalog.json, or the URL of a running server (a token goes into GROWSET_TOKEN).
    #[arg(long, value_name = "BASELINE", value_parser = NonEmptyStringValueParser::new())]
    pub against: Option<String>,

    /// The git ref since which the lock may only have grown [default: where this branch left the default branch].
    #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    pub base: Option<String>,

    /// The lightest change that exits 100.
    #[arg(long, value_enum, default_value_t)]
    pub fail_on: FailOn,

    /// Today, for tests.
    #[arg(long, hide = true, value_parser = clock::parse)]
    pub date: Option<Date>,
}

/// How the next version of an event is made.
#[derive(Debug, clap::Args)]
pub(crate) struct BumpOptions {
    /// The released event whose contract was edited, such as `order.created`.
    pub event: String,

    /// Also every other event that carries a shared type which the edit broke.
    #[arg(long)]
    pub carriers: bool,

    /// Until when the first version is promised to stay [default: six months from today].
    #[arg(long, value_parser = clock::parse)]
    pub sunset: Option<Date>,

    /// Today, for tests.
    #[arg(long, hide = true, value_parser = clock::parse)]
    pub date: Option<Date>,
}

/// What is imported.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportSource {
    /// Documents of JSON Schema: drafts 4, 6, 7, 2019-09 and 2020-12.
    #[command(after_help = "Example: growset import json-schema schemas --name 'shop.{title}' --out contracts")]
    JsonSchema(HistoricOptions),
    /// The messages of a description in AsyncAPI 2 or 3.
    #[command(after_help = "Example: growset import asyncapi asyncapi.yaml schemas --owner orders")]
    Asyncapi(ImportOptions),
    /// The events that a description in OpenAPI 3.1 or 3.2 streams as `text/event-stream`.
    #[command(after_help = "Example: growset import openapi openapi.yaml --audience user")]
    Openapi(ImportOptions),
}

/// Schemas whose older revisions may stand beside them.
#[derive(Debug, clap::Args)]
pub(crate) struct HistoricOptions {
    /// How they become contracts.
    #[command(flatten)]
    pub import: ImportOptions,

    /// Take older revisions of an event into the lock as well, oldest first, so that the next change has to grow from them.
    #[arg(long)]
    pub history: bool,

    /// The day that the lock gives to the history [default: today].
    #[arg(long, requires = "history", value_parser = clock::parse)]
    pub date: Option<Date>,
}

/// Where schemas are, and how they are read.
#[derive(Debug, clap::Args)]
pub(crate) struct SourceOptions {
    /// Files in JSON or YAML, or folders of them; whatever they refer to as well.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// How events are called: text with {title}, {path}, {stem}, {id} or a JSON Pointer, as in
    /// 'shop.{/self/name}.v{/self/version}' [default: what a self-describing schema calls itself, a title that is a name, else
    /// the file's name; a message's own name]. Of a message, {path} is the address of its channel or the path of its URL.
    #[arg(long, value_name = "TEMPLATE")]
    pub name: Option<String>,

    /// The draft of schemas that name none, or one that is not known: 4, 6, 7, 2019-09 or 2020-12.
    #[arg(long, value_parser = draft)]
    pub draft: Option<Draft>,
}

/// How schemas become contracts.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportOptions {
    /// Where the schemas are, and how they are read.
    #[command(flatten)]
    pub sources: SourceOptions,

    /// The contracts folder: a new one, or one that holds contracts, to which new ones are added.
    #[arg(long, value_name = "DIR", default_value = "contracts")]
    pub out: PathBuf,

    /// Who receives the events: org, user, channel or public.
    #[arg(long, default_value = "org", value_parser = audience)]
    pub audience: Audience,

    /// The team that the events belong to.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub owner: Option<String>,

    /// Write nothing; print the report alone.
    #[arg(long)]
    pub dry_run: bool,

    /// Refuse when anything is lost, or any file cannot be read.
    #[arg(long)]
    pub strict: bool,

    /// How the report is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: ImportFormat,
}

/// What is audited.
#[derive(Debug, clap::Args)]
pub(crate) struct AuditOptions {
    /// Where the schemas are, and how they are read.
    #[command(flatten)]
    pub sources: SourceOptions,

    /// How the report is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: ImportFormat,
}

/// How the report of an import is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum ImportFormat {
    /// A line for each loss.
    #[default]
    Text,
    /// For programs.
    Json,
}

fn audience(text: &str) -> Result<Audience, String> {
    let known = Audience::ALL.into_iter().find(|audience| audience.as_str() == text);
    known.ok_or_else(|| "write org, user, channel or public".to_owned())
}

fn draft(text: &str) -> Result<Draft, String> {
    Draft::parse(text).ok_or_else(|| "write 4, 6, 7, 2019-09 or 2020-12".to_owned())
}

/// The lightest change that exits 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// What breaks a promise or the policy of a released event.
    #[default]
    Error,
    /// Also what code that uses the packages has to change for.
    Source,
    /// Also every warning, lints included.
    Warning,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Read every contract, compare it with what was released, and report every problem.
    #[command(after_help = "Example: growset check --format github")]
    Check(CheckOptions),
    /// Generate Rust, TypeScript, JSON Schema, documentation and editor support from the contracts.
    ///
    /// Writes what changed, removes what no target claims, and touches nothing when a contract is invalid.
    #[command(after_help = "Example: growset generate --check   (in CI; exits 4 and shows the difference)")]
    Generate {
        /// Write nothing; exit 4 and show the difference when the generated files are stale.
        #[arg(long)]
        check: bool,
    },
    /// Take the contracts into the lock: from then on they only grow.
    ///
    /// Refuses while a released promise is broken. The version of the packages follows from what changed. Doing it twice
    /// changes nothing; a wrong release is followed by another.
    #[command(after_help = "Example: growset release")]
    Release {
        /// The git ref since which the lock may only have grown [default: where this branch left the default branch].
        #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
        base: Option<String>,

        /// The day of the release [default: today].
        #[arg(long, value_parser = clock::parse)]
        date: Option<Date>,
    },
    /// Turn an edited contract into the next version of its event; the first version is restored as it was released.
    #[command(after_help = "Example: growset bump order.created")]
    Bump(BumpOptions),
    /// Turn a deprecated event past its sunset into a tombstone.
    #[command(after_help = "Example: growset retire order.created")]
    Retire {
        /// The event's name.
        event: String,

        /// Today, for tests.
        #[arg(long, hide = true, value_parser = clock::parse)]
        date: Option<Date>,
    },
    /// Say what changed between two package versions, git refs or revisions.
    #[command(after_help = "Example: growset changelog 0.1.0..0.2.0")]
    Changelog {
        /// Two ends: package versions, git refs, folders, catalog.json files or revisions (`order.created@0.1.0`); an empty
        /// end is the contracts as they are.
        range: String,
        /// How it is printed.
        #[arg(long, value_enum, default_value_t)]
        format: ChangelogFormat,
    },
    /// Check and generate again whenever a contract is saved.
    #[command(after_help = "Example: growset watch")]
    Watch,
    /// What you keep running while you work: check, generate and watch, and the examples played as a stream.
    #[command(after_help = "Example: growset dev")]
    Dev {
        /// Where the stream is served.
        #[cfg(feature = "server")]
        #[arg(long, default_value = "127.0.0.1:8080")]
        address: std::net::SocketAddr,
    },
    /// Serve the generated catalog as a stream: POST /publish in, GET /events out.
    #[cfg(feature = "server")]
    #[command(
        after_help = "Example: growset serve --dev\n         growset serve --data /var/lib/growset --keys jwks.json"
    )]
    Serve(crate::verbs::serve::ServeOptions),
    /// Follow any event stream in the terminal, and hold each event against the catalog.
    ///
    /// Ends with a summary of the names seen, the violations and the latency; exits 100 when the contracts were violated.
    #[cfg(feature = "server")]
    #[command(after_help = "Example: growset tap http://localhost:8080/events --for 60")]
    Tap(crate::verbs::tap::TapOptions),
    /// Publish the examples, or a payload of your own, to a running server.
    #[cfg(feature = "server")]
    #[command(after_help = "Example: growset emit http://localhost:8080 --event order.created --count 100 --rate 10")]
    Emit(crate::verbs::emit::EmitOptions),
    /// Examine a running stream as the runbook of an outage says, and say what to change.
    ///
    /// Looks at the connection, TLS, CORS, credentials, headers, first byte, heartbeat, buffering and resume, through
    /// every proxy on the way. Exits 100 when there are problems.
    #[cfg(feature = "server")]
    #[command(
        after_help = "Example: growset doctor https://events.example.com/events --origin https://app.example.com"
    )]
    Doctor(crate::verbs::doctor::DoctorOptions),
    /// Print the configuration of a proxy that lets streams through.
    #[cfg(feature = "server")]
    #[command(after_help = "Example: growset proxy nginx --host events.example.com")]
    Proxy(crate::verbs::proxy::ProxyOptions),
    /// Write a new contract into the folder of its siblings.
    #[command(after_help = "Example: growset new order.shipped")]
    New {
        /// The event's name, such as `order.shipped` or `order.created.v2`.
        event: String,
    },
    /// Make contracts of other people's schemas, with an account of what is lost.
    ///
    /// Nothing is fetched. A file that cannot be read is reported and left out, and the exit code is 2. What is written
    /// passes `growset check`, or nothing is written.
    #[command(after_help = "Example: growset import json-schema schemas --dry-run")]
    Import {
        /// What is imported.
        #[command(subcommand)]
        source: ImportSource,
    },
    /// Judge the history that a folder of schemas holds: every revision of every event beside the one before it.
    #[command(after_help = "Example: growset audit schemas")]
    Audit(AuditOptions),
    /// Apply every fix that is certain; comments stay.
    #[command(after_help = "Example: growset fix --dry-run")]
    Fix {
        /// Show the changes and write nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Print the page of a rule, or list every rule.
    #[command(after_help = "Example: growset explain missing-doc")]
    Explain {
        /// The rule's id, as reports show it in brackets; or report-schema for the JSON Schema of JSON reports.
        rule: Option<String>,
    },
    /// Start a contracts folder with one example, editor settings and a CI workflow.
    ///
    /// Nothing that exists is overwritten.
    #[command(after_help = "Example: growset init")]
    Init {
        /// The repository.
        #[arg(default_value = ".")]
        directory: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_of_the_arguments_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_verb_has_an_example() {
        for verb in Arguments::command().get_subcommands() {
            let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with(&format!("Example: growset {}", verb.get_name())), "{}", verb.get_name());
        }
    }

    /// The commands of a guide's shell blocks, as words: a line may go on in the next, quotes keep spaces, and where
    /// the output goes is the shell's affair.
    fn commands(guide: &str) -> Vec<Vec<String>> {
        let blocks = guide.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```"));
        let lines: Vec<String> = blocks
            .flat_map(|(block, _)| block.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        lines.iter().filter(|line| line.starts_with("growset ")).map(|line| words(line)).collect()
    }

    fn words(line: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quote = None;
        for character in line.chars() {
            match (quote, character) {
                (None, '"' | '\'') => quote = Some(character),
                (Some(open), _) if open == character => quote = None,
                (None, '>' | '|' | '#') => break,
                (None, ' ') => words.push(String::new()),
                _ => words.last_mut().expect("has a word").push(character),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    #[test]
    fn every_command_of_the_guides_exists() {
        let mut count = 0;
        for (page, text) in crate::pages::guides() {
            for command in commands(text) {
                if let Err(error) = Arguments::try_parse_from(&command) {
                    assert_eq!(error.exit_code(), 0, "{page}: {command:?}\n{error}");
                }
                count += 1;
            }
        }
        assert!(count >= 16, "{count} commands");
        assert!(Arguments::try_parse_from(words("growset doctor --no-such-flag")).is_err());
    }
}
