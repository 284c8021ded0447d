//! YAML that every parser reads alike: in one line where it fits, in lines of its own where not.

use serde_json::Value;

use crate::scalar::{Plain, classify};

/// Longer lines are broken where they can be.
const WIDTH: usize = 118;

/// What is to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// A value that is left out: `paid:`.
    Nothing,
    /// A number, boolean or null as it is spelled.
    Literal(String),
    /// A string, quoted where it has to be.
    Text(String),
    /// `[a, b]`, or a line for each where `is_block`.
    List { items: Vec<Node>, is_block: bool },
    /// `{ a: b }`, or a line for each where `is_block`.
    Map { entries: Vec<(String, Node)>, is_block: bool },
}

impl Node {
    /// A JSON value as it is.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null | Value::Bool(_) => Self::Literal(value.to_string()),
            Value::Number(number) => Self::Literal(spelled_number(&number.to_string())),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::List { items: items.iter().map(Self::of).collect(), is_block: false },
            Value::Object(members) => Self::map(members.iter().map(|(key, value)| (key.clone(), Self::of(value)))),
        }
    }

    /// A mapping in one line where it fits.
    pub(super) fn map(entries: impl IntoIterator<Item = (String, Self)>) -> Self {
        Self::Map { entries: entries.into_iter().collect(), is_block: false }
    }

    /// A mapping with a line for each entry.
    pub(super) fn block(entries: impl IntoIterator<Item = (String, Self)>) -> Self {
        Self::Map { entries: entries.into_iter().collect(), is_block: true }
    }

    /// A list with a line for each item.
    pub(super) fn block_list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List { items: items.into_iter().collect(), is_block: true }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::List { items, .. } => items.is_empty(),
            Self::Map { entries, .. } => entries.is_empty(),
            Self::Nothing | Self::Literal(_) | Self::Text(_) => false,
        }
    }

    /// Has to be spread over lines, or holds something that has to.
    fn wants_lines(&self) -> bool {
        match self {
            Self::List { items, is_block } => *is_block || items.iter().any(Self::wants_lines),
            // `{ paid: , sold: }` is YAML, and puzzles whoever reads it.
            Self::Map { entries, is_block } => {
                *is_block || entries.iter().any(|(_, node)| *node == Self::Nothing || node.wants_lines())
            }
            Self::Nothing | Self::Literal(_) | Self::Text(_) => false,
        }
    }
}

/// A whole file.
pub(super) fn document(root: &Node) -> String {
    let mut text = String::new();
    write_lines(root, 0, &mut text);
    text
}

/// An entry on lines of its own.
pub(super) fn entry(key: &str, value: &Node, indent: usize) -> String {
    let mut text = String::new();
    write_lines(&Node::block([(key.to_owned(), value.clone())]), indent, &mut text);
    text
}

/// An entry between braces.
pub(super) fn entry_in_braces(key: &str, value: &Node) -> String {
    format!("{}: {}", scalar(key, true), flow(value, true))
}

/// A node that stands on lines of its own, from the start of a line.
fn write_lines(node: &Node, indent: usize, text: &mut String) {
    match node {
        Node::Map { entries, .. } if !entries.is_empty() => {
            for (key, value) in entries {
                let before = text.len();
                text.push_str(&" ".repeat(indent));
                text.push_str(&scalar(key, false));
                text.push(':');
                let column = text[before..].chars().count();
                write_value(value, indent, column, text);
            }
        }
        Node::List { items, .. } if !items.is_empty() => {
            for item in items {
                let mut lines = String::new();
                match in_one_line(item, indent + 2) {
                    Some(line) => lines.push_str(&format!("{}{line}\n", " ".repeat(indent + 2))),
                    None => write_lines(item, indent + 2, &mut lines),
                }
                // The dash takes the place of the first line's indent.
                text.push_str(&" ".repeat(indent));
                text.push_str("- ");
                text.push_str(lines.get(indent + 2..).unwrap_or_default());
            }
        }
        _ => {
            // Nothing that can be spread.
            text.push_str(&" ".repeat(indent));
            text.push_str(&flow(node, false));
            text.push('\n');
        }
    }
}

/// The value after `key:`.
fn write_value(value: &Node, indent: usize, column: usize, text: &mut String) {
    match value {
        Node::Nothing => text.push('\n'),
        Node::Text(content)
            if column + 1 + scalar(content, false).chars().count() > WIDTH && can_be_folded(content) =>
        {
            text.push_str(" >-\n");
            fold(content, indent + 2, text);
        }
        _ => match in_one_line(value, column + 1) {
            Some(line) => text.push_str(&format!(" {line}\n")),
            None => {
                text.push('\n');
                write_lines(value, indent + 2, text);
            }
        },
    }
}

/// The node in the rest of a line, where it fits or cannot be spread.
fn in_one_line(node: &Node, column: usize) -> Option<String> {
    let can_be_spread = matches!(node, Node::Map { .. } | Node::List { .. }) && !node.is_empty();
    if can_be_spread && node.wants_lines() {
        return None;
    }
    let line = flow(node, false);
    (!can_be_spread || column + line.chars().count() <= WIDTH).then_some(line)
}

/// A value in one line; inside of braces more has to be quoted.
pub(super) fn flow(node: &Node, is_inside: bool) -> String {
    match node {
        Node::Nothing => String::new(),
        Node::Literal(literal) => literal.clone(),
        Node::Text(content) => scalar(content, is_inside),
        Node::List { items, .. } => {
            let items: Vec<String> = items.iter().map(|item| flow(item, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Node::Map { entries, .. } if entries.is_empty() => "{}".to_owned(),
        Node::Map { entries, .. } => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| entry_in_braces(key, value)).collect();
            format!("{{ {} }}", entries.join(", ").trim_end())
        }
    }
}

/// A string, unquoted where every parser takes it for itself.
fn scalar(text: &str, is_inside: bool) -> String {
    if is_plain(text, is_inside) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str, is_inside: bool) -> bool {
    let starts_well = text.starts_with(|first: char| first.is_alphanumeric() || first == '_' || first == '/')
        || text.starts_with("../");
    let characters_are_plain = text.chars().all(|c| c.is_alphanumeric() || c == ' ' || c.is_ascii_graphic());
    let is_misread = |c: char| matches!(c, ',' | '[' | ']' | '{' | '}' | ':');
    let is_cut = text.ends_with([' ', ':']) || text.contains(": ") || text.contains(" #");
    let is_torn = is_inside && text.contains(is_misread);
    starts_well && characters_are_plain && !is_cut && !is_torn && classify(text) == Plain::Text
}

/// In double quotes, with an escape for everything that is no letter to a person (YAML 1.2.2, c-printable, and less).
fn quoted(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    for character in serde_json::Value::from(text).to_string().chars() {
        let is_hidden = matches!(character,
            '\u{7f}'..='\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}');
        if is_hidden {
            escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// A number in the spelling that all parsers read alike: `1.0e+300` for `1e300`.
fn spelled_number(text: &str) -> String {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return text.to_owned() };
    let fraction = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) { "" } else { "+" };
    format!("{mantissa}{fraction}e{sign}{exponent}")
}

/// Words with one space between them, none of which a folded scalar would change.
fn can_be_folded(text: &str) -> bool {
    let is_printable = |c: char| c.is_alphanumeric() || c.is_ascii_graphic();
    text.split(' ').all(|word| !word.is_empty() && word.chars().all(is_printable))
}

fn fold(text: &str, indent: usize, out: &mut String) {
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        }
        if column == 0 {
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}
