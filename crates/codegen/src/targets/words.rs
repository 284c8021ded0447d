//! What a contract says beyond names and types, in sentences: limits, deprecations, who receives an event. The words are
//! the same in every output; how each shows code and prose is its own.

use growset_model::{Audience, Bounds, Deprecated, Event, Retain, Text, Type, TypeKind};

/// How an output shows what comes from a contract inside of a sentence of ours.
pub(super) struct Words {
    /// A name, as code.
    pub(super) code: fn(&str) -> String,
    /// A pattern, as code.
    pub(super) pattern: fn(&str) -> String,
    /// A text on one line.
    pub(super) prose: fn(&str) -> String,
}

/// As it is, for outputs that escape whole sentences.
pub(super) const PLAIN: Words = Words { code: str::to_owned, pattern: str::to_owned, prose: str::to_owned };

impl Words {
    /// The limits of a type where it is spelled, a sentence each; named types tell of themselves.
    pub(super) fn limits(&self, ty: &Type) -> Vec<String> {
        match &ty.kind {
            TypeKind::Text(text) => self.text_limits(text),
            TypeKind::Integer(bounds) => range(bounds).into_iter().collect(),
            TypeKind::Number(bounds) => range(bounds).into_iter().collect(),
            TypeKind::List(list) => {
                let mut said: Vec<String> = counted(list.min_items, list.max_items, "item").into_iter().collect();
                if list.unique {
                    said.push("No two items are equal.".to_owned());
                }
                said.extend(each("Each item", self.limits(&list.items)));
                said
            }
            TypeKind::Map(values) => each("Each value", self.limits(values)).into_iter().collect(),
            TypeKind::Nullable(inner) => self.limits(inner),
            TypeKind::Format(_)
            | TypeKind::Boolean
            | TypeKind::Json
            | TypeKind::Named(_)
            | TypeKind::Enum(_)
            | TypeKind::Record(_)
            | TypeKind::Union(_)
            | TypeKind::Opaque(_) => Vec::new(),
        }
    }

    fn text_limits(&self, text: &Text) -> Vec<String> {
        let mut limits: Vec<String> = counted(text.min_length, text.max_length, "character").into_iter().collect();
        limits.extend(text.pattern.as_ref().map(|pattern| format!("Matches {}.", (self.pattern)(pattern.source()))));
        limits
    }

    /// Why something should not be used any more: the reason, what to use instead, and when it may go.
    pub(super) fn deprecation(&self, deprecated: &Deprecated) -> String {
        let mut sentences = Vec::new();
        if let Some(reason) = &deprecated.reason {
            sentences.push(sentence(&(self.prose)(reason)));
        }
        if let Some(successor) = &deprecated.successor {
            sentences.push(format!("Use {} instead.", (self.code)(successor)));
        }
        if let Some(sunset) = deprecated.sunset {
            sentences.push(format!("It may go on {sunset}."));
        }
        sentences.join(" ")
    }

    /// Who receives an event, who owns it, and how it behaves.
    pub(super) fn of_event(&self, event: &Event) -> Vec<String> {
        let mut said = vec![format!("Audience: {}.", event.audience.as_str())];
        said.extend(event.owner.as_ref().map(|owner| format!("Owner: {}.", (self.prose)(owner))));
        if event.is_draft() {
            said.push("Draft: it may still change.".to_owned());
        }
        said.extend(event.replaces.as_ref().map(|name| format!("Replaces {}.", (self.code)(name.as_str()))));
        said.extend(event.retain.as_ref().map(|retain| format!("Retained: {}.", self.retained(retain))));
        if event.terminal {
            said.push("It ends a subscription that asked for it.".to_owned());
        }
        said
    }

    /// What a listener gets when it connects.
    pub(super) fn retained(&self, retain: &Retain) -> String {
        match retain {
            Retain::Latest => "the last one is sent to a listener that connects".to_owned(),
            Retain::LatestBy(keys) => {
                let keys: Vec<String> = keys.iter().map(|key| (self.code)(key.as_str())).collect();
                format!("the last one of each {} is sent to a listener that connects", keys.join(" and "))
            }
        }
    }
}

fn each(whose: &str, limits: Vec<String>) -> Option<String> {
    let stripped: Vec<&str> = limits.iter().map(|limit| limit.trim_end_matches('.')).collect();
    (!stripped.is_empty()).then(|| format!("{whose}: {}.", stripped.join("; ")))
}

fn range<N: ToString + PartialEq>(bounds: &Bounds<N>) -> Option<String> {
    Some(match (&bounds.min, &bounds.max) {
        (Some(min), Some(max)) if min == max => format!("Always {}.", min.to_string()),
        (Some(min), Some(max)) => format!("{} to {}.", min.to_string(), max.to_string()),
        (Some(min), None) => format!("At least {}.", min.to_string()),
        (None, Some(max)) => format!("At most {}.", max.to_string()),
        (None, None) => return None,
    })
}

fn counted(min: Option<u64>, max: Option<u64>, what: &str) -> Option<String> {
    let plural = if max.or(min)? == 1 { "" } else { "s" };
    Some(match (min, max) {
        (Some(min), Some(max)) if min == max => format!("{min} {what}{plural}."),
        (Some(min), Some(max)) => format!("{min} to {max} {what}{plural}."),
        (Some(min), None) => format!("At least {min} {what}{plural}."),
        (None, Some(max)) => format!("At most {max} {what}{plural}."),
        (None, None) => return None,
    })
}

/// Who receives an event, in words.
pub(super) fn receivers(audience: Audience) -> &'static str {
    match audience {
        Audience::Org => "every listener of one organisation",
        Audience::User => "every connection of one user",
        Audience::Channel => "the listeners of one channel",
        Audience::Public => "everyone",
    }
}

/// Ends in a full stop, unless it ends in a mark of its own.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// The doc up to the end of its first sentence.
pub(super) fn first_sentence(doc: &str) -> &str {
    let doc = doc.trim();
    let end = doc.find(". ").map(|at| at + 1).or_else(|| doc.find('\n')).unwrap_or(doc.len());
    doc.get(..end).unwrap_or(doc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_read_as_sentences() {
        assert_eq!(counted(Some(1), Some(200), "character").as_deref(), Some("1 to 200 characters."));
        assert_eq!(counted(None, Some(1), "item").as_deref(), Some("At most 1 item."));
        assert_eq!(counted(Some(2), Some(2), "item").as_deref(), Some("2 items."));
        assert_eq!(range(&Bounds { min: Some(0.5), max: None }).as_deref(), Some("At least 0.5."));
        assert_eq!(range(&Bounds { min: Some(7), max: Some(7) }).as_deref(), Some("Always 7."));
    }

    #[test]
    fn a_summary_is_the_first_sentence() {
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("One\ntwo"), "One");
    }
}
