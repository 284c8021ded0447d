//! Lock to text: one JSON object a line, sorted, keys in a fixed order.

use serde_json::{Map, Value, json};

use crate::lock::{LOCK_VERSION, Lock, LockedEvent, Release};
use crate::serial;

pub(super) fn lock(lock: &Lock) -> String {
    let mut lines: Vec<String> = lock.events.iter().map(|entry| event(entry).to_string()).collect();
    lines.extend(lock.types.iter().map(|((name, digest), locked)| {
        json!({ "type": name.as_str(), "digest": digest, "contract": serial::type_to_json(&locked.contract) })
            .to_string()
    }));
    lines.extend(lock.releases.iter().map(|entry| release(entry).to_string()));
    lines.sort_unstable();
    lines.dedup();
    let mut text = format!("{}\n", json!({ "growset_lock": LOCK_VERSION }));
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn event(entry: &LockedEvent) -> Value {
    let mut members = Map::new();
    let mut set = |key: &str, value: Value| members.insert(key.to_owned(), value);
    set("event", entry.name.as_str().into());
    set("digest", entry.digest.as_str().into());
    set("date", entry.date.to_string().into());
    set("version", entry.version.to_string().into());
    let uses: Map<String, Value> =
        entry.uses.iter().map(|(name, digest)| (name.to_string(), digest.as_str().into())).collect();
    set("uses", uses.into());
    if !entry.breaks.is_empty() {
        set("breaks", entry.breaks.iter().map(String::as_str).collect());
    }
    if let Some(reason) = &entry.reason {
        set("reason", reason.as_str().into());
    }
    set("contract", serial::event_to_json(&entry.contract.event()));
    Value::Object(members)
}

fn release(release: &Release) -> Value {
    json!({
        "release": release.version.to_string(),
        "date": release.date.to_string(),
        "catalog": release.catalog,
        "npm": release.packages.npm,
        "rust": release.packages.rust,
        "schema_base": release.packages.schema_base,
    })
}
