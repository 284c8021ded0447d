//! An event stream as it arrives (HTML, section 9.2.6), whoever wrote it.

use std::collections::VecDeque;
use std::mem;

use http_body_util::BodyExt;

use super::{RemoteError, Reply};

/// Longer lines and events are no events but an attack, or no event stream.
const LARGEST_EVENT: usize = 16 << 20;

/// One dispatched event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// The last id so far, as a browser would send it back.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) data: String,
}

/// What a stream holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    Event(Event),
    Comment,
    /// How long to wait before coming back, in milliseconds.
    Retry(u64),
}

/// A stream that is followed.
pub(crate) struct EventStream {
    reply: Reply,
    parser: Parser,
    ready: VecDeque<Item>,
}

impl EventStream {
    pub(crate) fn of(reply: Reply) -> Self {
        Self { reply, parser: Parser::default(), ready: VecDeque::new() }
    }

    /// The next item; nothing when the stream has ended. Can be given up and asked again.
    pub(crate) async fn next(&mut self) -> Result<Option<Item>, RemoteError> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Ok(Some(item));
            }
            let Some(frame) = self.reply.body.frame().await else {
                return Ok(None);
            };
            let authority = || self.reply.authority.clone();
            let frame = frame.map_err(|cause| RemoteError::Http { authority: authority(), cause })?;
            if let Ok(data) = frame.into_data() {
                self.parser.feed(&data, &mut self.ready);
            }
            if self.parser.size() > LARGEST_EVENT {
                return Err(RemoteError::TooLong { authority: authority(), what: "event", limit: LARGEST_EVENT });
            }
        }
    }
}

/// Fed bytes as they come, cut anywhere.
#[derive(Default)]
struct Parser {
    line: Vec<u8>,
    /// The last byte was a CR, which a following LF belongs to.
    is_after_cr: bool,
    is_started: bool,
    name: String,
    data: String,
    last_id: String,
}

impl Parser {
    fn size(&self) -> usize {
        self.line.len() + self.data.len()
    }

    fn feed(&mut self, bytes: &[u8], items: &mut VecDeque<Item>) {
        for &byte in bytes {
            let was_after_cr = mem::replace(&mut self.is_after_cr, byte == b'\r');
            match byte {
                b'\n' if was_after_cr => {}
                b'\n' | b'\r' => {
                    let line = mem::take(&mut self.line);
                    items.extend(self.end_line(&line));
                }
                _ => self.line.push(byte),
            }
        }
    }

    fn end_line(&mut self, line: &[u8]) -> Option<Item> {
        let is_first = !mem::replace(&mut self.is_started, true);
        let line = String::from_utf8_lossy(line);
        let line = if is_first { line.strip_prefix('\u{feff}').unwrap_or(&line) } else { &line };
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" => return Some(Item::Comment),
            "event" => value.clone_into(&mut self.name),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.last_id),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => return value.parse().ok().map(Item::Retry),
            _ => {} // The standard ignores every other field.
        }
        None
    }

    fn dispatch(&mut self) -> Option<Item> {
        let name = mem::take(&mut self.name);
        let mut data = mem::take(&mut self.data);
        data.pop()?;
        let name = if name.is_empty() { "message".to_owned() } else { name };
        Some(Item::Event(Event { id: self.last_id.clone(), name, data }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_is_read_wherever_the_bytes_are_cut() {
        let stream = "\u{feff}: hi\r\nid: 1\rdata: a\ndata:b\n\nevent: x\ndata\n\nid: 2\n\nid: \0\nretry: 10\n";
        let stream = stream.as_bytes();
        let event = |id: &str, name: &str, data: &str| {
            Item::Event(Event { id: id.into(), name: name.into(), data: data.into() })
        };
        let expected = [Item::Comment, event("1", "message", "a\nb"), event("1", "x", ""), Item::Retry(10)];
        for cut in 0..stream.len() {
            let mut parser = Parser::default();
            let mut items = VecDeque::new();
            parser.feed(&stream[..cut], &mut items);
            parser.feed(&stream[cut..], &mut items);
            assert_eq!(items, expected, "cut at {cut}");
            assert_eq!(parser.last_id, "2");
        }
    }
}
