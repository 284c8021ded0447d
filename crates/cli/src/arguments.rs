//! What can be typed after `growset`.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use growset_model::Date;

use crate::clock;
use crate::report::Format;
use crate::verbs::changelog::ChangelogFormat;

/// Exit codes, said where people look for them.
const EXIT_CODES: &str = "\
Exit codes: 0 clean, 1 usage or environment, 2 invalid contracts, 100 a released promise is broken,
4 generated files are stale.

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

    /// Compare with this instead of the lock: a git ref (`origin/main`, or `v1:its/contracts`), a contracts folder, or
    /// a catalog.json.
    #[arg(long, value_name = "BASELINE")]
    pub against: Option<String>,

    /// The git ref since which the lock may only have grown [default: where this branch left the default branch].
    #[arg(long, value_name = "REF")]
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
        #[arg(long, value_name = "REF")]
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
    /// Write a new contract into the folder of its siblings.
    #[command(after_help = "Example: growset new order.shipped")]
    New {
        /// The event's name, such as `order.shipped` or `order.created.v2`.
        event: String,
    },
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
        /// The rule's id, as reports show it in brackets.
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
}
