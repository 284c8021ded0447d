//! `openapi.json` and `asyncapi.json` say what the server does, and every reference in them leads somewhere.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::serve::serve;
use crate::workplace::repository;

fn read(path: &Path) -> Value {
    let text = std::fs::read(path).expect("a reference leads to a file");
    serde_json::from_slice(&text).expect("is JSON")
}

/// Every `$ref` at any depth.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let generated = repository().join("generated");
    for name in ["openapi.json", "asyncapi.json"] {
        let document = read(&generated.join(name));
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.iter().any(|one| one == "./schemas/order.created.publish.json"), "{name}");
        for reference in found {
            match reference.strip_prefix('#') {
                Some(pointer) => assert!(document.pointer(pointer).is_some(), "{name}: {reference}"),
                None => assert!(read(&generated.join(&reference)).is_object(), "{name}: {reference}"),
            }
        }
    }
}

#[test]
fn every_described_route_is_served() {
    let served = serve(&["--dev"]);
    for name in ["openapi", "asyncapi"] {
        let answer = served.ask("GET", &format!("/{name}.json"), "");
        let (head, body) = answer.split_once("\r\n\r\n").expect("has a body");
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("application/json"), "{head}");
        let document: Value = serde_json::from_str(body).expect("is JSON");
        assert!(document[name].is_string());
    }
    let document = read(&repository().join("generated/openapi.json"));
    let paths = document["paths"].as_object().expect("there are paths");
    for (path, methods) in paths {
        let path = path.replace("{event}", "order.created").replace("{org}", "acme").replace("{user}", "ada");
        for (method, route) in methods.as_object().expect("there are methods") {
            let (mut path, mut body) = (path.clone(), "{}");
            // A stream would not end, so what is asked for is nothing that there is.
            match (path.as_str(), method.as_str()) {
                ("/events", "get") => path.push_str("?events=nothing"),
                ("/events", "post") => body = r#"{"events":["nothing"]}"#,
                _ => {} // Every other answer ends by itself.
            }
            let answer = served.ask(&method.to_uppercase(), &path, body);
            let (status, _) = answer.trim_start_matches("HTTP/1.1 ").split_once(' ').expect("has a status");
            assert!(!["404", "405"].contains(&status), "{method} {path}: {answer}");
            let responses = route["responses"].as_object().expect("there are responses");
            assert!(responses.contains_key(status) || responses.contains_key("default"), "{method} {path}: {status}");
        }
    }
}

/// The paths of the server's router. Axum tells nobody which it has, so its source is read.
fn routed() -> BTreeSet<String> {
    let source = std::fs::read_to_string(repository().join("crates/server/src/http.rs")).expect("it is there");
    let routes = source.split(".route(\"").skip(1).filter_map(|route| route.split_once('"'));
    routes.map(|(path, _)| path.to_owned()).collect()
}

#[test]
fn every_served_route_is_described_with_its_methods() {
    let document = read(&repository().join("generated/openapi.json"));
    let paths = document["paths"].as_object().expect("there are paths");
    let described: BTreeSet<String> = paths.keys().cloned().collect();
    assert_eq!(routed(), described);
    let served = serve(&["--dev"]);
    for (path, methods) in paths {
        let described: BTreeSet<String> =
            methods.as_object().expect("there are methods").keys().map(|method| method.to_uppercase()).collect();
        // A method that no route has is answered with those that this one has.
        let answer = served.ask("TRACE", &path.replace(['{', '}'], ""), "").to_lowercase();
        let allowed = answer.lines().find_map(|line| line.strip_prefix("allow: ")).expect("they are told");
        let has: BTreeSet<String> =
            allowed.split(',').map(|method| method.trim().to_uppercase()).filter(|method| method != "HEAD").collect();
        assert_eq!(has, described, "{path}");
    }
}

#[test]
fn drafts_are_left_out_and_each_audience_has_its_members() {
    let document = read(&repository().join("generated/openapi.json"));
    let publications = document["components"]["schemas"]["Publication"]["oneOf"].as_array().expect("is a list");
    let of = |name: &str| publications.iter().find(|one| one["properties"]["event"]["const"] == name);
    assert!(of("deliverable.commented").is_none(), "is a draft");
    for (name, expected) in [
        ("order.created", vec!["event", "data", "org"]),
        ("dashboard.changed", vec!["event", "data", "org", "channel"]),
    ] {
        let required = &of(name).expect("is publishable")["required"];
        assert_eq!(*required, Value::from(expected), "{name}");
    }
}
