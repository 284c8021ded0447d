//! One event as a line for people or for programs.

use std::fmt::Write as _;

use growset_compat::Problem;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::LineFormat;
use super::inspector::Verdict;
use crate::remote::Event;

/// More of a payload is cut off for people.
const LONGEST_DATA: usize = 300;

/// An event and when it came.
pub(super) struct Arrival {
    pub(super) at: Timestamp,
    pub(super) event: Event,
}

pub(super) struct Lines {
    format: LineFormat,
}

impl Arrival {
    pub(super) fn now(event: Event) -> Self {
        Self { at: Timestamp::now(), event }
    }
}

impl Lines {
    pub(super) fn new(format: LineFormat) -> Self {
        Self { format }
    }

    pub(super) fn event(&self, arrival: &Arrival, verdict: &Verdict, latency: Option<i64>) -> String {
        match self.format {
            LineFormat::Text => text(arrival, verdict, latency),
            LineFormat::Json => format!("{}\n", document(arrival, verdict, latency)),
        }
    }
}

fn text(arrival: &Arrival, verdict: &Verdict, latency: Option<i64>) -> String {
    let Arrival { at, event } = arrival;
    let time = at.strftime("%H:%M:%S%.3f");
    let latency = latency.map(|ms| format!("  +{ms} ms")).unwrap_or_default();
    let mut data: String = printable(&event.data).chars().take(LONGEST_DATA).collect();
    if data.len() < event.data.len() {
        data.push('…');
    }
    let mut text = format!("{time}  {:<28} {:<16} {data}{latency}\n", printable(&event.name), printable(&event.id));
    let (mark, problems): (_, &[Problem]) = match verdict {
        Verdict::Control | Verdict::Unjudged | Verdict::Fits => return text,
        Verdict::Unknown => {
            text.push_str("              violation: the catalog has no event of this name\n");
            return text;
        }
        Verdict::Undeclared(problems) => ("undeclared", problems),
        Verdict::Violates(problems) => ("violation", problems),
    };
    for Problem { pointer, message, .. } in problems {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "              {mark}: {}{}", place(pointer), printable(message));
    }
    text
}

/// A JSON Pointer before what is wrong there; nothing for the whole payload.
pub(super) fn place(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!("{}: ", printable(pointer)) }
}

/// Without what a terminal obeys: a stream may come from anyone.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

fn document(arrival: &Arrival, verdict: &Verdict, latency: Option<i64>) -> Value {
    let Arrival { at, event } = arrival;
    let data: Value = serde_json::from_str(&event.data).unwrap_or_else(|_| event.data.clone().into());
    let told = |problems: &[Problem]| -> Value {
        problems.iter().map(|problem| json!({ "pointer": problem.pointer, "message": problem.message })).collect()
    };
    let (verdict, problems) = match verdict {
        Verdict::Control => ("control", None),
        Verdict::Unjudged => ("unjudged", None),
        Verdict::Fits => ("fits", None),
        Verdict::Unknown => ("unknown", None),
        Verdict::Undeclared(problems) => ("undeclared", Some(told(problems))),
        Verdict::Violates(problems) => ("violation", Some(told(problems))),
    };
    let mut document = json!({
        "at": at.as_millisecond(), "event": event.name, "id": event.id, "data": data, "verdict": verdict,
    });
    if let Some(problems) = problems {
        document["problems"] = problems;
    }
    if let Some(latency) = latency {
        document["latencyMs"] = latency.into();
    }
    document
}
