//! Did you mean: the known name that a misspelt one is nearest to.

/// The nearest of `known`, unless even that is too far to be what was meant. Of two equally near ones, the first.
pub(crate) fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let distance = strsim::damerau_levenshtein(&unknown.to_lowercase(), &candidate.to_lowercase());
        let near = distance <= (unknown.chars().count().max(candidate.chars().count()) / 3).max(1);
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `; did you mean `x`?`, or nothing: the end of a message.
pub(crate) fn did_you_mean<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(unknown, known).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["amount", "currency"];
        assert_eq!(nearest("ammount", known), Some("amount"));
        assert_eq!(nearest("Currency", known), Some("currency"));
        assert_eq!(nearest("total", known), None);
        assert_eq!(did_you_mean("x", []), "");
    }
}
