//! What goes over the wire for one event, serialised once and shared by every listener.
//!
//! Nothing from outside can forge a field: a name was parsed as one, an id is of a closed alphabet, and data is compact
//! JSON, in which no line ends (RFC 8259, section 7: control characters are escaped).

use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use growset_model::EventName;
use serde_json::Value;

use crate::cursor::{Cursor, Position};
use crate::recipient::Recipient;

/// An event as one of its versions.
#[derive(Debug, Clone)]
pub(crate) struct Rendering {
    pub(crate) name: Arc<EventName>,
    /// `id`, `event`, `data` and the blank line.
    bytes: Bytes,
    /// Where the `id` line ends.
    fields_at: usize,
}

/// One event in a ring.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) position: Position,
    /// Milliseconds since 1970.
    pub(crate) at: u64,
    pub(crate) recipient: Recipient,
    /// As it was published, then as listeners of its other versions get it. Empty when it was erased.
    pub(crate) renderings: Vec<Rendering>,
}

impl Rendering {
    pub(crate) fn new(position: Position, name: Arc<EventName>, data: &[u8]) -> Self {
        debug_assert!(!data.iter().any(|byte| matches!(byte, b'\n' | b'\r')), "data is compact JSON");
        let mut bytes = Vec::with_capacity(64 + name.as_str().len() + data.len());
        // Writing to memory does not fail.
        let _ = writeln!(bytes, "id: {position}");
        let fields_at = bytes.len();
        write_fields(&mut bytes, name.as_str(), data);
        Self { name, bytes: bytes.into(), fields_at }
    }

    /// With the id of a listener that stands in one ring.
    pub(crate) fn with_own_id(&self) -> &Bytes {
        &self.bytes
    }

    /// With the id of a listener that stands in two rings.
    pub(crate) fn write_with_id(&self, cursor: &Cursor, out: &mut Vec<u8>) {
        let _ = writeln!(out, "id: {cursor}");
        out.extend_from_slice(self.without_id());
    }

    /// As a retained payload is sent: it is no step of the stream.
    pub(crate) fn without_id(&self) -> &[u8] {
        &self.bytes[self.fields_at..]
    }

    /// The compact payload.
    pub(crate) fn data(&self) -> &[u8] {
        let fields = self.without_id();
        let before = b"event: \ndata: ".len() + self.name.as_str().len();
        &fields[before..fields.len() - 2]
    }
}

impl Frame {
    /// Nothing when it was erased.
    pub(crate) fn published(&self) -> Option<&Rendering> {
        self.renderings.first()
    }

    /// What is left of it when it is erased: that there was something.
    pub(crate) fn erased(&self) -> Self {
        let recipient = Recipient::of_parts(&self.recipient.scope(), None, None);
        Self { position: self.position, at: self.at, recipient, renderings: Vec::new() }
    }

    pub(crate) fn is_erased(&self) -> bool {
        self.renderings.is_empty()
    }

    /// In memory, about.
    pub(crate) fn weight(&self) -> usize {
        self.renderings.iter().map(|rendering| rendering.bytes.len() + 64).sum::<usize>() + 128
    }
}

/// A control event of the stream itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    Connected,
    Gap,
    Ping,
    Bye,
    Retired,
}

impl Control {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "growset.connected",
            Self::Gap => "growset.gap",
            Self::Ping => "growset.ping",
            Self::Bye => "growset.bye",
            Self::Retired => "growset.retired",
        }
    }

    /// Writes the event; with an id, the listener's position moves on to it.
    pub(crate) fn write(self, cursor: Option<&Cursor>, data: &Value, out: &mut Vec<u8>) {
        if let Some(cursor) = cursor {
            let _ = writeln!(out, "id: {cursor}");
        }
        write_fields(out, self.as_str(), data.to_string().as_bytes());
    }
}

fn write_fields(out: &mut Vec<u8>, name: &str, data: &[u8]) {
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\ndata: ");
    out.extend_from_slice(data);
    out.extend_from_slice(b"\n\n");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cursor::Epoch;
    use crate::recipient::Scope;

    #[test]
    fn a_frame_is_id_event_and_one_line_of_data() {
        let name = Arc::new(EventName::parse("order.created").expect("is a name"));
        let position = Epoch::new(&Scope::Public, 7).at(3);
        let rendering = Rendering::new(position, name, br#"{"a":1}"#);
        assert_eq!(rendering.with_own_id(), "id: 7-3\nevent: order.created\ndata: {\"a\":1}\n\n");
        assert_eq!(rendering.without_id(), b"event: order.created\ndata: {\"a\":1}\n\n");
        assert_eq!(rendering.data(), br#"{"a":1}"#);
    }

    #[test]
    fn a_control_event_is_a_frame_as_well() {
        let mut out = Vec::new();
        let org = Epoch::new(&Scope::Org("acme".into()), 7).at(3);
        let public = Some(Epoch::new(&Scope::Public, 7).at(5));
        Control::Ping.write(Some(&Cursor { org, public }), &json!({}), &mut out);
        assert_eq!(out, b"id: 7.971Q5wj-3~7-5\nevent: growset.ping\ndata: {}\n\n");
    }
}
