//! `waivers.yaml` as an editor sees it. The comments of the fields are what a hover shows.

use schemars::JsonSchema;

/// The breaks that a team decided to make.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("required" = ["waivers"]))]
#[allow(dead_code, reason = "only described")]
pub(super) struct WaiversFile {
    /// Each waives one finding of `growset check`. `growset release` takes it into the lock and out of this file.
    waivers: Option<Vec<WaiverForm>>,
}

/// One waived finding.
#[derive(JsonSchema)]
#[schemars(extend("required" = ["fingerprint", "reason", "owner", "expires"], "defaultSnippets" = [{
    "label": "waiver",
    "body": {
        "fingerprint": "\"${1}\"", "reason": "${2:Why the break is right.}", "owner": "${3:team}",
        "expires": "\"${4:2027-06-30}\""
    }
}]))]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "only described")]
struct WaiverForm {
    /// As the report of the finding shows it, in quotes.
    fingerprint: String,
    /// Why the break is right.
    reason: String,
    /// The team that answers for it.
    owner: String,
    /// The last day it holds, in quotes: `"2027-06-30"`.
    #[schemars(extend("pattern" = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "patternErrorMessage" = "A day such as \"2027-06-30\"."))]
    expires: String,
}
