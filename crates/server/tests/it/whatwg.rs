//! An event-stream parser written from the standard alone (HTML, section 9.2.6), to judge what the server writes.

use std::mem;

/// One dispatched event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) data: String,
}

/// Fed bytes as they come, cut anywhere.
#[derive(Default)]
pub(crate) struct Parser {
    pending: Vec<u8>,
    is_started: bool,
    data: String,
    name: String,
    last_id: String,
    pub(crate) retry: Option<u64>,
    pub(crate) comments: usize,
}

impl Parser {
    /// The events that these bytes complete.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.pending.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some((line, rest)) = self.next_line() {
            self.pending = rest;
            let mut text = String::from_utf8_lossy(&line).into_owned();
            if !mem::replace(&mut self.is_started, true)
                && let Some(rest) = text.strip_prefix('\u{feff}')
            {
                text = rest.to_owned();
            }
            events.extend(self.line(&text));
        }
        events
    }

    /// A line ends at CR LF, LF or CR. A CR at the very end may be half of CR LF.
    fn next_line(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let end = self.pending.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
        let width = match (self.pending[end], self.pending.get(end + 1)) {
            (b'\r', None) => return None,
            (b'\r', Some(b'\n')) => 2,
            _ => 1,
        };
        Some((self.pending[..end].to_vec(), self.pending[end + width..].to_vec()))
    }

    fn line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            return self.dispatch();
        }
        if line.starts_with(':') {
            self.comments += 1;
            return None;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.name = value.to_owned(),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.last_id = value.to_owned(),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => self.retry = value.parse().ok(),
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<Event> {
        let name = mem::take(&mut self.name);
        let mut data = mem::take(&mut self.data);
        if data.is_empty() {
            return None;
        }
        data.pop();
        let name = if name.is_empty() { "message".to_owned() } else { name };
        Some(Event { id: self.last_id.clone(), name, data })
    }
}

#[test]
fn the_parser_reads_every_line_end_and_cut() {
    let stream = "\u{feff}: hi\r\nid: 1\rdata: a\ndata:b\n\nevent: x\ndata\n\nid: 2\n\nretry: 10\n".as_bytes();
    for cut in 0..stream.len() {
        let mut parser = Parser::default();
        let mut events = parser.feed(&stream[..cut]);
        events.extend(parser.feed(&stream[cut..]));
        let event = |id: &str, name: &str, data: &str| Event { id: id.into(), name: name.into(), data: data.into() };
        assert_eq!(events, [event("1", "message", "a\nb"), event("1", "x", "")], "cut at {cut}");
        assert_eq!((parser.retry, parser.comments), (Some(10), 1));
    }
}
