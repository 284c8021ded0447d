//! The contract of one event.

use growset_model::{
    Audience, Diagnostic, Edit, Event, EventName, Example, FieldName, NamePolicy, Payload, Place, Record, Retain,
    Retired, Stability,
};

use crate::lower::Lowering;
use crate::lower::deprecated::Successor;
use crate::lower::field::Owner;
use crate::lower::mapping::Keys;
use crate::lower::value::parts;
use crate::rules;
use crate::suggest::alternatives;
use crate::tree::{Entry, Node, NodeKind};

/// Every key of an event's contract.
pub(crate) const EVENT_KEYS: &[&str] = &[
    "event",
    "owner",
    "audience",
    "doc",
    "stability",
    "deprecated",
    "replaces",
    "retain",
    "terminal",
    "max_bytes",
    "retired",
    "fields",
    "optional",
    "derived",
    "examples",
    "json_schema",
];

pub(crate) const RETIRED_KEYS: &[&str] = &["since", "use"];
pub(crate) const RETAIN_KEYS: &[&str] = &["latest_by"];

impl Lowering<'_> {
    /// The event of one file; nothing when not even its name can be read. `path` is the file's below the contracts
    /// folder, `stem` its name without the ending, `shown` how messages call it.
    pub(crate) fn lower_event(&mut self, root: &Node, path: &str, stem: &str, shown: &str) -> Option<Event> {
        let keys = self.keys(shown, root.place, root, EVENT_KEYS)?;
        let name = self.event_name(&keys, stem, shown);
        let place = keys.find("event").map_or(keys.place, |entry| self.value_place(entry));
        let retired = keys.find("retired").and_then(|entry| self.retired(entry));
        let replaces = keys.find("replaces").and_then(|entry| self.event_reference(entry));
        let payload = self.payload(&keys, shown);
        let event = Event {
            owner: keys.find("owner").and_then(|entry| self.string(entry)),
            audience: self.audience(&keys, shown),
            doc: keys.find("doc").and_then(|entry| self.string(entry)),
            stability: self.stability(&keys),
            deprecated: keys.find("deprecated").and_then(|entry| self.deprecated(entry, Successor::Event)),
            replaces,
            retain: keys.find("retain").and_then(|entry| self.retain(entry, &payload)),
            terminal: keys.find("terminal").and_then(|entry| self.flag(entry)).unwrap_or_default(),
            max_bytes: keys.find("max_bytes").and_then(|entry| self.count(entry)),
            retired,
            examples: keys.find("examples").map(|entry| self.examples(entry)).unwrap_or_default(),
            payload,
            source: path.to_owned(),
            place,
            name: name?,
        };
        self.check_replaced(&event, &keys);
        Some(event)
    }

    /// The name, or the file's where it is missing: the rest of the contract is read either way.
    fn event_name(&mut self, keys: &Keys<'_>, stem: &str, shown: &str) -> Option<EventName> {
        let Some(entry) = keys.find("event") else {
            let name = self.parse_name(stem).ok();
            let message = format!("{shown} has no `event`; name the event that it describes");
            let mut diagnostic =
                Diagnostic::new(&rules::MISSING_KEY, keys.place, message).label("`event` is missing beside this");
            if let Some(name) = &name {
                let start = keys.place.range().start;
                let edits = vec![Edit { place: Place::new(self.file, start..start), text: format!("event: {name}\n") }];
                diagnostic = diagnostic.certain_fix(format!("write `event: {name}`"), edits);
            }
            self.report(diagnostic);
            return name;
        };
        let text = self.string(entry)?;
        let error = match self.parse_name(&text) {
            Ok(name) => return Some(name),
            Err(error) => error,
        };
        let mut diagnostic = Diagnostic::new(&rules::INVALID_NAME, entry.value.place, error.to_string());
        diagnostic = diagnostic.label("not an event name");
        let elsewhere = EventName::parse_any_style(&text);
        if elsewhere.is_ok() {
            let list =
                format!("a name that came from elsewhere is let in by `names: {{ any: [{text}] }}` in growset.yaml");
            diagnostic = diagnostic.help(list);
        }
        self.report(diagnostic);
        elsewhere.ok()
    }

    fn parse_name(&self, text: &str) -> Result<EventName, growset_model::NameError> {
        match self.policy {
            NamePolicy::Dotted => EventName::parse(text),
            NamePolicy::Except(names) if names.iter().any(|name| name == text) => EventName::parse_any_style(text),
            NamePolicy::Except(_) => EventName::parse(text),
            NamePolicy::Any => EventName::parse_any_style(text),
        }
    }

    fn audience(&mut self, keys: &Keys<'_>, shown: &str) -> Audience {
        let words = Audience::ALL.map(|audience| (audience.as_str(), audience));
        match keys.find("audience") {
            Some(entry) => self.word(entry, &words).unwrap_or(Audience::Org),
            None => {
                let way_out = format!("say who receives it: {}", alternatives(&words.map(|(word, _)| word)));
                self.missing_key(keys, shown, "audience", &way_out);
                Audience::Org
            }
        }
    }

    fn stability(&mut self, keys: &Keys<'_>) -> Stability {
        let words = [Stability::Stable, Stability::Draft].map(|stability| (stability.as_str(), stability));
        keys.find("stability").and_then(|entry| self.word(entry, &words)).unwrap_or_default()
    }

    fn payload(&mut self, keys: &Keys<'_>, shown: &str) -> Payload {
        if let Some(entry) = keys.find("json_schema") {
            for key in ["fields", "optional", "derived"] {
                if let Some(other) = keys.find(key) {
                    let message = format!(
                        "`{key}` stands beside `json_schema`, which carries the payload whole; keep one of them"
                    );
                    self.report(
                        Diagnostic::new(&rules::WRONG_SHAPE, other.key.place, message)
                            .label("a second payload")
                            .related(entry.key.place, "the first payload"),
                    );
                }
            }
            let schema = self.schema(entry);
            return Payload::Opaque(schema.unwrap_or(serde_json::Value::Bool(true)));
        }
        if ["fields", "optional", "retired"].iter().all(|key| keys.find(key).is_none()) {
            self.missing_key(keys, shown, "fields", "list what the event carries (`fields: {}` for nothing)");
        }
        let owner = if keys.find("replaces").is_some() { Owner::NextVersion } else { Owner::FirstVersion };
        Payload::Record(self.record(keys, owner))
    }

    fn retired(&mut self, entry: &Entry) -> Option<Retired> {
        let keys = self.keys("retired", entry.key.place, &entry.value, RETIRED_KEYS)?;
        let successor = keys.find("use").and_then(|entry| self.event_reference(entry));
        let Some(since) = keys.find("since") else {
            self.missing_key(&keys, "retired", "since", "say since when, as in `since: \"2027-07-01\"`");
            return None;
        };
        Some(Retired { since: self.date(since)?, successor })
    }

    /// `latest`, or `{ latest_by: [orderId] }`.
    fn retain(&mut self, entry: &Entry, payload: &Payload) -> Option<Retain> {
        if !matches!(entry.value.kind, NodeKind::Mapping(_)) {
            return self.word(entry, &[("latest", ())]).map(|()| Retain::Latest);
        }
        let keys = self.keys("retain", entry.key.place, &entry.value, RETAIN_KEYS)?;
        let Some(latest_by) = keys.find("latest_by") else {
            self.missing_key(
                &keys,
                "retain",
                "latest_by",
                "write `retain: latest`, or list the fields that tell payloads apart",
            );
            return None;
        };
        let nothing = Record::default();
        let record = match payload {
            Payload::Record(record) => record,
            Payload::Opaque(_) => &nothing,
        };
        let mut fields = Vec::new();
        let names = self.strings(latest_by, "a list of fields, as in `[orderId]`");
        if names.is_empty() && matches!(&latest_by.value.kind, NodeKind::List(list) if list.items.is_empty()) {
            let message =
                "`latest_by` lists no field; write `retain: latest`, or list the fields that tell payloads apart";
            self.refuse(&rules::WRONG_SHAPE, latest_by.value.place, message, "no field");
        }
        for (text, place) in names {
            match (FieldName::parse(text), record.field(text)) {
                (Ok(name), Some(_)) if fields.contains(&name) => {
                    let message = format!("`latest_by` names `{text}` twice; keep one of them");
                    self.refuse(&rules::INVALID_MAPPING, place, message, "again here");
                }
                (Ok(name), Some(field)) if field.is_required() => fields.push(name),
                (_, Some(_)) => {
                    let message = format!(
                        "`latest_by` tells payloads apart by `{text}`, which may be absent; use fields under `fields:`"
                    );
                    self.refuse(&rules::INVALID_MAPPING, place, message, "not a required field");
                }
                (_, None) => self.unknown_field(place, text, record),
            }
        }
        (!fields.is_empty()).then_some(Retain::LatestBy(fields))
    }

    fn examples(&mut self, entry: &Entry) -> Vec<Example> {
        match &entry.value.kind {
            NodeKind::List(list) => {
                let example = |item| Example { value: self.value(item), place: item.place, parts: parts(item) };
                list.items.iter().map(example).collect()
            }
            NodeKind::Mapping(_) => {
                let value = self.value(&entry.value);
                self.wrong_shape(entry, "a list of payloads, each after a `- `");
                vec![Example { value, place: entry.value.place, parts: parts(&entry.value) }]
            }
            NodeKind::Scalar(_) | NodeKind::Refused => {
                self.wrong_shape(entry, "a list of payloads, each after a `- `");
                Vec::new()
            }
        }
    }

    /// An event replaces another one, never itself.
    fn check_replaced(&mut self, event: &Event, keys: &Keys<'_>) {
        let itself = event.replaces.as_ref().is_some_and(|replaced| *replaced == event.name);
        if let Some(entry) = keys.find("replaces").filter(|_| itself) {
            let message = format!("`{}` cannot replace itself; name the version before it", event.name);
            self.refuse(&rules::INVALID_MAPPING, entry.value.place, message, "this very event");
        }
    }
}
