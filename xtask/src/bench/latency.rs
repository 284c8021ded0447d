//! How long events took to come to their listeners.

/// In milliseconds, of which so large a share took no longer: 0.5 is the median. Zero where nothing was measured.
pub(super) fn percentile_ms(micros: &mut [u32], share: f64) -> f64 {
    micros.sort_unstable();
    let index = (micros.len().saturating_sub(1) as f64 * share) as usize;
    micros.get(index).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_all_took_no_longer_than_the_median() {
        assert!((percentile_ms(&mut [9000, 1000, 2000], 0.5) - 2.0).abs() < f64::EPSILON);
        assert!((percentile_ms(&mut [9000, 1000, 2000], 1.0) - 9.0).abs() < f64::EPSILON);
        assert!(percentile_ms(&mut [], 0.5).abs() < f64::EPSILON);
    }
}
