//! Whether the stream is open to those who show nothing.

use hyper::StatusCode;

use super::Patient;
use super::findings::Findings;

pub(super) async fn examine(patient: &Patient<'_>, status: StatusCode, findings: &mut Findings) {
    let lets_in = status.is_success();
    if !patient.has_credentials() {
        if lets_in {
            findings.note(
                "credentials",
                "none were given, and the stream opens: everyone is let in",
                "right for public events and under --dev; else start the server with --keys",
            );
        }
        return;
    }
    match patient.stranger.ask(&patient.options.url, patient.asked()).await {
        Ok(reply) if reply.status.is_success() => findings.problem(
            "credentials",
            "the stream opens without them too: everyone is let in",
            "start the server with --keys, and let no proxy or cache answer in its place",
        ),
        Ok(reply) if lets_in => {
            findings.fine("credentials", format!("they open the stream; without them the answer is {}", reply.status));
        }
        Ok(_) => {} // The status was told already.
        Err(error) => findings.skipped("credentials", format!("a request without them was not answered: {error}")),
    }
}
