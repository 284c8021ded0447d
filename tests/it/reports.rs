//! The formats of reports, as programs read them.

use serde_json::Value;

use crate::junit;
use crate::workplace::{Workplace, repository};

fn invalid() -> Workplace {
    let workplace = Workplace::with_example();
    workplace.edit("contracts/orders/order.created.yaml", "orderId: OrderId", "orderId: OrderIdd");
    workplace.write("contracts/orders/odd, name %.yaml", "event: [\n");
    workplace
}

fn report(format: &str) -> String {
    let answer = invalid().growset(&["check", "--format", format]);
    assert_eq!((answer.code, answer.err.as_str()), (2, ""));
    answer.out
}

#[test]
fn people_see_the_line_the_place_and_the_nearest_name() {
    let report = report("text");
    for part in ["error[unknown-type]", "contracts/orders/order.created.yaml:7:12", "orderId: OrderIdd", "`OrderId`"] {
        assert!(report.contains(part), "{part} in {report}");
    }
    assert!(!report.contains('\u{1b}'), "no colour outside of a terminal");
    let last = report.lines().last().unwrap_or_default();
    assert!(last.contains("error") && last.contains("growset explain"), "{last}");
}

#[test]
fn programs_read_a_document_that_its_schema_describes() {
    let report: Value = serde_json::from_str(&report("json")).expect("is JSON");
    let schema = Workplace::with_example().growset(&["explain", "report-schema"]).out;
    let schema: Value = serde_json::from_str(&schema).expect("is JSON");
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).expect("is a schema");
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let found = report["diagnostics"].as_array().expect("has diagnostics");
    let unknown = found.iter().find(|diagnostic| diagnostic["rule"] == "unknown-type").expect("is reported");
    assert_eq!(unknown["place"]["file"], "contracts/orders/order.created.yaml");
    assert_eq!((&unknown["place"]["start"]["line"], &unknown["place"]["start"]["column"]), (&7.into(), &12.into()));
    assert_eq!(report["summary"]["errors"], found.len());
}

#[test]
fn test_reports_are_what_readers_of_junit_expect() {
    junit::assert_valid(&report("junit"));
    junit::assert_valid(&Workplace::with_example().growset(&["check", "--format", "junit"]).out);
}

/// The log, which is as the schema of SARIF 2.1.0 has it.
pub(crate) fn valid_sarif(report: &str) -> Value {
    let report: Value = serde_json::from_str(report).expect("is JSON");
    let schema =
        std::fs::read(repository().join("tests/fixtures/reports/sarif-2.1.0.schema.json")).expect("can be read");
    let schema: Value = serde_json::from_slice(&schema).expect("is JSON");
    let validator = jsonschema::validator_for(&schema).expect("is a schema");
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    report
}

#[test]
fn code_scanning_reads_sarif() {
    let report = valid_sarif(&report("sarif"));
    let text = report.to_string();
    assert!(text.contains("odd%2C%20name%20%25.yaml"), "{text}");
    let run = &report["runs"][0];
    for result in run["results"].as_array().into_iter().flatten() {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok()).expect("has an index");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

#[test]
fn github_annotates_the_line() {
    let report = report("github");
    let line = report.lines().find(|line| line.contains("title=unknown-type")).expect("is reported");
    assert!(line.starts_with("::error file=contracts/orders/order.created.yaml,line=7,endLine=7,col=12,"), "{line}");
    assert!(report.contains("file=contracts/orders/odd%2C name %25.yaml"), "{report}");
}
