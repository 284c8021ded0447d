//! Days and moments, as RFC 3339 writes them.

/// `YYYY-MM-DD`, a day that exists in the proleptic Gregorian calendar.
pub(super) fn is_date(text: &str) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return false;
    };
    let year = number(&[*y1, *y2, *y3, *y4]);
    let day = number(&[*d1, *d2]);
    match (year, number(&[*m1, *m2]), day) {
        (Some(year), Some(month), Some(day)) => day >= 1 && day <= days_in_month(year, month),
        _ => false, // A letter where a digit should be.
    }
}

/// `YYYY-MM-DDThh:mm:ss[.fraction](Z|±hh:mm)`.
pub(super) fn is_timestamp(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return false;
    };
    let (time, offset_is_good) = if let Some(time) = time.strip_suffix('Z') {
        (time, true)
    } else if let Some((time, offset)) = time.rsplit_once(['+', '-']) {
        (time, is_clock(offset.as_bytes()))
    } else {
        return false;
    };
    let (clock, fraction_is_good) = match time.split_once('.') {
        Some((clock, fraction)) => {
            (clock, (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit()))
        }
        None => (time, true),
    };
    let [hours_and_minutes @ .., b':', s1, s2] = clock.as_bytes() else {
        return false;
    };
    let second_is_good = number(&[*s1, *s2]).is_some_and(|second| second < 60);
    is_date(date) && is_clock(hours_and_minutes) && second_is_good && fraction_is_good && offset_is_good
}

/// `hh:mm`.
fn is_clock(bytes: &[u8]) -> bool {
    let [h1, h2, b':', m1, m2] = bytes else {
        return false;
    };
    number(&[*h1, *h2]).is_some_and(|hour| hour < 24) && number(&[*m1, *m2]).is_some_and(|minute| minute < 60)
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

fn days_in_month(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0, // Not a month.
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_dates() {
        assert!(is_date("2024-02-29"));
        for text in ["2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-1-01", "é024-1-01", ""] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn a_timestamp_needs_an_offset_and_a_real_time() {
        for text in ["2026-11-21T09:30:00Z", "2026-11-21T23:59:59.123456789+05:30", "2026-11-21T00:00:00.1-00:00"] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "2026-11-21T09:30:00",
            "2026-11-21t09:30:00Z",
            "2026-11-21T09:30:00z",
            "2026-11-21T09:30:60Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T09:30:00.Z",
            "2026-11-21T09:30:00.1234567890Z",
            "2026-11-21T09:30Z",
            "2026-11-21T09:30:00+24:00",
            "2026-11-21T09:30:00+0530",
            "2026-02-30T09:30:00Z",
            "2026-11-21 09:30:00Z",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
