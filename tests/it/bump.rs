//! The next version of a released event, written by the command.

use crate::lock::released;
use crate::workplace::Workplace;

const FIRST: &str = "contracts/orders/order.created.yaml";
const SECOND: &str = "contracts/orders/order.created.v2.yaml";
const TYPES: &str = "contracts/orders/orders.types.yaml";

fn is_green(workplace: &Workplace) {
    let answer = workplace.growset(&["check", "--date", "2026-03-01"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(answer.out.contains("nothing breaks"), "{}", answer.out);
    let answer = workplace.growset(&["generate"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
}

#[test]
fn an_edited_contract_becomes_the_next_version_and_the_first_is_restored() {
    let workplace = released();
    workplace.edit(FIRST, "total: { type: integer", "total: { type: number");
    assert_eq!(workplace.growset(&["check"]).code, 100);
    let answer = workplace.growset(&["bump", "order.created", "--date", "2026-03-01"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(answer.err.contains("v1-goes-silent: order.created cannot be made of order.created.v2 again (total)"));
    is_green(&workplace);
    insta::assert_snapshot!("bump", format!("{}\n---\n{}", workplace.read(FIRST), workplace.read(SECOND)));
    let answer = workplace.growset(&["release", "--date", "2026-03-01"]);
    assert!(answer.out.contains("released 0.2.0") && answer.out.contains("order.created.v2"), "{}", answer.out);
}

#[test]
fn what_a_person_wrote_beside_the_contract_stays_through_every_version() {
    let workplace = released();
    workplace.edit(FIRST, "fields: ", "# Asked for by the warehouse.\nfields: ");
    workplace.edit(FIRST, "  total: { type: integer, min: 0, doc: In minor units of the currency. }\n", "  total:\n    # Never negative, see the refund.\n    type: number\n    min:   0  # not -0\n    doc: In minor units of the currency.\n");
    workplace.edit(FIRST, "  currency: {", "  # Three letters.\n  currency: {");
    let comments = [
        "# Asked for by the warehouse.",
        "# always present; frozen once released",
        "# Never negative, see the refund.",
        "min:   0  # not -0",
        "# Three letters.",
    ];
    let answer = workplace.growset(&["bump", "order.created", "--date", "2026-03-01", "--sunset", "2026-04-01"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    is_green(&workplace);
    for path in [FIRST, SECOND] {
        let text = workplace.read(path);
        assert!(comments.iter().all(|comment| text.contains(comment)), "{text}");
    }
    insta::assert_snapshot!(
        "bump_with_comments",
        format!("{}\n---\n{}", workplace.read(FIRST), workplace.read(SECOND))
    );
    assert_eq!(workplace.growset(&["release", "--date", "2026-03-02"]).code, 0);
    assert_eq!(workplace.growset(&["retire", "order.created", "--date", "2026-04-02"]).code, 0);
    let tombstone = workplace.read(FIRST);
    assert!(comments.iter().all(|comment| tombstone.contains(comment)), "{tombstone}");
    assert_eq!(workplace.growset(&["check"]).code, 0);
}

#[test]
fn a_broken_shared_type_is_forked_for_the_bumped_event() {
    let workplace = released();
    workplace.growset(&["new", "order.shipped"]);
    workplace.growset(&["release", "--date", "2026-01-03"]);
    let types = workplace.read(TYPES);
    workplace.edit(TYPES, "^ord_", "^order_");
    workplace.edit(TYPES, "example: ord_7f3k }", "example: order_7f3k }  # spoken in full on the phone");
    workplace.edit(FIRST, "ord_7f3k", "order_7f3k");
    let answer = workplace.growset(&["check"]);
    assert!(answer.code == 2 && answer.out.contains("carried by order.created, order.shipped"), "{}", answer.out);
    let answer = workplace.growset(&["bump", "order.created", "--date", "2026-03-01"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(answer.out.contains("type OrderIdV2 has the new shape of OrderId"), "{}", answer.out);
    is_green(&workplace);
    let forked = workplace.read(TYPES);
    assert!(
        forked.contains("OrderIdV2:") && forked.contains("^order_") && forked.contains("^ord_"),
        "{forked}\n{types}"
    );
    assert!(forked.contains("# spoken in full on the phone"), "{forked}");
    assert!(workplace.read(SECOND).contains("OrderIdV2"));
    assert!(!workplace.exists("contracts/orders/order.shipped.v2.yaml"));
}

#[test]
fn all_carriers_of_a_broken_type_are_bumped_when_asked() {
    let workplace = released();
    workplace.growset(&["new", "order.shipped"]);
    workplace.growset(&["release", "--date", "2026-01-03"]);
    workplace.edit(TYPES, "^ord_", "^order_");
    workplace.edit(TYPES, "example: ord_7f3k", "example: order_7f3k");
    workplace.edit(FIRST, "ord_7f3k", "order_7f3k");
    let answer = workplace.growset(&["bump", "order.created", "--carriers", "--date", "2026-03-01"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert!(workplace.read("contracts/orders/order.shipped.v2.yaml").contains("OrderIdV2"));
}

#[test]
fn what_is_not_released_or_not_there_is_not_bumped() {
    let workplace = Workplace::with_example();
    let answer = workplace.growset(&["bump", "order.created"]);
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("order.created is not released yet, so it may change freely"), "{}", answer.err);
    assert!(!workplace.exists(SECOND));
    let answer = workplace.growset(&["bump", "order.craeted"]);
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("no contract defines order.craeted; did you mean order.created?"), "{}", answer.err);
}

#[test]
fn an_event_that_is_as_it_was_released_is_not_bumped() {
    let workplace = released();
    let answer = workplace.growset(&["bump", "order.created"]);
    assert_eq!(answer.code, 1);
    assert!(answer.err.contains("order.created is as it was released; edit its contract"), "{}", answer.err);
    workplace.edit(FIRST, "total: { type: integer", "total: { type: number");
    assert_eq!(workplace.growset(&["bump", "order.created"]).code, 0);
    let first = workplace.read(FIRST);
    let again = workplace.growset(&["bump", "order.created"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("and order.created.v2 replaces it; nothing to bump"), "{}", again.err);
    assert_eq!(workplace.read(FIRST), first);
    assert!(!workplace.exists("contracts/orders/order.created.v3.yaml"));
}

#[test]
fn an_event_that_was_never_released_is_not_retired() {
    let workplace = Workplace::with_example();
    workplace.edit(FIRST, "audience: org", "audience: org\ndeprecated: { reason: \"No.\", sunset: \"2026-01-01\" }");
    let text = workplace.read(FIRST);
    let answer = workplace.growset(&["retire", "order.created", "--date", "2026-03-01"]);
    assert!(answer.code == 1 && answer.err.contains("was never released, so nobody relies on it"), "{}", answer.err);
    assert_eq!(workplace.read(FIRST), text);
}

#[test]
fn an_event_is_retired_after_its_sunset_and_not_before() {
    let workplace = released();
    let answer = workplace.growset(&["retire", "order.created", "--date", "2026-03-01"]);
    assert!(answer.code == 1 && answer.err.contains("is not deprecated"), "{}", answer.err);
    workplace.edit(FIRST, "total: { type: integer", "total: { type: number");
    workplace.growset(&["bump", "order.created", "--date", "2026-03-01", "--sunset", "2026-04-01"]);
    let answer = workplace.growset(&["retire", "order.created", "--date", "2026-03-31"]);
    assert!(answer.code == 1 && answer.err.contains("promised until 2026-04-01"), "{}", answer.err);
    let answer = workplace.growset(&["retire", "order.created", "--date", "2026-04-02"]);
    assert!(answer.code == 1 && answer.err.contains("is not released yet"), "{}", answer.err);
    workplace.growset(&["release", "--date", "2026-03-01"]);
    workplace.edit(FIRST, "2026-04-01", "2020-01-01");
    let answer = workplace.growset(&["retire", "order.created", "--date", "2026-03-31"]);
    assert!(answer.code == 1 && answer.err.contains("to stay until 2026-04-01"), "{}", answer.err);
    workplace.edit(FIRST, "2020-01-01", "2026-04-01");
    let answer = workplace.growset(&["retire", "order.created", "--date", "2026-04-02"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let text = workplace.read(FIRST);
    assert!(text.contains("retired: { since: \"2026-04-02\", use: order.created.v2 }"), "{text}");
    let answer = workplace.growset(&["check"]);
    assert_eq!(answer.code, 0, "{}", answer.out);
    let answer = workplace.growset(&["release", "--date", "2026-04-02"]);
    assert!(answer.out.contains("released 1.0.0"), "{}", answer.out);
}

#[test]
fn a_changelog_says_what_was_not_decided() {
    let workplace = released();
    let opaque = |most: u32| {
        format!(
            "  token: {{ json_schema: {{ type: string, pattern: \"^.{{0,{most}}}$|^[a-z]*$\" }}, doc: A proof. }}\n  note: {{"
        )
    };
    workplace.edit(FIRST, "  note: {", &opaque(5001));
    workplace.growset(&["release", "--date", "2026-02-02"]);
    workplace.edit(FIRST, &opaque(5001), &opaque(5000));
    let text = workplace.growset(&["changelog", "0.2.0.."]).out;
    assert!(text.contains("; not shown to keep open-pages, replay, publishers\n"), "{text}");
    let markdown = workplace.growset(&["changelog", "0.2.0..", "--format", "markdown"]).out;
    assert!(markdown.contains("; not shown to keep open-pages, replay, publishers\n"), "{markdown}");
    let json: serde_json::Value =
        serde_json::from_str(&workplace.growset(&["changelog", "0.2.0..", "--format", "json"]).out).expect("is JSON");
    assert_eq!(json["changes"][0]["undecided"], serde_json::json!(["open-pages", "replay", "publishers"]), "{json:#}");
}

#[test]
fn a_changelog_tells_versions_refs_and_revisions_apart() {
    let workplace = released();
    workplace.edit(FIRST, "  note: {", "  tip: { type: integer, min: 0, doc: On top. }\n  note: {");
    assert!(workplace.growset(&["check"]).out.contains("nothing breaks, 1 addition\n"), "what is not released yet");
    workplace.growset(&["release", "--date", "2026-02-02"]);
    assert!(workplace.growset(&["check"]).out.contains("nothing breaks, 0 additions\n"), "all of it is released");
    let added = "optional field `tip` of order.created was added";
    for range in ["0.1.0..0.2.0", "v0.1.0..", "order.created@0.1.0..order.created@0.2.0"] {
        let answer = workplace.growset(&["changelog", range]);
        assert_eq!(answer.code, 0, "{}", answer.err);
        assert!(answer.out.contains("\nAdded\n") && answer.out.contains("`tip`"), "{range}, {added}: {}", answer.out);
    }
    assert_eq!(workplace.growset(&["changelog", "0.2.0..0.2.0"]).out, "nothing changed from 0.2.0 to 0.2.0\n");
    let answer = workplace.growset(&["changelog", "0.2.0..0.1.0", "--format", "markdown"]);
    assert!(
        answer.out.contains("### Breaking\n\n- optional field `tip` of order.created was removed"),
        "{}",
        answer.out
    );
    let answer = workplace.growset(&["changelog", "0.1.0..0.2.0", "--format", "json"]);
    assert!(answer.out.contains("\"class\": \"additive\""), "{}", answer.out);
    for (range, part) in
        [("0.1.0", "is no range"), ("order.created@9..", "is not one revision"), ("9.9.9..", "neither a folder")]
    {
        let answer = workplace.growset(&["changelog", range]);
        assert!(answer.code == 1 && answer.err.contains(part), "{}", answer.err);
    }
}
