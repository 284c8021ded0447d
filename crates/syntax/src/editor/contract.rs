//! The contract of one event as an editor sees it. The comments of the fields are what a hover shows.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use crate::editor::types::Field;

/// The contract of one event.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[schemars(extend("required" = ["event", "audience"], "defaultSnippets" = [{
    "label": "new event",
    "description": "A contract with everything that it needs",
    "body": {
        "event": "${1:order.created}", "owner": "${2:team}", "audience": "${3|org,user,channel,public|}",
        "doc": "${4:What happened.}", "fields": { "${5:orderId}": "${6:string}" },
        "examples": [{ "${5:orderId}": "${7:value}" }]
    }
}]))]
#[allow(dead_code, reason = "only described")]
pub(super) struct Contract {
    /// The name on the wire: lower-case words joined by dots, `order.created`, later versions `order.created.v2`.
    event: String,
    /// The team that owns the event. Feeds the documentation and review routing.
    owner: Option<String>,
    /// Who receives it.
    audience: Audience,
    /// What happened when it is sent, in a sentence or two.
    doc: Option<String>,
    /// A `draft` may change freely and is not served unless asked for. `stable` is the default: it only grows.
    stability: Option<Stability>,
    /// Why nobody should listen to it any more: a reason, or `{ use: …, sunset: "2027-06-30", reason: … }`.
    deprecated: Option<EventDeprecated>,
    /// The event that this one is the next version of.
    replaces: Option<EventReference>,
    /// Keeps the last payload for listeners that connect: `latest`, or `{ latest_by: [orderId] }` for one per value.
    retain: Option<Retain>,
    /// Ends a subscription that was opened with `until=<event>`.
    terminal: Option<bool>,
    /// The most bytes that a payload may have as a publisher sends it, written compactly.
    max_bytes: Option<u64>,
    /// A tombstone: the event is gone, and its name is never used again.
    retired: Option<Retired>,
    /// Fields that are always present. Frozen once released.
    ///
    /// ```yaml
    /// fields:
    ///   orderId: OrderId
    ///   title: { type: string, max_length: 200, doc: What was ordered. }
    /// ```
    fields: Option<BTreeMap<String, Field>>,
    /// Fields that may be absent. This is where a released event grows.
    optional: Option<BTreeMap<String, Field>>,
    /// Fields that the server fills in on publish: `displayAmount: { type: string, from: { money: [amount, currency] } }`.
    derived: Option<BTreeMap<String, Field>>,
    /// Payloads as a publisher sends them, one at least. Every example is validated.
    examples: Option<Vec<BTreeMap<String, Value>>>,
    /// A payload that only JSON Schema can say, carried whole. It types as JSON.
    json_schema: Option<Value>,
}

/// Who receives an event.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[allow(dead_code, reason = "only described")]
enum Audience {
    /// Every listener of one organisation.
    Org,
    /// Every connection of one user of one organisation.
    User,
    /// The listeners of one channel of one organisation.
    Channel,
    /// Everyone. Personal data is refused here.
    Public,
}

/// Whether an event may still change freely.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[allow(dead_code, reason = "only described")]
enum Stability {
    /// Changes freely, and is not served unless asked for.
    Draft,
    /// Grows only, once released.
    Stable,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only described")]
enum EventDeprecated {
    /// The reason.
    Reason(String),
    Form(EventDeprecation),
}

/// Why nobody should listen to an event any more.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only described")]
struct EventDeprecation {
    /// The event to listen to instead.
    #[schemars(rename = "use")]
    successor: Option<EventReference>,
    /// The day it may go, in quotes: `"2027-06-30"`.
    sunset: Option<Day>,
    /// In words.
    reason: Option<String>,
}

/// One of the catalog's events.
#[derive(JsonSchema)]
#[schemars(extend("x-names" = "events"))]
#[allow(dead_code, reason = "only described")]
struct EventReference(String);

/// A day in quotes.
#[derive(JsonSchema)]
#[schemars(extend("pattern" = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "patternErrorMessage" = "A day in quotes, as in \"2027-06-30\"."))]
#[allow(dead_code, reason = "only described")]
pub(super) struct Day(String);

#[derive(JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code, reason = "only described")]
enum Retain {
    Word(RetainWord),
    Form(LatestBy),
}

/// The last payload per target.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
#[allow(dead_code, reason = "only described")]
enum RetainWord {
    Latest,
}

/// The last payload per target and values of some fields.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("required" = ["latest_by"]))]
#[allow(dead_code, reason = "only described")]
struct LatestBy {
    /// Required fields that tell payloads apart.
    latest_by: Vec<String>,
}

/// A tombstone.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("required" = ["since"]))]
#[allow(dead_code, reason = "only described")]
struct Retired {
    /// The day it went, in quotes: `"2027-07-01"`.
    since: Day,
    /// The event to listen to instead.
    #[schemars(rename = "use")]
    successor: Option<EventReference>,
}
