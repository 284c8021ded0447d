//! How long a publisher waits before it tries again.

use std::time::Duration;

/// Before the second try; each further one waits twice as long.
const FIRST: Duration = Duration::from_millis(100);

/// No pause of our own is longer.
const LONGEST: Duration = Duration::from_secs(5);

/// The pause after so many tries: what the server asked for at least, and a random part more, so that those who were
/// sent away together do not come back together. `random` is evenly spread.
pub(crate) fn pause(tries: u32, asked: Option<Duration>, random: u32) -> Duration {
    let own = FIRST.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(LONGEST);
    let least = asked.unwrap_or(own / 2);
    least + own.max(asked.unwrap_or_default() / 4).mul_f64(f64::from(random) / f64::from(u32::MAX) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_never_fall_short_of_what_was_asked() {
        let second = Duration::from_secs(1);
        for (tries, asked, shortest, longest) in [
            (1, None, FIRST / 2, FIRST),
            (2, None, FIRST, FIRST * 2),
            (99, None, LONGEST / 2, LONGEST),
            (1, Some(second), second, second * 9 / 8),
            (9, Some(second), second, second + LONGEST / 2),
            (1, Some(second * 60), second * 60, second * 135 / 2),
        ] {
            assert_eq!(
                (pause(tries, asked, 0), pause(tries, asked, u32::MAX)),
                (shortest, longest),
                "{tries} {asked:?}"
            );
        }
    }
}
