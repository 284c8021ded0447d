//! Reads the allow-list, and refuses everything else with the way out.

use std::ops::Range;

use super::PatternError;
use super::class::Class;
use super::node::{Kind, Node};

const LONGEST_SOURCE: usize = 1000;
const DEEPEST_GROUP: usize = 32;
/// The largest count of a repeat.
const LARGEST_COUNT: u32 = 1000;

pub(super) fn parse(source: &str) -> Result<Node, PatternError> {
    if source.len() > LONGEST_SOURCE {
        let reason = format!("a pattern has at most {LONGEST_SOURCE} bytes; describe the rest in `doc`");
        return Err(PatternError::new(0..source.len(), reason));
    }
    if let Some((at, character)) = source.char_indices().find(|(_, c)| !matches!(c, ' '..='~')) {
        let way_out = if character.is_ascii() {
            format!("write a control character as `\\x{:02x}`", u32::from(character))
        } else {
            "patterns are ASCII; a negated class such as `[^/]` takes every other character".to_owned()
        };
        return Err(PatternError::new(
            at..at + character.len_utf8(),
            format!("{character:?} stands in a pattern; {way_out}"),
        ));
    }
    let mut parser = Parser { bytes: source.as_bytes(), at: 0, depth: 0 };
    let node = parser.choice()?;
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.error_here("`)` closes no group; write `\\)` for the character")),
    }
}

struct Parser<'a> {
    /// Invariant: ASCII.
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn choice(&mut self) -> Result<Node, PatternError> {
        let start = self.at;
        let first = self.sequence()?;
        let mut nodes = vec![first];
        while self.take(b'|') {
            nodes.push(self.sequence()?);
        }
        let kind = if nodes.len() > 1 { Kind::Choice(nodes) } else { return Ok(nodes.remove(0)) };
        Ok(Node { kind, range: start..self.at })
    }

    fn sequence(&mut self) -> Result<Node, PatternError> {
        let start = self.at;
        let mut nodes = Vec::new();
        while !matches!(self.peek(), None | Some(b'|' | b')')) {
            let part = self.part()?;
            nodes.push(self.repeated(part)?);
        }
        let node = if nodes.len() == 1 { nodes.pop() } else { None };
        Ok(node.unwrap_or(Node { kind: Kind::Sequence(nodes), range: start..self.at }))
    }

    fn part(&mut self) -> Result<Node, PatternError> {
        let start = self.at;
        let Some(byte) = self.next() else {
            return Err(self.error_here("a part is missing at the end"));
        };
        let kind = match byte {
            b'^' => Kind::Start,
            b'$' => Kind::End,
            b'(' => return self.group(start),
            b'[' => Kind::Class(self.class(start)?),
            b'\\' => Kind::Class(self.escape(start)?.class()),
            b'.' => {
                let reason = "`.` means another set of characters in every engine; name the characters, as in `[a-z0-9]` or `[^/]`, or write `\\.` for the character";
                return Err(self.error(start, reason));
            }
            b'*' | b'+' | b'?' => {
                let reason = format!("`{0}` repeats nothing; write `\\{0}` for the character", char::from(byte));
                return Err(self.error(start, reason));
            }
            b'{' | b'}' | b']' => {
                let reason = format!("`{0}` stands alone; write `\\{0}` for the character", char::from(byte));
                return Err(self.error(start, reason));
            }
            _ => Kind::Class(Class::range(byte, byte)),
        };
        Ok(Node { kind, range: start..self.at })
    }

    fn group(&mut self, start: usize) -> Result<Node, PatternError> {
        if self.take(b'?') && !self.take(b':') {
            let reason = match self.bytes.get(self.at) {
                Some(b'=' | b'!') => "look-ahead is not read by every engine; spell out what is allowed",
                Some(b'<') if matches!(self.bytes.get(self.at + 1), Some(b'=' | b'!')) => {
                    "look-behind is not read by every engine; spell out what is allowed"
                }
                Some(b'<' | b'P') => "groups have no names here; write `(…)`",
                _ => "flags are not read by every engine; write both cases, as in `[Aa]`",
            };
            self.at = self.bytes.len().min(self.at + 1);
            return Err(self.error(start, reason));
        }
        self.depth += 1;
        if self.depth > DEEPEST_GROUP {
            return Err(
                self.error(start, format!("groups stand deeper than {DEEPEST_GROUP}; write the pattern flatter"))
            );
        }
        let mut node = self.choice()?;
        self.depth -= 1;
        if !self.take(b')') {
            return Err(PatternError::new(
                start..start + 1,
                "this group is not closed; write `)`, or `\\(` for the character",
            ));
        }
        node.range = start..self.at;
        Ok(node)
    }

    fn repeated(&mut self, node: Node) -> Result<Node, PatternError> {
        let start = self.at;
        let Some((least, most)) = self.repeat_mark()? else {
            return Ok(node);
        };
        if let Some(mark @ (b'?' | b'+' | b'*' | b'{')) = self.peek() {
            self.at += 1;
            let reason = match mark {
                b'?' => "a lazy repeat is not needed to accept or refuse a text; take the `?` away",
                b'+' => "a possessive repeat is not read by every engine; take the `+` away",
                _ => "a repeat repeats a repeat; write one, or put a group between them",
            };
            return Err(self.error(start, reason));
        }
        let range = node.range.start..self.at;
        if matches!(node.kind, Kind::Start | Kind::End) {
            return Err(PatternError::new(range, "an anchor cannot repeat; take the repeat away"));
        }
        if node.may_be_empty() {
            let reason = "what repeats here may be empty, so engines may go round without end; make the inner part take one character at least";
            return Err(PatternError::new(range, reason));
        }
        Ok(Node { kind: Kind::Repeat { node: Box::new(node), least, most }, range })
    }

    fn repeat_mark(&mut self) -> Result<Option<(u32, Option<u32>)>, PatternError> {
        let start = self.at;
        let mark = match self.peek() {
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'?') => (0, Some(1)),
            Some(b'{') => {
                self.at += 1;
                return self.counts(start).map(Some);
            }
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(mark))
    }

    fn counts(&mut self, start: usize) -> Result<(u32, Option<u32>), PatternError> {
        let least = self.count(start)?;
        let most = match (self.take(b','), self.peek()) {
            (false, _) => Some(least),
            (true, Some(b'}')) => None,
            (true, _) => Some(self.count(start)?),
        };
        if !self.take(b'}') {
            return Err(self.error(start, "a repeat is `{n}`, `{n,}` or `{n,m}`; write `\\{` for the character"));
        }
        if most.is_some_and(|most| most < least) {
            return Err(
                self.error(start, "the counts of this repeat are the wrong way round; write the smaller one first")
            );
        }
        if most == Some(0) {
            return Err(self.error(start, "this repeat takes nothing; leave the part out"));
        }
        Ok((least, most))
    }

    fn count(&mut self, start: usize) -> Result<u32, PatternError> {
        let first = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if first == self.at {
            self.at = self.bytes.len().min(self.at + 1);
            return Err(self.error(start, "a repeat is `{n}`, `{n,}` or `{n,m}`; write `\\{` for the character"));
        }
        let digits = std::str::from_utf8(&self.bytes[first..self.at]).unwrap_or_default();
        match digits.parse() {
            Ok(count) if count <= LARGEST_COUNT => Ok(count),
            _ => {
                let reason =
                    format!("a repeat counts to {LARGEST_COUNT} at most; bound the text by `max_length` instead");
                Err(PatternError::new(first..self.at, reason))
            }
        }
    }

    /// A class, from after its `[`.
    fn class(&mut self, start: usize) -> Result<Class, PatternError> {
        let negated = self.take(b'^');
        let mut class = Class::EMPTY;
        loop {
            let item_start = self.at;
            match self.peek() {
                None => {
                    return Err(PatternError::new(
                        start..start + 1,
                        "this class is not closed; write `]`, or `\\[` for the character",
                    ));
                }
                Some(b']') => break,
                Some(_) => {}
            }
            let first = self.member(item_start)?;
            let is_range = self.peek() == Some(b'-') && !matches!(self.bytes.get(self.at + 1), None | Some(b']'));
            if !is_range {
                class = class.or(first.class());
                continue;
            }
            self.at += 1;
            let last_start = self.at;
            let last = self.member(last_start)?;
            class = class.or(self.member_range(item_start, first, last)?);
        }
        self.at += 1;
        let class = if negated { class.negated() } else { class };
        if class.is_empty() || class == Class::ANY {
            return Err(self.error(start, "this class takes nothing, or everything; name some characters"));
        }
        Ok(class)
    }

    fn member_range(&self, start: usize, first: Member, last: Member) -> Result<Class, PatternError> {
        match (first, last) {
            (Member::Character(first), Member::Character(last)) if first <= last => Ok(Class::range(first, last)),
            (Member::Character(_), Member::Character(_)) => {
                Err(self.error(start, "this range is the wrong way round; write the smaller character first"))
            }
            _ => Err(self.error(start, "a range goes from character to character; write `\\-` for a hyphen")),
        }
    }

    fn member(&mut self, start: usize) -> Result<Member, PatternError> {
        let Some(byte) = self.next() else {
            return Err(self.error_here("this class is not closed; write `]`"));
        };
        let doubled = matches!(byte, b'&' | b'~' | b'-') && self.peek() == Some(byte);
        match byte {
            b'\\' => self.escape(start),
            b'[' => {
                Err(self
                    .error(start, "a class inside a class is not read by every engine; write `\\[` for the character"))
            }
            _ if doubled => {
                self.at += 1;
                let reason = format!("`{0}{0}` is an operator in some engines; write `{0}` once", char::from(byte));
                Err(self.error(start, reason))
            }
            _ => Ok(Member::Character(byte)),
        }
    }

    /// What stands after a `\`.
    fn escape(&mut self, start: usize) -> Result<Member, PatternError> {
        let Some(byte) = self.next() else {
            return Err(self.error(start, "a `\\` stands at the end; write `\\\\` for the character"));
        };
        let reason = match byte {
            b'd' => return Ok(Member::Class(Class::digits())),
            b'w' => return Ok(Member::Class(Class::word())),
            b's' => return Ok(Member::Class(Class::space())),
            b't' => return Ok(Member::Character(b'\t')),
            b'n' => return Ok(Member::Character(b'\n')),
            b'v' => return Ok(Member::Character(0x0b)),
            b'f' => return Ok(Member::Character(0x0c)),
            b'r' => return Ok(Member::Character(b'\r')),
            b'x' => return self.hexadecimal(start),
            b'D' => "`\\D` is not read alike by every engine; write `[^0-9]`",
            b'W' => "`\\W` is not read alike by every engine; write `[^A-Za-z0-9_]`",
            b'S' => "`\\S` is not read alike by every engine; write `[^ \\t\\n\\r]`",
            b'b' | b'B' => {
                "word boundaries are not read alike by every engine; name the characters around them, or use anchors"
            }
            b'p' | b'P' => "patterns are ASCII; name the characters, as in `[A-Za-z]`",
            b'u' => "patterns are ASCII; write the character itself, or `\\x7f`",
            b'0'..=b'9' | b'k' => "back-references are not read by every engine; spell out what is allowed",
            b'A' | b'z' | b'Z' => "write `^` for the start of the text and `$` for its end",
            _ if byte.is_ascii_punctuation() && !matches!(byte, b'<' | b'>') => return Ok(Member::Character(byte)),
            _ => "this escape is not read by every engine; write the character itself",
        };
        Err(self.error(start, reason))
    }

    fn hexadecimal(&mut self, start: usize) -> Result<Member, PatternError> {
        let digits = self.bytes.get(self.at..self.at + 2).and_then(|digits| std::str::from_utf8(digits).ok());
        let all_digits = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let code = all_digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        self.at = self.bytes.len().min(self.at + 2);
        code.filter(u8::is_ascii)
            .map(Member::Character)
            .ok_or_else(|| self.error(start, "a character by number is two hexadecimal digits from `\\x00` to `\\x7f`"))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn error(&self, start: usize, reason: impl Into<String>) -> PatternError {
        let range: Range<usize> = start..self.at;
        PatternError::new(range, reason)
    }

    fn error_here(&self, reason: &str) -> PatternError {
        PatternError::new(self.at..self.bytes.len().min(self.at + 1), reason)
    }
}

/// What one escape or one member of a class stands for.
#[derive(Clone, Copy)]
enum Member {
    Character(u8),
    Class(Class),
}

impl Member {
    fn class(self) -> Class {
        match self {
            Self::Character(code) => Class::range(code, code),
            Self::Class(class) => class,
        }
    }
}
