//! How an event lies in a stream of Redis and comes with a wake-up: as in the log, without its number, which the script
//! gives.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::cursor::Epoch;
use crate::frame::{Frame, Rendering};
use crate::recipient::{Recipient, Scope};
use crate::ring::Told;
use crate::store::{Draft, entry};

#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    at: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retain: Option<String>,
    /// Name and length of each rendering, whose payloads follow in this order.
    renderings: Vec<(String, usize)>,
}

/// Adds an event that has no number yet, with its length.
pub(super) fn write(draft: &Draft, at: u64, out: &mut Vec<u8>) {
    let line = Line {
        user: draft.recipient.user().map(str::to_owned),
        channel: draft.recipient.channel().map(str::to_owned),
        at,
        retain: draft.retain_key.clone(),
        renderings: draft.versions.iter().map(|(name, data)| (name.to_string(), data.len())).collect(),
    };
    let payloads: Vec<&[u8]> = draft.versions.iter().map(|(_, data)| &data[..]).collect();
    out.reserve(160 + payloads.iter().map(|data| data.len()).sum::<usize>());
    entry::write(&line, &payloads, out);
}

/// What an event is the last payload of, as one text; empty when of nothing.
pub(super) fn retained_field(draft: &Draft) -> String {
    let Some(key) = &draft.retain_key else {
        return String::new();
    };
    serde_json::json!([draft.recipient.user(), draft.recipient.channel(), key]).to_string()
}

/// One event of a ring. An erased one has nothing left.
pub(super) fn read(entry: &[u8], scope: &Scope, epoch: u64, seq: u64) -> Result<Told, String> {
    let position = Epoch::new(scope, epoch).at(seq);
    if entry.is_empty() {
        let recipient = Recipient::of_parts(scope, None, None);
        return Ok((Arc::new(Frame { position, at: 0, recipient, renderings: Vec::<Rendering>::new() }), None));
    }
    let (line, payloads) = entry::split_line(entry)?;
    let line: Line = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let recipient = Recipient::of_parts(scope, line.user.as_deref(), line.channel.as_deref());
    let renderings = entry::read_renderings(position, line.renderings, payloads)?;
    let retain_key = line.retain.map(|key| (recipient.clone(), key));
    Ok((Arc::new(Frame { position, at: line.at, recipient, renderings }), retain_key))
}

/// Events that follow each other, of which the last has this number.
pub(super) fn read_all(mut text: &[u8], scope: &Scope, (last, epoch): (u64, u64)) -> Result<Vec<Told>, String> {
    let mut entries = Vec::new();
    while !text.is_empty() {
        let (entry, after) = entry::split_entry(text)?;
        entries.push(entry);
        text = after;
    }
    let before = last.checked_sub(entries.len() as u64).ok_or("more events than numbers")?;
    entries.into_iter().zip(before + 1..).map(|(entry, seq)| read(entry, scope, epoch, seq)).collect()
}

/// A wake-up: `e<last>-<epoch>`, and the events.
pub(super) fn read_wakeup(message: &[u8], scope: &Scope) -> Result<(u64, Vec<Told>), String> {
    let (line, text) = entry::split_line(message)?;
    let line = std::str::from_utf8(line).map_err(|error| error.to_string())?;
    let place = read_place(line.strip_prefix('e').ok_or("a message of another kind")?)?;
    Ok((place.1, read_all(text, scope, place)?))
}

/// `<number>-<epoch>`, as the stream has it.
pub(super) fn read_place(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once('-').and_then(|(seq, epoch)| Some((seq.parse().ok()?, epoch.parse().ok()?)));
    parts.ok_or_else(|| format!("{text:?} is no place in a stream"))
}
