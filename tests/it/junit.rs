//! What the readers of JUnit reports take: the elements and attributes of the xUnit plugin's schema `junit-10.xsd`, as
//! far as we use them. GitHub actions, GitLab and Jenkins read the same.

use roxmltree::{Document, Node};

/// An element, what has to be said of it, what may be said besides, and what it may hold.
struct Grammar {
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    children: &'static [&'static str],
    holds_text: bool,
}

const GRAMMAR: [Grammar; 6] = [
    Grammar {
        name: "testsuites",
        required: &[],
        optional: &["name", "time", "tests", "failures", "errors"],
        children: &["testsuite"],
        holds_text: false,
    },
    Grammar {
        name: "testsuite",
        required: &["name", "tests", "failures", "errors"],
        optional: &["group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"],
        children: &["testcase", "system-out"],
        holds_text: false,
    },
    Grammar {
        name: "testcase",
        required: &["name"],
        optional: &["time", "classname", "group"],
        children: &["failure", "skipped", "system-out"],
        holds_text: false,
    },
    Grammar { name: "failure", required: &[], optional: &["type", "message"], children: &[], holds_text: true },
    Grammar { name: "skipped", required: &[], optional: &["type", "message"], children: &[], holds_text: true },
    Grammar { name: "system-out", required: &[], optional: &[], children: &[], holds_text: true },
];

/// Fails with the first element that no reader expects.
pub(crate) fn assert_valid(report: &str) {
    let document = Document::parse(report).map_err(|error| format!("{error}\n{report}")).expect("is XML");
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    for node in root.descendants().filter(Node::is_element) {
        assert_fits(node);
    }
    for suite in root.children().filter(Node::is_element) {
        let count = |name: &str| suite.descendants().filter(|node| node.has_tag_name(name)).count().to_string();
        assert_eq!(suite.attribute("tests"), Some(count("testcase").as_str()));
        assert_eq!(suite.attribute("failures"), Some(count("failure").as_str()));
        assert_eq!(suite.attribute("skipped"), Some(count("skipped").as_str()));
    }
}

fn assert_fits(node: Node) {
    let name = node.tag_name().name();
    let grammar = GRAMMAR.iter().find(|grammar| grammar.name == name);
    let grammar = grammar.ok_or(name).expect("an element that readers know");
    for required in grammar.required {
        assert!(node.has_attribute(*required), "<{name}> has no {required}");
    }
    for attribute in node.attributes() {
        let known = [grammar.required, grammar.optional].concat();
        assert!(known.contains(&attribute.name()), "<{name}> has no attribute {}", attribute.name());
    }
    for child in node.children() {
        let is_known = grammar.children.contains(&child.tag_name().name());
        let is_space = child.text().is_none_or(|text| text.trim().is_empty());
        assert!(if child.is_element() { is_known } else { grammar.holds_text || is_space }, "in <{name}>: {child:?}");
    }
}
