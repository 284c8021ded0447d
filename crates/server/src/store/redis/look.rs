//! Asks Redis what a ring has to hold.

use std::sync::Arc;

use redis::{Script, Value, from_redis_value};

use super::keys::Keys;
use super::link::Link;
use super::trouble::Trouble;
use super::wire;
use crate::hub::now_ms;
use crate::recipient::Scope;
use crate::ring::{Era, Start, Told, View};
use crate::store::entry;

/// Entries of the stream in one answer.
const CHUNK: usize = 64;

/// What is wanted of a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Events after this number; none when absent.
    pub(super) after: Option<u64>,
    pub(super) retained: bool,
}

type Answered = (Vec<Option<String>>, Vec<(String, Vec<Value>)>, Vec<Vec<u8>>);

/// Asks as of one moment, or as of a later one when there is more than fits one answer.
pub(super) async fn look(link: &Link, scope: &Scope, keys: &Keys, wanted: Wanted) -> Result<View, Trouble> {
    let script = Script::new(include_str!("read.lua"));
    let mut view = View::default();
    let mut after = wanted.after;
    let mut retained = wanted.retained;
    loop {
        let mut call = script.prepare_invoke();
        call.key(&keys.head).key(&keys.events).key(&keys.retained);
        // The id of an entry is the number of its last event.
        call.arg(after.map(|after| (after + 1).to_string()).unwrap_or_default()).arg(CHUNK);
        call.arg(if retained { "r" } else { "" });
        let (head, entries, payloads): Answered = link.invoke(&call).await?;
        let head = read_head(&head).map_err(Trouble::nonsense)?;
        if !view.frames.is_empty() && head.epoch != view.head.epoch {
            // What was read first may be lost by now.
            view.frames.clear();
            after = wanted.after;
            view.head = head;
            continue;
        }
        view.head = head;
        if retained {
            let read = payloads.iter().map(|payload| read_retained(payload, scope)).collect::<Result<_, _>>();
            view.retained = Some(read.map_err(Trouble::nonsense)?);
            retained = false;
        }
        let is_whole = entries.len() < CHUNK;
        for (place, fields) in entries {
            let frames = read_entry(&place, fields, scope).map_err(Trouble::nonsense)?;
            add(&mut view.frames, frames, after);
        }
        after = view.frames.last().map_or(after, |(frame, _)| Some(frame.position.seq));
        if is_whole {
            let first = view.frames.first().map_or(view.head.last + 1, |(frame, _)| frame.position.seq);
            date_erased(&mut view.frames, now_ms());
            view.front = wanted.after.filter(|after| after + 1 < first).map(|_| first);
            return Ok(view);
        }
    }
}

/// An erased event has nothing left, its time included: it goes when what came after it goes, so that nobody who comes back
/// misses what is kept.
fn date_erased(frames: &mut [Told], now: u64) {
    let mut next = now;
    for (frame, _) in frames.iter_mut().rev() {
        match Arc::get_mut(frame) {
            Some(erased) if erased.at == 0 => erased.at = next,
            Some(_) | None => next = frame.at,
        }
    }
}

/// Adds frames. Where something was trimmed meanwhile, what came before it is of no use.
fn add(frames: &mut Vec<Told>, more: Vec<Told>, after: Option<u64>) {
    for (frame, key) in more {
        let seq = frame.position.seq;
        if after.is_some_and(|after| seq <= after) {
            continue;
        }
        if frames.last().is_some_and(|(last, _)| last.position.seq + 1 != seq) {
            frames.clear();
        }
        frames.push((frame, key));
    }
}

fn read_head(fields: &[Option<String>]) -> Result<Start, String> {
    let [born, epoch, seq, erased, eras] = fields else {
        return Err("a head without its fields".to_owned());
    };
    let number =
        |text: &Option<String>| text.as_deref().unwrap_or("0").parse::<u64>().map_err(|error| error.to_string());
    let eras = eras.as_deref().unwrap_or_default().split(',').filter(|era| !era.is_empty()).map(|era| {
        // Spelled the other way round than the place of an entry.
        let (epoch, first) = era.split_once('-').ok_or("an epoch without its beginning")?;
        let first: u64 = first.parse().map_err(|_| "an epoch without its beginning")?;
        Ok(Era { epoch: epoch.parse().map_err(|_| "an epoch that is no number")?, first })
    });
    let eras = eras.collect::<Result<Vec<Era>, &str>>()?;
    Ok(Start { born: number(born)?, epoch: number(epoch)?, last: number(seq)?, erased: number(erased)?, eras })
}

/// One field without a name holds the events of one call.
fn read_entry(place: &str, fields: Vec<Value>, scope: &Scope) -> Result<Vec<Told>, String> {
    let text = fields.into_iter().nth(1).ok_or("an entry without a field")?;
    let text: Vec<u8> = from_redis_value(text).map_err(|error| error.to_string())?;
    wire::read_all(&text, scope, wire::read_place(place)?)
}

/// `<epoch>-<number> `, and the event.
pub(super) fn read_retained(payload: &[u8], scope: &Scope) -> Result<Told, String> {
    let space = payload.iter().position(|byte| *byte == b' ').ok_or("a payload without its place")?;
    let place = std::str::from_utf8(&payload[..space]).map_err(|error| error.to_string())?;
    let (epoch, seq) = place.split_once('-').ok_or("a payload without its place")?;
    let epoch = epoch.parse().map_err(|_| "a payload without its epoch")?;
    let seq = seq.parse().map_err(|_| "a payload without its number")?;
    let (entry, _) = entry::split_entry(&payload[space + 1..])?;
    wire::read(entry, scope, epoch, seq)
}

/// Epoch and number of the newest event, for whoever only wants to know whether something was missed.
pub(super) async fn newest(link: &Link, keys: &Keys) -> Result<(u64, u64), Trouble> {
    let newest: (Option<u64>, Option<u64>) =
        link.query(redis::cmd("HMGET").arg(&keys.head).arg("epoch").arg("seq")).await?;
    Ok((newest.0.unwrap_or(0), newest.1.unwrap_or(0)))
}
