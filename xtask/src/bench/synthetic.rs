//! A catalog of any size for benchmarks: the same bytes for the same number of events.
//!
//! Each event has about fifteen fields: a nested record, a tagged union, a map, lists, nullables, text formats and
//! types that events share.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Events that share one file of types, as one team would.
const EVENTS_PER_TEAM: usize = 25;

const SETTINGS: &str = "growset: 1
title: Synthetic events
schema_base: https://events.example.com/schemas
npm: { name: \"@example/synthetic\" }
rust: { name: synthetic-events }
policy: { whole-object: allow }
";

/// Writes `contracts/` with that many events below `folder`.
pub(crate) fn write(folder: &Path, events: usize) -> Result<()> {
    let contracts = folder.join("contracts");
    fs::create_dir_all(&contracts).with_context(|| format!("create {}", contracts.display()))?;
    write_file(&contracts.join("growset.yaml"), SETTINGS)?;
    for team in 0..events.div_ceil(EVENTS_PER_TEAM) {
        let team_folder = contracts.join(format!("team{team}"));
        fs::create_dir_all(&team_folder).with_context(|| format!("create {}", team_folder.display()))?;
        write_file(&team_folder.join(format!("team{team}.types.yaml")), &shared_types(team))?;
        for number in (team * EVENTS_PER_TEAM..events).take(EVENTS_PER_TEAM) {
            let path = team_folder.join(format!("team{team}.thing{number}.changed.yaml"));
            write_file(&path, &event(team, number))?;
        }
    }
    Ok(())
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("write {}", path.display()))
}

fn shared_types(team: usize) -> String {
    format!(
        r#"types:
  Team{team}Id:
    type: string
    pattern: "^t{team}_[a-z0-9]+$"
    max_length: 40
    doc: Identifies a thing of team {team}.
  Team{team}Money:
    doc: An amount in minor units.
    fields:
      amount: {{ type: integer, min: 0, doc: Minor units. }}
      currency: {{ type: string, pattern: "^[A-Z]{{3}}$", doc: ISO 4217 code. }}
  Team{team}Status:
    doc: Where a thing of team {team} stands.
    enum:
      created: Nobody has looked at it yet.
      active: Somebody works on it.
      on_hold: Waits for someone else.
      closed: Nothing more will happen.
"#
    )
}

fn event(team: usize, number: usize) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        r#"event: team{team}.thing{number}.changed
owner: team{team}
audience: org
doc: Thing {number} of team {team} changed, and whoever shows it has to show it anew.
fields:
  thingId: Team{team}Id
  status: {{ type: Team{team}Status, doc: Status after the change. }}
  previous: {{ type: nullable<Team{team}Status>, doc: "Status before the change, null for a new thing." }}
  title: {{ type: string, min_length: 1, max_length: 200, doc: Shown as the heading. }}
  price: {{ type: Team{team}Money, doc: What it costs. }}
  quantity: {{ type: integer, min: 0, max: 100000, doc: How many there are. }}
  changedAt: {{ type: timestamp, doc: When it happened. }}
  tags: {{ list: {{ type: string, max_length: 40 }}, max_items: 20, doc: Words to search by. }}
  address:
    doc: Where it is.
    fields:
      street: {{ type: string, doc: Street and number. }}
      city: {{ type: string, doc: Name of the city. }}
    optional:
      postcode: {{ type: nullable<string>, doc: Where the country has one. }}
  cause:
    doc: Why it changed.
    union: kind
    cases:
      user:
        doc: Somebody did it.
        fields: {{ userId: {{ type: uuid, doc: Who did it. }} }}
      system:
        doc: A job did it.
        fields: {{ job: {{ type: string, doc: Name of the job. }} }}
        optional: {{ attempt: {{ type: integer, min: 1, max: 10, doc: Which try it was. }} }}
optional:
  note: {{ type: string, max_length: 500, doc: A remark of the person who did it. }}
  labels: {{ type: map<string>, doc: Free labels. }}
  lines:
    doc: What it consists of.
    list:
      fields:
        lineId: {{ type: string, doc: Identifies the line. }}
        price: {{ type: Team{team}Money, doc: What the line costs. }}
  ratio: {{ type: number, min: 0, max: 1, doc: Share of the work that is done. }}
  archived: {{ type: boolean, doc: Whether it left the list. }}
examples:
  - thingId: t{team}_{number}
    status: active
    previous: null
    title: Thing {number}
    price: {{ amount: 1250, currency: EUR }}
    quantity: 3
    changedAt: "2026-11-01T09:30:00+01:00"
    tags: [new, blue]
    address: {{ street: Main Street 1, city: Springfield, postcode: null }}
    cause: {{ kind: user, userId: 7f3c2f6e-27a9-4f2b-9d0e-5a3b1c2d4e5f }}
"#
    );
    text
}
