//! When an event was sent, where it says so, and how long it took.

use jiff::Timestamp;
use serde_json::Value;

use super::lines::Arrival;

/// Milliseconds from the server's clock to ours: of the stream's own events by their `at`, of others by what
/// `pointer` names. Below zero where the clocks differ.
pub(super) fn latency(arrival: &Arrival, pointer: Option<&str>) -> Option<i64> {
    let is_own = arrival.event.name.starts_with(growset_model::RESERVED_EVENT_PREFIX);
    let pointer = if is_own { "/at" } else { pointer? };
    let data: Value = serde_json::from_str(&arrival.event.data).ok()?;
    let sent = match data.pointer(pointer)? {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.parse::<Timestamp>().ok()?.as_millisecond(),
        _ => return None, // No time is spelled so.
    };
    Some(arrival.at.as_millisecond().saturating_sub(sent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::Event;

    fn arrival(name: &str, data: &str) -> Arrival {
        let event = Event { id: String::new(), name: name.into(), data: data.into() };
        Arrival { at: Timestamp::from_millisecond(1_000_000).expect("is a time"), event }
    }

    #[test]
    fn a_stamp_is_a_number_or_a_text_where_it_is_said_to_be() {
        let ping = arrival("growset.ping", r#"{"at":999990}"#);
        assert_eq!(latency(&ping, Some("/elsewhere")), Some(10));
        let order = arrival("order.created", r#"{"sent":{"at":"1970-01-01T00:16:40.5Z"},"at":1}"#);
        assert_eq!(latency(&order, Some("/sent/at")), Some(-500));
        assert_eq!(latency(&order, None), None);
        assert_eq!(latency(&order, Some("/sent")), None);
    }
}
