//! How one entry of the log is spelled: a line of JSON, then the payloads as they were streamed.

use std::sync::Arc;

use growset_model::EventName;
use serde::{Deserialize, Serialize};

use super::journal::{History, Record, SpentKey};
use super::{KeptCatalog, Key};
use crate::cursor::{Epoch, Position};
use crate::frame::{Frame, Rendering};
use crate::recipient::{Recipient, Scope};
use crate::ring::Era;

#[derive(Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case", deny_unknown_fields)]
enum Head {
    /// A start of the server.
    Start { born: u64, epoch: u64 },
    /// Where the numbering of a ring stands.
    Ring {
        org: Option<String>,
        before: u64,
        #[serde(default)]
        erased: u64,
        eras: Vec<(u64, u64)>,
    },
    /// The admitted catalog, which follows.
    Catalog { revision: u64 },
    /// An event in its ring, or, of a last payload, beside it.
    Event {
        org: Option<String>,
        user: Option<String>,
        channel: Option<String>,
        epoch: u64,
        seq: u64,
        at: u64,
        beside: bool,
        retain: Option<String>,
        key: Option<(String, String)>,
        /// Name and length of each rendering, whose payloads follow in this order. None when it was erased.
        renderings: Vec<(String, usize)>,
    },
    /// A key whose event is kept no more.
    Key { org: Option<String>, event: String, key: String, digest: String, epoch: u64, seq: u64, at: u64 },
}

/// A record in its ring or beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    InRing,
    Beside,
}

pub(super) fn write_start(born: u64, epoch: u64, out: &mut Vec<u8>) {
    write(&Head::Start { born, epoch }, &[], out);
}

pub(super) fn write_record(record: &Record, standing: Standing, out: &mut Vec<u8>) {
    let frame = &record.frame;
    let head = Head::Event {
        org: org(&frame.recipient.scope()),
        user: frame.recipient.user().map(str::to_owned),
        channel: frame.recipient.channel().map(str::to_owned),
        epoch: frame.position.epoch.number(),
        seq: frame.position.seq,
        at: frame.at,
        beside: standing == Standing::Beside,
        retain: record.retain_key.clone(),
        key: record.key.as_ref().map(|key| (key.text.clone(), key.digest.clone())),
        renderings: frame.renderings.iter().map(|one| (one.name.to_string(), one.data().len())).collect(),
    };
    let payloads: Vec<&[u8]> = frame.renderings.iter().map(Rendering::data).collect();
    write(&head, &payloads, out);
}

pub(super) fn write_catalog(kept: &KeptCatalog, out: &mut Vec<u8>) {
    write(&Head::Catalog { revision: kept.revision }, &[&kept.json], out);
}

pub(super) fn write_history(history: &History, out: &mut Vec<u8>) {
    write_start(history.born, history.epoch, out);
    for (scope, ring) in &history.scopes {
        let eras = ring.eras.iter().map(|era| (era.epoch, era.first)).collect();
        write(&Head::Ring { org: org(scope), before: ring.before, erased: ring.erased, eras }, &[], out);
    }
    history.retained.iter().for_each(|record| write_record(record, Standing::Beside, out));
    for spent in &history.keys {
        let head = Head::Key {
            org: org(&spent.scope),
            event: spent.event.clone(),
            key: spent.key.text.clone(),
            digest: spent.key.digest.clone(),
            epoch: spent.position.epoch.number(),
            seq: spent.position.seq,
            at: spent.at,
        };
        write(&head, &[], out);
    }
    for record in history.scopes.values().flat_map(|ring| &ring.records) {
        write_record(record, Standing::InRing, out);
    }
}

fn org(scope: &Scope) -> Option<String> {
    match scope {
        Scope::Org(org) => Some(org.to_string()),
        Scope::Public => None,
    }
}

fn scope(org: Option<String>) -> Scope {
    org.map_or(Scope::Public, |org| Scope::Org(org.into()))
}

/// Length, line, payloads.
pub(super) fn write(head: &impl Serialize, payloads: &[&[u8]], out: &mut Vec<u8>) {
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    // Strings and numbers alone: writing them to memory does not fail.
    let _ = serde_json::to_writer(&mut *out, head);
    out.push(b'\n');
    payloads.iter().for_each(|payload| out.extend_from_slice(payload));
    let length = u32::try_from(out.len() - at - 4).unwrap_or(u32::MAX);
    out[at..at + 4].copy_from_slice(&length.to_le_bytes());
}

/// Adds the entries of one batch to what was read so far.
pub(super) fn read_batch(mut batch: &[u8], history: &mut History) -> Result<(), String> {
    while !batch.is_empty() {
        let (entry, rest) = split_entry(batch)?;
        read_entry(entry, history)?;
        batch = rest;
    }
    Ok(())
}

/// The first entry of a batch, without its length, and what comes after it.
pub(super) fn split_entry(batch: &[u8]) -> Result<(&[u8], &[u8]), String> {
    let (length, rest) = batch.split_first_chunk::<4>().ok_or("an entry without its length")?;
    let length = u32::from_le_bytes(*length) as usize;
    Ok(rest.split_at_checked(length).ok_or("an entry that is longer than its batch")?)
}

/// The line of an entry, and its payloads.
pub(super) fn split_line(entry: &[u8]) -> Result<(&[u8], &[u8]), String> {
    let line = entry.iter().position(|byte| *byte == b'\n').ok_or("an entry without a line")?;
    Ok((&entry[..line], &entry[line + 1..]))
}

fn read_entry(entry: &[u8], history: &mut History) -> Result<(), String> {
    let (head, payloads) = split_line(entry)?;
    match serde_json::from_slice(head).map_err(|error| error.to_string())? {
        Head::Start { born, epoch } => {
            history.born = born;
            history.epoch = epoch;
        }
        Head::Catalog { revision } => {
            history.catalog = Some(KeptCatalog { revision, json: payloads.to_vec().into() });
        }
        Head::Ring { org, before, erased, eras } => {
            let ring = history.scopes.entry(scope(org)).or_default();
            ring.before = before;
            ring.erased = erased;
            ring.eras = eras.into_iter().map(|(epoch, first)| Era { epoch, first }).collect();
        }
        Head::Key { org, event, key, digest, epoch, seq, at } => {
            let scope = scope(org);
            let position = Epoch::new(&scope, epoch).at(seq);
            history.keys.push(SpentKey { scope, event, key: Key { text: key, digest }, position, at });
        }
        Head::Event { org, user, channel, epoch, seq, at, beside, retain, key, renderings } => {
            let scope = scope(org);
            let position = Epoch::new(&scope, epoch).at(seq);
            let recipient = Recipient::of_parts(&scope, user.as_deref(), channel.as_deref());
            let renderings = read_renderings(position, renderings, payloads)?;
            let frame = Arc::new(Frame { position, at, recipient, renderings });
            let key = key.map(|(text, digest)| Key { text, digest });
            let record = Record { frame, retain_key: retain, key };
            if beside {
                history.retained.push(record);
                return Ok(());
            }
            let ring = history.scopes.entry(scope).or_default();
            let expected = ring.records.last().map_or(ring.before, |record| record.frame.position.seq) + 1;
            if seq != expected {
                return Err(format!("event {seq} stands where {expected} belongs"));
            }
            ring.records.push(record);
        }
    }
    Ok(())
}

pub(super) fn read_renderings(
    position: Position,
    renderings: Vec<(String, usize)>,
    mut payloads: &[u8],
) -> Result<Vec<Rendering>, String> {
    let mut read = Vec::with_capacity(renderings.len());
    for (name, length) in renderings {
        let name = EventName::parse_any_style(&name).map_err(|error| error.to_string())?;
        let (payload, rest) = payloads.split_at_checked(length).ok_or("a payload that is cut off")?;
        payloads = rest;
        read.push(Rendering::new(position, Arc::new(name), payload));
    }
    Ok(read)
}
