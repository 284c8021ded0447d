//! `cargo xtask test`: everything that CI runs, in the order in which mistakes are found soonest.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Context;

use crate::cargo::cargo;
use crate::step::{self, nothing, summaries};
use crate::{debian, listener, new_rule, npm, root};

/// Random cases of each property in the long mode, about a hundred and fifty times those of every run, which are the same
/// each time.
const CASES_OF_A_NIGHT: &str = "40000";

/// Runs every step; stops at the first that fails.
pub(crate) fn run(long: bool) -> anyhow::Result<()> {
    let start = Instant::now();
    let root = root();
    npm::install("npm tools", &root.join("tests/npm"))?;
    npm::install("fresh application", &root.join("tests/npm/fresh"))?;
    listener::install(&root)?;
    step::run("formatting", cargo(&root).args(["fmt", "--all", "--check"]), nothing)?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
    step::run("clippy", cargo(&root).args(clippy), nothing)?;
    debian::provide(Path::new("/usr/sbin/nginx"), "nginx", None)?;
    debian::provide(Path::new("/usr/bin/redis-server"), "redis-server", None)?;
    debian::provide(Path::new("/usr/bin/curl"), "curl", None)?;
    debian::provide(Path::new("/usr/bin/openssl"), "openssl", None)?;
    rust_tests(&root)?;
    step::run("generated files", &mut growset(&root, &["generate", "--check"])?, nothing)?;
    step::run("TypeScript tests", &mut npm::script(&root.join("tests/npm"), "test"), summaries)?;
    listener::test(&root)?;
    listener::test_native(&root, &std::env::current_exe().context("cannot tell the path of xtask")?)?;
    if long {
        new_rule::try_out(&root)?;
        random_contracts(&root)?;
        second_opinion(&root)?;
        server_at_full_size(&root)?;
    }
    println!("\nall checks passed in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Builds the tests once, then runs what was built. Documentation tests have a runner of their own.
fn rust_tests(root: &Path) -> anyhow::Result<()> {
    let has_nextest = Command::new("cargo-nextest").args(["nextest", "--version"]).output().is_ok();
    let runner: &[&str] = if has_nextest { &["nextest", "run"] } else { &["test"] };
    let selection: &[&str] =
        if has_nextest { &["--workspace"] } else { &["--workspace", "--lib", "--bins", "--tests"] };
    step::run("build of the tests", cargo(root).args(runner).args(selection).arg("--no-run"), nothing)?;
    let mut tests = cargo(root);
    tests.args(runner).args(selection);
    if has_nextest {
        // One more than there are processors, because many tests wait for servers.
        let at_once = std::thread::available_parallelism().map_or(2, usize::from) + 1;
        tests.args(["--status-level", "fail", "--test-threads", &at_once.to_string()]);
    }
    if debian::is_ci() {
        // Whoever reads this later cannot run it again for the next failure.
        tests.arg("--no-fail-fast");
    }
    step::run("tests", &mut tests, summaries)?;
    step::run("documentation tests", cargo(root).args(["test", "--workspace", "--doc"]), summaries)
}

/// The property tests of every run, with far more cases.
fn random_contracts(root: &Path) -> anyhow::Result<()> {
    let mut command = cargo(root);
    command.args(["test", "--release", "--package", "growset-compat", "--package", "growset-model", "--test", "it"]);
    step::run("random contracts, many", of_a_night(&mut command), summaries)
}

/// The growth checker beside jsoncompat. It has a workspace of its own, so that nobody else builds what it brings.
fn second_opinion(root: &Path) -> anyhow::Result<()> {
    let mut command = cargo(root);
    command
        .args(["test", "--release"])
        .current_dir(root.join("xtask/peers/jsoncompat"))
        .env("CARGO_TARGET_DIR", root.join("target/peers"));
    step::run("beside jsoncompat", of_a_night(&mut command), summaries)
}

/// Many cases, from another seed each time. `PROPTEST_CASES` and `GROWSET_SEED` say otherwise (cargo sets
/// `PROPTEST_RNG_SEED` for everybody); what failed is found again by the seed that is printed.
fn of_a_night(command: &mut Command) -> &mut Command {
    let seed = std::env::var("GROWSET_SEED").ok().or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(now.as_secs().to_string())
    });
    let seed = seed.unwrap_or_default();
    println!("seed of the random contracts: GROWSET_SEED={seed}");
    command.env("PROPTEST_RNG_SEED", seed);
    if std::env::var_os("PROPTEST_CASES").is_none() {
        command.env("PROPTEST_CASES", CASES_OF_A_NIGHT);
    }
    command
}

/// What every run tries at a tenth: kills, drains, slow readers, strangers, nodes that come and go.
fn server_at_full_size(root: &Path) -> anyhow::Result<()> {
    let mut command = cargo(root);
    // One after the other, because each wants the machine for itself.
    let tests = ["crashes", "draining", "slow", "isolation", "injection", "fleet", "failover"];
    command.args(["test", "--release", "--package", "growset-server", "--features", "redis", "--test", "it"]);
    command.args(["--", "--nocapture", "--test-threads=1"]).args(tests);
    command.env("GROWSET_LONG", "1");
    step::run("server at full size", &mut command, |line| summaries(line) || line.contains("figure: "))
}

/// This very executable, which runs every verb of growset.
fn growset(root: &Path, arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("cannot tell the path of xtask")?);
    command.args(arguments).current_dir(root);
    Ok(command)
}
