//! Prints the parsed form so that ECMA-262 and the `regex` crate read the same.

use super::class::Class;
use super::node::{Kind, Node};

pub(super) fn print(node: &Node) -> String {
    let mut text = String::new();
    push_node(&mut text, node);
    text
}

fn push_node(text: &mut String, node: &Node) {
    match &node.kind {
        Kind::Class(class) => push_class(text, *class),
        Kind::Start => text.push('^'),
        Kind::End => text.push('$'),
        Kind::Sequence(nodes) => {
            for node in nodes {
                if matches!(node.kind, Kind::Choice(_)) { push_group(text, node) } else { push_node(text, node) }
            }
        }
        Kind::Choice(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                if index > 0 {
                    text.push('|');
                }
                push_node(text, node);
            }
        }
        Kind::Repeat { node, least, most } => {
            if matches!(node.kind, Kind::Class(_)) {
                push_node(text, node)
            } else {
                push_group(text, node)
            }
            text.push_str(&repeat_mark(*least, *most));
        }
    }
}

fn push_group(text: &mut String, node: &Node) {
    text.push_str("(?:");
    push_node(text, node);
    text.push(')');
}

fn repeat_mark(least: u32, most: Option<u32>) -> String {
    match (least, most) {
        (0, None) => "*".to_owned(),
        (1, None) => "+".to_owned(),
        (0, Some(1)) => "?".to_owned(),
        (least, None) => format!("{{{least},}}"),
        (least, Some(most)) if least == most => format!("{{{least}}}"),
        (least, Some(most)) => format!("{{{least},{most}}}"),
    }
}

/// A set that reaches past ASCII is printed as the negation of what it leaves out, since classes are ASCII.
fn push_class(text: &mut String, class: Class) {
    if let Some(code) = class.only() {
        push_literal(text, code);
        return;
    }
    let negated = class.reaches_beyond_ascii();
    text.push_str(if negated { "[^" } else { "[" });
    for (first, last) in if negated { class.negated() } else { class }.ranges() {
        push_member(text, first);
        if last > first {
            if last > first + 1 {
                text.push('-');
            }
            push_member(text, last);
        }
    }
    text.push(']');
}

/// Outside a class the syntax characters of ECMA-262 are escaped, and nothing else may be under its `u` flag.
fn push_literal(text: &mut String, code: u8) {
    if b"^$\\.*+?()[]{}|".contains(&code) {
        text.push('\\');
    }
    push_character(text, code);
}

/// Inside a class the `v` flag wants more characters escaped than the `u` flag, and takes no escape of these two that
/// `u` would refuse; written as numbers, all three readers agree.
fn push_member(text: &mut String, code: u8) {
    match code {
        b'&' | b'~' => text.push_str(&format!("\\x{code:02x}")),
        _ => {
            if b"^\\[](){}|/-".contains(&code) {
                text.push('\\');
            }
            push_character(text, code);
        }
    }
}

fn push_character(text: &mut String, code: u8) {
    match code {
        b'\t' => text.push_str("\\t"),
        b'\n' => text.push_str("\\n"),
        b'\r' => text.push_str("\\r"),
        0x20..=0x7e => text.push(char::from(code)),
        _ => text.push_str(&format!("\\x{code:02x}")),
    }
}
