//! One escaper per output context: the only way that text of a contract reaches an output.
//!
//! A *literal* keeps every character of its text, escaped where it must be. *Prose* (comments, documentation, Markdown,
//! HTML) keeps what can be seen: characters that are invisible or turn the direction of reading are left out, because
//! no comment syntax can escape them and a reviewer would be shown something else than the compiler.

pub mod rust;

pub mod javascript;

pub mod markdown;

pub mod html;

pub mod json;

pub mod path;

pub mod toml;

mod prose;

#[cfg(test)]
mod hostile;
