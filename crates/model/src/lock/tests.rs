use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::arbitrary;
use crate::catalog::Event;

fn date(text: &str) -> Date {
    Date::parse(text).expect("is a day")
}

fn catalog(fields: serde_json::Value) -> Catalog {
    let json = json!({
        "growset": 1, "title": "", "schema_base": "https://x.example", "npm": { "name": "x" }, "rust": { "name": "x" },
        "types": { "Id": { "type": "string" }, "Unused": { "type": "json" } },
        "events": {
            "a.b": { "source": "a.b.yaml", "audience": "org", "doc": "D.", "fields": fields },
            "a.draft": { "source": "d.yaml", "audience": "org", "stability": "draft", "fields": {} },
        },
    });
    serial::from_json(&json).expect("is a catalog")
}

fn released() -> Lock {
    let mut lock = Lock::default();
    let events =
        lock.release(&catalog(json!({ "id": { "type": "Id" } })), Version::FIRST, date("2026-01-02"), &BTreeMap::new());
    assert_eq!(events.len(), 1, "drafts are not released");
    lock
}

/// As git merges two sides of a file under `merge=union`, or a person who keeps the lines of both.
fn union(left: &str, right: &str) -> String {
    let lines: BTreeSet<&str> = left.lines().chain(right.lines()).collect();
    lines.into_iter().map(|line| format!("{line}\n")).collect()
}

fn refusal(text: &str) -> String {
    let errors = Lock::parse(text).expect_err("is refused");
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_a_release_adds_is_printed_and_read_back() {
    let lock = released();
    let text = lock.print();
    assert_eq!(text.lines().count(), 4, "{text}");
    let read = Lock::parse(&text).expect("is a lock");
    assert_eq!(read.print(), text);
    assert!(read.holds(&catalog(json!({ "id": { "type": "Id" } }))));
    assert!(!read.holds(&catalog(json!({ "id": { "type": "string" } }))));
    assert_eq!(Lock::parse(""), Ok(Lock::default()));
}

#[test]
fn a_release_of_the_same_shapes_adds_no_revision() {
    let mut lock = released();
    let mut next = catalog(json!({ "id": { "type": "Id" } }));
    next.settings.title = "Better".to_owned();
    let events = lock.release(&next, Version::FIRST.next_patch(), date("2026-01-03"), &BTreeMap::new());
    assert_eq!((events.len(), lock.events.len(), lock.releases.len()), (0, 1, 2));
    assert!(lock.holds(&next));
}

#[test]
fn two_branches_merge_by_keeping_the_lines_of_both() {
    let mut sides = Vec::new();
    for field in ["x", "y"] {
        let mut lock = released();
        let mut next = catalog(json!({ "id": { "type": "Id" } }));
        let added = catalog(json!({ field: { "type": "json" } }));
        let names = ["a.b"].map(|name| EventName::parse(name).expect("is a name"));
        for name in &names {
            let event = added.events[name].clone();
            next.events.insert(name.clone(), event);
        }
        lock.release(&next, Version::FIRST.next_minor(), date("2026-02-02"), &BTreeMap::new());
        sides.push(lock);
    }
    let merged = Lock::parse(&union(&sides[0].print(), &sides[1].print())).expect("is a lock");
    assert_eq!((merged.events.len(), merged.releases.len()), (3, 3));
    for side in &sides {
        assert_eq!(merged.missing_from(side), Vec::<String>::new());
        assert_eq!(side.missing_from(&merged).len(), 2);
    }
    assert_eq!(Lock::parse(&merged.print()).map(|lock| lock.print()), Ok(merged.print()));
}

#[test]
fn a_waived_break_takes_earlier_revisions_out_of_the_comparison() {
    let mut lock = released();
    let name = EventName::parse("a.b").expect("is a name");
    let old = lock.events[0].digest.clone();
    let breaks = BTreeMap::from([(name.clone(), (BTreeSet::from([old]), "a leak".to_owned()))]);
    let next = catalog(json!({ "id": { "type": "json" } }));
    lock.release(&next, Version::FIRST.next_major(), date("2026-02-02"), &breaks);
    let read = Lock::parse(&lock.print()).expect("is a lock");
    assert_eq!(read.standing().iter().map(|entry| entry.label()).collect::<Vec<_>>(), ["1.0.0 (2026-02-02)"]);
    assert_eq!(read.newest(&name).and_then(|entry| entry.reason.as_deref()), Some("a leak"));
    let back = catalog(json!({ "id": { "type": "Id" } }));
    let events = lock.release(&back, Version::FIRST.next_major().next_minor(), date("2026-02-03"), &BTreeMap::new());
    assert_eq!(events, [name], "the broken shape is released anew");
}

#[test]
fn a_lock_that_was_touched_is_refused_at_the_line() {
    let text = released().print();
    let cases = [
        (text.replace("\"type\":\"string\"", "\"type\":\"json\""), "line 4: the shape of type Id was edited"),
        (text.replace("\"audience\":\"org\"", "\"audience\":\"user\""), "line 2: revision 0.1.0 of a.b was edited"),
        (
            text.lines().filter(|line| !line.starts_with("{\"type\"")).map(|line| format!("{line}\n")).collect(),
            "line 2: the line of type Id",
        ),
        (text.replacen("{\"event\"", "<<<<<<< HEAD\n{\"event\"", 1), "line 2: this is a conflict marker"),
        (text[..text.len() - 20].to_owned(), "line 4: is no whole JSON object"),
        (text.trim_end().to_owned(), "line 4: the last line has no end"),
        (text.replace("\"growset_lock\":1", "\"growset_lock\":7"), "line 1: this lock is of version 7"),
        (text.lines().skip(1).map(|line| format!("{line}\n")).collect(), "line 1: the first line"),
        (text.replace("\"version\":\"0.1.0\"", "\"version\":\"one\""), "line 2: `version` is no version"),
        (text.replace("\"date\":\"2026-01-02\"", "\"date\":\"2026-02-30\""), "line 2: `date` is no day"),
        (text.replace("\"uses\":{", "\"mood\":1,\"uses\":{"), "line 2: `mood` is no key"),
        ("[]\n".to_owned(), "line 1: is no JSON object"),
        ("{}\n".to_owned(), "line 1: is neither"),
        (format!("{text}\n"), "line 5: is no whole JSON object"),
    ];
    for (text, expected) in cases {
        let found = refusal(&text);
        assert!(found.starts_with(expected), "{found}\nfor {expected}\n{text}");
    }
}

#[test]
fn what_was_edited_in_beside_a_shape_is_missed() {
    let older = released();
    let cases = [
        ("\"doc\":\"D.\"", "\"doc\":\"E.\"", "the date, docs or examples of revision 0.1.0 of a.b"),
        (
            "\"date\":\"2026-01-02\",\"version\"",
            "\"date\":\"2026-01-03\",\"version\"",
            "the date, docs or examples of revision 0.1.0 of a.b",
        ),
        (
            "\"contract\":{\"source\"",
            "\"reason\":\"why\",\"contract\":{\"source\"",
            "what revision 0.1.0 of a.b says of earlier ones",
        ),
        ("\"npm\":\"x\"", "\"npm\":\"y\"", "the date or the packages of release 0.1.0"),
    ];
    for (is, becomes, expected) in cases {
        let text = older.print();
        let edited = text.replace(is, becomes);
        assert_ne!(edited, text, "{is}");
        let edited = Lock::parse(&edited).expect("its shapes are whole");
        assert_eq!(edited.missing_from(&older), [expected]);
        assert_eq!(older.missing_from(&edited), [expected]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_catalog_is_released_and_read_back(catalog in arbitrary::catalog()) {
        let mut lock = Lock::default();
        lock.release(&catalog, Version::FIRST, date("2026-01-02"), &BTreeMap::new());
        let text = lock.print();
        let read = Lock::parse(&text).map_err(|errors| format!("{errors:?}"));
        prop_assert_eq!(read.as_ref().map(Lock::print), Ok(text));
        let read = read.unwrap_or_default();
        prop_assert!(read.holds(&catalog));
        prop_assert_eq!(read.missing_from(&lock), Vec::<String>::new());
        let stable: BTreeMap<_, _> = catalog.events.into_iter().filter(|(_, event)| !event.is_draft()).collect();
        let mut at = read.catalog_at(Version::FIRST).events;
        for (name, event) in &mut at {
            event.place = stable[name].place;
        }
        prop_assert_eq!(serial_of(&at), serial_of(&stable));
    }

    #[test]
    fn a_damaged_lock_never_panics(catalog in arbitrary::catalog(), at in any::<prop::sample::Index>(), byte in 0x20u8..0x7f) {
        let mut lock = Lock::default();
        lock.release(&catalog, Version::FIRST, date("2026-01-02"), &BTreeMap::new());
        let mut bytes = lock.print().into_bytes();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        let _ = Lock::parse(&String::from_utf8_lossy(&bytes));
    }
}

fn serial_of(events: &BTreeMap<EventName, Event>) -> Vec<serde_json::Value> {
    events.values().map(serial::event_to_json).collect()
}
