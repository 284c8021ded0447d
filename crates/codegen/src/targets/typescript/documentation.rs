//! What is said about events, fields and values: the comments of `index.d.ts`.

use growset_model::{Deprecated, EnumValue, Event, Field, TextFormat};

use super::comment::Comment;
use super::facts::{self, WORDS};
use crate::Request;
use crate::escape::{javascript, json};
use crate::targets::as_heard;

/// Examples of an event that its comment shows.
const EXAMPLES: usize = 3;

pub(super) fn event_comment(request: &Request, event: &Event) -> Comment {
    let mut facts = vec![format!("Event {}.", facts::code(event.name.as_str()))];
    facts.extend(WORDS.of_event(event));
    let mut comment = Comment::default().text(event.doc.as_deref()).paragraph(facts.join(" "));
    for example in event.examples.iter().take(EXAMPLES) {
        comment = comment.fenced("example", json::lines(&as_heard(request, event, &example.value)));
    }
    if let Some(retired) = &event.retired {
        let successor = retired.successor.as_ref().map(|name| format!(" Use {} instead.", facts::code(name.as_str())));
        let text = format!("Retired on {}.{}", retired.since, successor.unwrap_or_default());
        return comment.tag("deprecated", &text);
    }
    with_deprecation(comment, event.deprecated.as_ref())
}

pub(super) fn field_comment(field: &Field) -> Comment {
    let mut comment = Comment::default().text(field.doc.as_deref()).facts(&facts::of_field(field));
    if let Some(default) = &field.default {
        comment = comment.value("defaultValue", &format!("`{}`", json::one_line(default)));
    }
    if let Some(example) = &field.example {
        comment = comment.value("example", &json::one_line(example));
    }
    with_deprecation(comment, field.deprecated.as_deref())
}

pub(super) fn with_deprecation(comment: Comment, deprecated: Option<&Deprecated>) -> Comment {
    match deprecated {
        Some(deprecated) => comment.tag("deprecated", &WORDS.deprecation(deprecated)),
        None => comment,
    }
}

pub(super) fn value_line(value: &EnumValue) -> String {
    let mut line = facts::code(&value.value);
    let deprecation =
        value.deprecated.as_ref().map(|deprecated| format!("Deprecated: {}", WORDS.deprecation(deprecated)));
    let doc = value.doc.as_ref().map(|doc| javascript::comment(doc).join(" "));
    let said: Vec<String> = doc.into_iter().chain(deprecation).collect();
    if !said.is_empty() {
        line.push_str(": ");
        line.push_str(said.join(" ").trim_end());
    }
    line
}

pub(super) fn format_doc(format: TextFormat) -> &'static str {
    match format {
        TextFormat::Decimal => "A decimal number without loss, such as `-12.50`.",
        TextFormat::Timestamp => "A moment with its offset from UTC (RFC 3339), such as `2026-11-20T14:03:00+01:00`.",
        TextFormat::Date => "A day (RFC 3339), such as `2026-11-20`.",
        TextFormat::Uuid => "A UUID (RFC 9562), such as `7c9e6679-7425-40de-944b-e07fc1f90ae7`.",
        TextFormat::Uri => "An absolute URI (RFC 3986), such as `https://shop.example.com/orders/7`.",
        TextFormat::Email => "An e-mail address, such as `buyer@shop.example.com`.",
    }
}
