//! The lock end to end: released once, every later contract grows from it.

use serde_json::Value;

use crate::junit;
use crate::reports::valid_sarif;
use crate::workplace::{Answer, Workplace};

/// The rules of the lock and of waivers that a test of this module breaks.
pub(crate) const RULES: [&str; 7] = [
    "lock-malformed",
    "lock-shrunken",
    "lock-unverified",
    "retired-ahead",
    "sunset-passed",
    "waiver-expired",
    "waiver-unused",
];

const CONTRACT: &str = "contracts/orders/order.created.yaml";
const LOCK: &str = "contracts/growset.lock";

pub(crate) fn released() -> Workplace {
    let workplace = Workplace::with_example();
    let answer = workplace.growset(&["release", "--date", "2026-01-02"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(answer.out.starts_with("released 0.1.0 of 2026-01-02 into contracts/growset.lock: order.created\n"));
    workplace
}

fn break_it(workplace: &Workplace) -> Answer {
    workplace.edit(CONTRACT, "  note: { type: string, max_length: 500, doc: What the buyer wrote. }\n", "");
    workplace.edit(CONTRACT, "optional:  ", "optional: {}  ");
    workplace.growset(&["check"])
}

fn fingerprint(workplace: &Workplace) -> String {
    let report: Value = serde_json::from_str(&workplace.growset(&["check", "--format", "json"]).out).expect("is JSON");
    report["growth"]["findings"][0]["fingerprint"].as_str().expect("has one").to_owned()
}

#[test]
fn without_a_lock_everything_may_change_and_that_is_said() {
    let workplace = Workplace::with_example();
    let answer = workplace.growset(&["check"]);
    assert_eq!((answer.code, answer.out.as_str()), (0, "1 event, 2 types: no problems\n"));
    assert!(answer.err.starts_with("note: nothing is released yet"), "{}", answer.err);
}

#[test]
fn a_broken_promise_is_shown_with_its_witness_and_the_way_out() {
    let workplace = released();
    assert!(
        workplace
            .growset(&["check"])
            .out
            .contains("compared with 1 revision in contracts/growset.lock: nothing breaks")
    );
    let answer = break_it(&workplace);
    assert_eq!(answer.code, 100);
    for part in [
        "error[field-removed]: optional field `note` of order.created was removed",
        "contracts/orders/order.created.yaml:",
        "breaks publishers, promised by 0.1.0 (2026-01-02) of order.created",
        "witness for publishers of 0.1.0 (2026-01-02): {",
        "contracts/growset.lock:2",
        "`growset bump order.created`",
        "waivers.yaml",
    ] {
        assert!(answer.out.contains(part), "{part} in {}", answer.out);
    }
    let answer = workplace.growset(&["release"]);
    assert_eq!((answer.code, answer.err.as_str()), (100, "nothing was released\n"));
}

#[test]
fn programs_read_the_finding_whole() {
    let workplace = released();
    break_it(&workplace);
    let answer = workplace.growset(&["check", "--format", "json"]);
    assert_eq!(answer.code, 100);
    let report: Value = serde_json::from_str(&answer.out).expect("is JSON");
    let schema = workplace.growset(&["explain", "report-schema"]).out;
    let schema: Value = serde_json::from_str(&schema).expect("is JSON");
    let validator = jsonschema::validator_for(&schema).expect("is a schema");
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let finding = &report["growth"]["findings"][0];
    assert_eq!((&finding["rule"], &finding["class"]), (&"field-removed".into(), &"breaking".into()));
    assert_eq!(finding["baseline"][0]["at"], "contracts/growset.lock:2");
    assert!(finding["proof"]["witnesses"][0]["payload"].is_object());
}

#[test]
fn growth_is_released_by_its_weight_and_only_once() {
    let workplace = released();
    let lock = workplace.read(LOCK);
    let again = workplace.growset(&["release", "--date", "2026-01-09"]);
    assert_eq!(
        (again.code, again.out.as_str()),
        (0, "0.1.0 of 2026-01-02 holds every contract already; nothing to release\n")
    );
    assert_eq!(workplace.read(LOCK), lock);
    let answer = workplace.growset(&["changelog", "0.1.0.."]);
    assert!(answer.out.starts_with("nothing changed from 0.1.0"), "{}", answer.out);
    let report = workplace.growset(&["check", "--format", "json"]).out;
    let report: Value = serde_json::from_str(&report).expect("is JSON");
    assert_eq!(report["growth"]["changes"], Value::Array(Vec::new()));

    workplace.edit(CONTRACT, "  note: {", "  tip: { type: integer, min: 0, doc: On top. }\n  note: {");
    let answer = workplace.growset(&["release", "--date", "2026-02-02"]);
    assert!(answer.out.starts_with("released 0.2.0 of 2026-02-02"), "{}", answer.out);
    workplace.edit(CONTRACT, "doc: On top.", "doc: On top of it.");
    let answer = workplace.growset(&["release", "--date", "2026-02-03"]);
    // What is restored and shown later is the newest documentation.
    assert!(
        answer.out.contains("released 0.2.1 of 2026-02-03 into contracts/growset.lock: order.created\n"),
        "{}",
        answer.out
    );
    assert!(workplace.read(LOCK).contains("On top of it."));
    assert!(workplace.growset(&["check"]).out.contains("compared with 2 revisions"), "one shape is compared once");
    let again = workplace.growset(&["release", "--date", "2026-02-03"]);
    assert!(again.out.contains("nothing to release"), "{}", again.out);
    workplace.edit("contracts/growset.yaml", "schema_base: https://", "schema_base: https://new.");
    assert_eq!(workplace.growset(&["check"]).code, 0);
    assert_eq!(workplace.growset(&["check", "--fail-on", "source"]).code, 100);
    let answer = workplace.growset(&["release", "--date", "2026-02-04"]);
    assert!(answer.out.starts_with("released 1.0.0 of 2026-02-04"), "{}", answer.out);
    let lines: Vec<String> = workplace.read(LOCK).lines().map(str::to_owned).collect();
    assert!(lock.lines().all(|line| lines.contains(&line.to_owned())), "the lock only grew");
}

#[test]
fn the_packages_bear_the_version_of_the_lock() {
    let workplace = Workplace::with_example();
    let version = |workplace: &Workplace| {
        assert_eq!(workplace.growset(&["generate"]).code, 0);
        let manifest: Value =
            serde_json::from_str(&workplace.read("generated/typescript/package.json")).expect("is JSON");
        manifest["version"].as_str().expect("is text").to_owned()
    };
    assert_eq!(version(&workplace), "0.1.0");
    workplace.growset(&["release", "--date", "2026-01-02"]);
    workplace.edit(CONTRACT, "  note: {", "  tip: { type: integer, min: 0, doc: On top. }\n  note: {");
    let preview = version(&workplace);
    assert!(preview.starts_with("0.2.0-dev.") && preview.len() == "0.2.0-dev.".len() + 8, "{preview}");
    assert!(workplace.read("generated/rust/Cargo.toml").contains("version = \"0.1.0\""));
    workplace.growset(&["release", "--date", "2026-02-02"]);
    assert_eq!(workplace.growset(&["generate", "--check"]).code, 4);
    assert_eq!(version(&workplace), "0.2.0");
    assert!(workplace.read("generated/rust/Cargo.toml").contains("version = \"0.2.0\""));
}

#[test]
fn a_lock_that_was_touched_is_refused_at_its_line() {
    let workplace = released();
    let lock = workplace.read(LOCK);
    for (text, part) in [
        (lock.replace("\"max_length\":500", "\"max_length\":50"), "contracts/growset.lock:2:1"),
        (format!("<<<<<<< HEAD\n{lock}"), "conflict marker"),
        (String::new(), "the lock is empty, and what was released is lost with it; restore the file from git"),
        (lock[..lock.len() - 9].to_owned(), "restore the file from git"),
        (lock.replace("\"growset_lock\":1", "\"growset_lock\":9"), "install growset 0.9.0"),
    ] {
        workplace.write(LOCK, text);
        let answer = workplace.growset(&["check"]);
        assert_eq!(answer.code, 2, "{}", answer.out);
        assert!(answer.out.contains("error[lock-malformed]") && answer.out.contains(part), "{}", answer.out);
        assert_eq!(workplace.growset(&["generate"]).code, 2);
        assert_eq!(workplace.growset(&["release"]).code, 2);
    }
}

#[test]
fn a_waived_break_is_released_into_the_lock_and_its_waiver_deleted() {
    let workplace = released();
    break_it(&workplace);
    let waiver = format!(
        "# Decided in the meeting.\nwaivers:\n  - fingerprint: \"{}\"\n    reason: It leaked names.\n    owner: orders\n    expires: \"2026-03-01\"\n",
        fingerprint(&workplace)
    );
    workplace.write("contracts/waivers.yaml", &waiver);
    let answer = workplace.growset(&["check", "--date", "2026-03-01"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    assert!(answer.out.contains("waived until 2026-03-01 by orders: optional field `note`"), "{}", answer.out);
    every_report_shows_the_waiver(&workplace);
    let late = workplace.growset(&["check", "--date", "2026-03-02"]);
    assert_eq!(late.code, 100);
    assert!(late.out.contains("error[waiver-expired]") && late.out.contains("error[field-removed]"), "{}", late.out);

    let answer = workplace.growset(&["release", "--date", "2026-03-01"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(answer.out.contains("released 1.0.0"), "{}", answer.out);
    assert_eq!(workplace.read("contracts/waivers.yaml"), "# Decided in the meeting.\nwaivers:\n");
    assert!(workplace.read(LOCK).contains("\"reason\":\"It leaked names.\""));
    let answer = workplace.growset(&["check"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    assert!(answer.out.contains("compared with 1 revision"), "{}", answer.out);
}

fn every_report_shows_the_waiver(workplace: &Workplace) {
    let report = |format: &str| {
        let answer = workplace.growset(&["check", "--date", "2026-03-01", "--format", format]);
        assert_eq!(answer.code, 0, "{}", answer.out);
        answer.out
    };
    let log = valid_sarif(&report("sarif"));
    let results = log["runs"][0]["results"].as_array().into_iter().flatten();
    let waived: Vec<&Value> = results.filter(|result| result["ruleId"] == "field-removed").collect();
    assert_eq!(waived.len(), 1, "{log}");
    let why = &waived[0]["suppressions"][0]["justification"];
    assert_eq!(why, "It leaked names. (by orders, until 2026-03-01)");
    let tests = report("junit");
    junit::assert_valid(&tests);
    assert!(tests.contains("failures=\"0\"") && tests.contains("skipped=\"1\""), "{tests}");
    assert!(tests.contains("<skipped>waived until 2026-03-01 by orders: "), "{tests}");
    for format in ["json", "github", "markdown"] {
        let report = report(format);
        assert!(report.contains("It leaked names."), "{format}: {report}");
    }
}

#[test]
fn a_waiver_says_why_and_whose_it_is() {
    let workplace = released();
    workplace.write(
        "contracts/waivers.yaml",
        "waivers:\n  - { fingerprint: abcdef, reason: \"\", owner: \" \", expires: \"2030-01-01\" }\n",
    );
    let answer = workplace.growset(&["check"]);
    assert_eq!(answer.code, 2, "{}", answer.out);
    assert!(answer.out.contains("`reason` takes why the break is right"), "{}", answer.out);
    assert!(answer.out.contains("`owner` takes the name of the team"), "{}", answer.out);
}

#[test]
fn a_waiver_of_the_lock_is_not_idle_beside_another_baseline() {
    let workplace = released();
    break_it(&workplace);
    let waiver = format!(
        "waivers:\n  - {{ fingerprint: \"{}\", reason: It leaked., owner: orders, expires: \"2030-01-01\" }}\n",
        fingerprint(&workplace)
    );
    workplace.write("contracts/waivers.yaml", &waiver);
    let answer = workplace.growset(&["check", "--against", "contracts"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(!answer.out.contains("waiver-unused"), "{}", answer.out);
}

#[test]
fn a_waiver_for_nothing_is_a_finding() {
    let workplace = released();
    workplace.write(
        "contracts/waivers.yaml",
        "waivers:\n  - { fingerprint: abcdef, reason: None., owner: orders, expires: \"2030-01-01\" }\n",
    );
    let answer = workplace.growset(&["check"]);
    assert_eq!(answer.code, 100);
    assert!(answer.out.contains("error[waiver-unused]") && answer.out.contains("waivers.yaml:2:"), "{}", answer.out);
    assert_eq!(workplace.growset(&["release"]).code, 100);
    workplace.write("contracts/waivers.yaml", "waivers:\n  - { fingerprint: abcdef, reason: None. }\n");
    let answer = workplace.growset(&["check"]);
    assert_eq!(answer.code, 2);
    assert!(answer.out.contains("error[missing-key]"), "{}", answer.out);
}

#[test]
fn a_deprecated_event_past_its_sunset_is_a_warning_and_stops_a_release() {
    let workplace = released();
    workplace.edit(
        CONTRACT,
        "audience: org",
        "audience: org\ndeprecated: { reason: \"Nobody listens.\", sunset: \"2026-06-30\" }",
    );
    let on = |verb: &str, day: &str| workplace.growset(&[verb, "--date", day]);
    assert!(!on("check", "2026-06-30").out.contains("sunset-passed"), "the last day still counts");
    let after = on("check", "2026-07-01");
    assert_eq!(after.code, 0);
    assert!(after.out.contains("warning[sunset-passed]: order.created was promised until 2026-06-30"), "{}", after.out);
    let lock = workplace.read(LOCK);
    let refused = on("release", "2026-07-01");
    assert!(refused.code == 100 && refused.out.contains("error[sunset-passed]"), "{}", refused.out);
    assert_eq!(workplace.read(LOCK), lock);
    assert_eq!(on("release", "2026-06-30").code, 0);
}

#[test]
fn a_tombstone_from_a_day_ahead_is_a_warning_and_stops_a_release() {
    let workplace = released();
    let deprecated = "audience: org\ndeprecated: { reason: \"Nobody listens.\", sunset: \"2026-06-30\" }";
    workplace.edit(CONTRACT, "audience: org", deprecated);
    assert_eq!(workplace.growset(&["release", "--date", "2026-03-01"]).code, 0);
    workplace.growset(&["retire", "order.created", "--date", "2026-07-01"]);
    let on = |verb: &str, day: &str| workplace.growset(&[verb, "--date", day]);
    let before = on("check", "2026-06-30");
    assert_eq!(before.code, 0, "{}", before.out);
    assert!(before.out.contains("warning[retired-ahead]: order.created is retired since 2026-07-01"), "{}", before.out);
    let refused = on("release", "2026-06-30");
    assert!(refused.code == 100 && refused.out.contains("error[retired-ahead]"), "{}", refused.out);
    assert!(!on("check", "2026-07-01").out.contains("retired-ahead"), "the day itself is right");
    assert_eq!(on("release", "2026-07-01").code, 0);
}

#[test]
fn a_retirement_is_held_to_what_was_promised_after_an_older_baseline() {
    let workplace = released();
    for (path, text) in workplace.tree("contracts") {
        workplace.write(&format!("then/{path}"), text);
    }
    let deprecated = "audience: org\ndeprecated: { reason: \"Nobody listens.\", sunset: \"2026-06-30\" }";
    workplace.edit(CONTRACT, "audience: org", deprecated);
    assert_eq!(workplace.growset(&["release", "--date", "2026-03-01"]).code, 0);
    let early = workplace.read(CONTRACT).replace(deprecated, "audience: org\nretired: { since: \"2026-06-29\" }");
    workplace.growset(&["retire", "order.created", "--date", "2026-07-01"]);
    let against = workplace.growset(&["check", "--against", "then"]);
    assert_eq!(against.code, 0, "it was promised until then since: {}", against.out);
    let told = workplace.growset(&["changelog", "0.1.0.."]).out;
    assert!(told.contains("event order.created was retired\n"), "{told}");
    workplace.write(CONTRACT, &early);
    let against = workplace.growset(&["check", "--against", "then"]);
    assert!(against.code == 100 && against.out.contains("before its promised last day"), "{}", against.out);
}

#[test]
fn test_reports_and_pull_requests_show_the_finding_too() {
    let workplace = released();
    break_it(&workplace);
    let junit = workplace.growset(&["check", "--format", "junit"]);
    assert_eq!(junit.code, 100);
    crate::junit::assert_valid(&junit.out);
    assert!(
        junit.out.contains("<failure type=\"field-removed\"") && junit.out.contains("failures=\"1\""),
        "{}",
        junit.out
    );
    assert!(!junit.out.contains("witness for publishers of 0.1.0 (2026-01-02): {\""), "quotes are escaped");
    let markdown = workplace.growset(&["check", "--format", "markdown"]);
    assert!(markdown.out.starts_with("### Contracts: 1 problem\n"), "{}", markdown.out);
    assert!(
        markdown.out.contains("**error** `field-removed`: optional field `note` of order.created"),
        "{}",
        markdown.out
    );
    for format in ["sarif", "github"] {
        let answer = workplace.growset(&["check", "--format", format]);
        assert!(answer.code == 100 && answer.out.contains("witness for publishers"), "{}", answer.out);
    }
}
