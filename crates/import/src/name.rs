//! What an imported event is called: a template over the document, and the version at its end.

use growset_model::EventName;

use crate::document::Document;
use crate::letters::without_marks;
use crate::source::Source;

/// A template such as `{/self/vendor}.{/self/name}.v{/self/version}`.
#[derive(Debug, Clone, PartialEq)]
pub struct NameRule {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(String),
    Title,
    Path,
    Stem,
    Id,
    Pointer(String),
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NameRuleError(String);

/// A name, and which of several documents of one name is the newest.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct VersionedName {
    /// With the first number of the version: `order.created.v2`.
    pub name: EventName,
    /// The numbers that follow it.
    pub revision: Vec<u64>,
    /// What the source calls it, where that is no name.
    pub renamed_from: Option<String>,
}

impl NameRule {
    /// Parses a template: text, and `{title}`, `{path}`, `{stem}`, `{id}` or a JSON Pointer in braces.
    pub fn parse(text: &str) -> Result<Self, NameRuleError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((inside, after)) = after.split_once('}') else {
                return Err(NameRuleError(format!("name template {text:?} opens a brace that it does not close")));
            };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(placeholder(inside)?);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if parts.is_empty() {
            return Err(NameRuleError(
                "a name template must not be empty; write `shop.{title}` or the one event's name".to_owned(),
            ));
        }
        Ok(Self { parts })
    }

    /// As registries of self-describing schemas call them.
    fn of_self_describing() -> Self {
        let pointer = |key: &str| Part::Pointer(format!("/self/{key}"));
        let (dot, version) = (Part::Text(".".to_owned()), Part::Text(".v".to_owned()));
        Self { parts: vec![pointer("vendor"), dot, pointer("name"), version, pointer("version")] }
    }

    /// `stem` is what the thing is called where it stands.
    fn apply(&self, document: &Document, stem: &str) -> Result<String, String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Title => text.push_str(&at(document, "/title")?),
                Part::Path => text.push_str(&without_suffix(document).replace('/', ".")),
                Part::Stem => text.push_str(stem),
                Part::Id => text.push_str(&last_of_id(&at(document, "/$id").or_else(|_| at(document, "/id"))?)),
                Part::Pointer(pointer) => text.push_str(&at(document, pointer)?),
            }
        }
        Ok(text)
    }
}

impl VersionedName {
    /// By the rule; without one, what it calls itself, the title where it is a name, else the file's name.
    pub(crate) fn of(source: &Source, documents: &[Document], rule: Option<&NameRule>) -> Result<Self, String> {
        let text = match (&source.message, rule) {
            (Some(message), Some(rule)) => {
                let path = message.address.trim_matches('/').to_owned();
                let stem = message.name.as_deref().unwrap_or_default();
                rule.apply(&Document { path, value: message.value.clone() }, stem)?
            }
            (Some(message), None) => message.name.clone().ok_or("has no name; give it one by --name")?,
            (None, rule) => of_document(&documents[source.spot.document], rule)?,
        };
        let (stated, version) = split_version(&text);
        let base = tidy(stated)?;
        let renamed_from = (base != stated).then(|| text.clone());
        let mut numbers = version.into_iter();
        let first = numbers.next().unwrap_or(1);
        let text = if first <= 1 { base } else { format!("{base}.v{first}") };
        let name = EventName::parse_any_style(&text).map_err(|error| error.to_string())?;
        if let Some(segment) = device(&name) {
            return Err(format!(
                "event name `{name}` starts with `{segment}`, which Windows keeps for a device; choose another --name"
            ));
        }
        Ok(Self { name, revision: numbers.collect(), renamed_from })
    }
}

fn of_document(document: &Document, rule: Option<&NameRule>) -> Result<String, String> {
    match rule {
        Some(rule) => rule.apply(document, document.stem()),
        None if document.is_self_describing() => NameRule::of_self_describing().apply(document, document.stem()),
        None => {
            let title = at(document, "/title").ok();
            let named = title.filter(|title| EventName::parse_any_style(title).is_ok());
            Ok(named.map_or_else(|| document.stem().to_owned(), |title| with_version(title, document.stem())))
        }
    }
}

/// A title that every revision bears, with the version that its file alone says.
fn with_version(title: String, stem: &str) -> String {
    let is_version = |text: &str| text.split(['-', '.']).all(|number| number.parse::<u64>().is_ok());
    let (base, version) = split_version(stem);
    let bare = stem.strip_prefix('v').unwrap_or(stem);
    match () {
        () if !split_version(&title).1.is_empty() => title,
        () if base == title && !version.is_empty() => stem.to_owned(),
        () if is_version(bare) => format!("{title}.v{bare}"),
        () => title,
    }
}

fn placeholder(inside: &str) -> Result<Part, NameRuleError> {
    match inside {
        "title" => Ok(Part::Title),
        "path" => Ok(Part::Path),
        "stem" => Ok(Part::Stem),
        "id" => Ok(Part::Id),
        pointer if pointer.starts_with('/') => Ok(Part::Pointer(pointer.to_owned())),
        other => Err(NameRuleError(format!(
            "`{{{other}}}` is nothing that a name can be made of; write {{title}}, {{path}}, {{stem}}, {{id}} or a JSON Pointer such as {{/self/name}}"
        ))),
    }
}

fn at(document: &Document, pointer: &str) -> Result<String, String> {
    match document.value.pointer(pointer) {
        Some(serde_json::Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(serde_json::Value::Number(number)) => Ok(number.to_string()),
        _ => Err(format!("has no text at {pointer:?} to make a name of; choose another --name")),
    }
}

fn without_suffix(document: &Document) -> String {
    let folder = document.path.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
    let folder = folder.trim_start_matches("../").trim_start_matches("./").trim_start_matches('/');
    format!("{folder}{}", document.stem())
}

/// `order.created` for `https://x.example/schemas/order.created.json`.
fn last_of_id(id: &str) -> String {
    let last = id.trim_end_matches(['#', '/']).rsplit(['/', ':']).next().unwrap_or(id);
    last.strip_suffix(".json").unwrap_or(last).to_owned()
}

/// Splits `x.v1-0-2` into `x` and its numbers.
fn split_version(text: &str) -> (&str, Vec<u64>) {
    let Some((base, version)) = text.rsplit_once(".v") else { return (text, Vec::new()) };
    let numbers: Option<Vec<u64>> = version.split(['-', '.']).map(|number| number.parse().ok()).collect();
    match numbers {
        Some(numbers) if !base.is_empty() => (base, numbers),
        _ => split_dotted_version(text),
    }
}

/// Splits `x.v1.0.2`, whose last `.v` is not its last dot.
fn split_dotted_version(text: &str) -> (&str, Vec<u64>) {
    for (at, _) in text.match_indices(".v") {
        let numbers: Option<Vec<u64>> = text[at + 2..].split(['-', '.']).map(|number| number.parse().ok()).collect();
        if let Some(numbers) = numbers {
            return (&text[..at], numbers);
        }
    }
    (text, Vec::new())
}

/// A name with `_` for what no name may hold; `Order created` becomes `order_created`. What climbs folders is no name.
fn tidy(text: &str) -> Result<String, String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-');
    if text.split(['/', '\\']).any(|step| matches!(step, "." | "..")) {
        return Err(format!("{text:?} is a way through folders, and no name of an event; choose another --name"));
    }
    let plain = without_marks(text);
    let lower = if plain.contains(char::is_whitespace) { plain.to_ascii_lowercase() } else { plain };
    let words: Vec<&str> = lower.split(|c: char| !is_allowed(c)).filter(|word| !word.is_empty()).collect();
    let joined = words.join("_");
    let segments: Vec<&str> = joined.split('.').filter(|segment| !segment.is_empty()).collect();
    let name = segments.join(".").trim_start_matches(['_', ':', '-']).to_owned();
    if name.is_empty() {
        return Err(format!(
            "{text:?} holds no letter from a to z and no digit, of which event names are made; choose another --name"
        ));
    }
    Ok(name)
}

/// The first segment, which becomes a folder and the start of a file's name, where Windows would open a device instead.
fn device(name: &EventName) -> Option<&str> {
    let segment = name.as_str().split('.').next()?;
    let lower = segment.to_ascii_lowercase();
    let is_numbered = |start: &str| {
        lower
            .strip_prefix(start)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let is_device = matches!(lower.as_str(), "con" | "prn" | "aux" | "nul") || is_numbered("com") || is_numbered("lpt");
    is_device.then_some(segment)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn name(rule: Option<&str>, path: &str, value: serde_json::Value) -> Result<(String, Vec<u64>), String> {
        let rule = rule.map(|rule| NameRule::parse(rule).expect("is a template"));
        let documents = [Document { path: path.to_owned(), value }];
        VersionedName::of(&Source::document(0), &documents, rule.as_ref())
            .map(|named| (named.name.to_string(), named.revision))
    }

    #[test]
    fn a_name_comes_from_the_title_the_path_the_id_or_a_pointer() {
        let schema =
            json!({ "$id": "https://x.example/a/pet.added.json", "title": "Order created", "x": { "name": "n" } });
        let named = |rule| name(rule, "shop/order/shipped.schema.json", schema.clone()).map(|(name, _)| name);
        assert_eq!(named(None).as_deref(), Ok("shipped"));
        assert_eq!(named(Some("shop.{title}")).as_deref(), Ok("shop.order_created"));
        assert_eq!(named(Some("{path}")).as_deref(), Ok("shop.order.shipped"));
        assert_eq!(named(Some("{id}")).as_deref(), Ok("pet.added"));
        assert_eq!(named(Some("a.{/x/name}")).as_deref(), Ok("a.n"));
        assert!(named(Some("a.{/x}")).is_err());
    }

    #[test]
    fn the_first_number_of_a_version_is_the_events_own() {
        let schema = json!({ "self": { "name": "click", "version": "2-1-3" } });
        let named = name(Some("a.{/self/name}.v{/self/version}"), "x", schema);
        assert_eq!(named, Ok(("a.click.v2".to_owned(), vec![1, 3])));
        let first = name(Some("{stem}"), "order.created.v1.0.4.json", json!({}));
        assert_eq!(first, Ok(("order.created".to_owned(), vec![0, 4])));
    }

    #[test]
    fn a_template_that_names_nothing_is_refused() {
        for template in ["{", "{nothing}", ""] {
            assert!(NameRule::parse(template).is_err(), "{template}");
        }
    }

    #[test]
    fn a_name_never_leads_out_of_a_folder() {
        for climbing in ["../../etc/passwd", "a\\..\\b", "./a"] {
            assert!(name(Some("{/n}"), "x", json!({ "n": climbing })).is_err(), "{climbing}");
        }
        let named = name(Some("{/n}"), "x", json!({ "n": "/etc/passwd" })).map(|(name, _)| name);
        assert_eq!(named.as_deref(), Ok("etc_passwd"));
    }

    #[test]
    fn a_name_is_a_file_on_every_system() {
        for bad in ["con.nul.aux", "COM1", "注文", "", "..."] {
            assert!(name(Some("{/n}"), "x", json!({ "n": bad })).is_err(), "{bad}");
        }
        for (stated, expected) in
            [("Order..Paid", "Order.Paid"), ("x.", "x"), ("console", "console"), ("Événement payé", "evenement_paye")]
        {
            let named = name(Some("{/n}"), "x", json!({ "n": stated })).map(|(name, _)| name);
            assert_eq!(named.as_deref(), Ok(expected));
        }
    }
}
