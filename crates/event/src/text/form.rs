//! Decimals, UUIDs, URIs and e-mail addresses.

/// `^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`.
pub(super) fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    all(whole, |byte| byte.is_ascii_digit())
        && (whole == "0" || !whole.starts_with('0'))
        && all(fraction, |byte| byte.is_ascii_digit())
}

/// Five groups of 8, 4, 4, 4 and 12 hexadecimal digits, lower case, so that equal ids are equal texts.
pub(super) fn is_uuid(text: &str) -> bool {
    let mut groups = text.split('-');
    let good = [8, 4, 4, 4, 12].into_iter().all(|length| {
        groups
            .next()
            .is_some_and(|group| group.len() == length && all(group, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
    });
    good && groups.next().is_none()
}

/// A scheme, a colon, and then only characters that RFC 3986 (appendix A) allows somewhere.
pub(super) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && all(scheme, |byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte))
        && rest
            .split('%')
            .skip(1)
            .all(|after| after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

/// The production of the HTML standard, section 4.10.5.1.5.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    all(local, |byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte))
        && domain.split('.').all(is_label)
}

/// A label of a domain name: 1 to 63 letters, digits and inner hyphens.
fn is_label(label: &str) -> bool {
    label.len() <= 63
        && all(label, |byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Not empty, and of such bytes alone.
fn all(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(form: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(form(text), "{text:?} is good");
        }
        for text in bad {
            assert!(!form(text), "{text:?} is bad");
        }
    }

    #[test]
    fn decimals_have_one_spelling_of_their_whole_part() {
        check(
            is_decimal,
            &["0", "-0", "12.50", "-0.1", "100000000000000000000000.0"],
            &["", "-", "01", "1.", ".5", "+1", "1e3", "1.2.3", "١"],
        );
    }

    #[test]
    fn uuids_are_five_groups() {
        check(
            is_uuid,
            &["018f4e2a-9c5d-7cc3-8a5f-0c1d2e3f4a5b"],
            &[
                "018f4e2a9c5d7cc38a5f0c1d2e3f4a5b",
                "018f4e2a-9c5d-7cc3-8a5f-0c1d2e3f4a5",
                "018f4e2a-9c5d-7cc3-8a5f-0c1d2e3f4a5b-",
                "g18f4e2a-9c5d-7cc3-8a5f-0c1d2e3f4a5b",
                "018F4E2A-9c5d-7cc3-8a5f-0c1d2e3f4a5b",
            ],
        );
    }

    #[test]
    fn uris_have_a_scheme() {
        check(
            is_uri,
            &["https://example.com/a?b=%20#c", "urn:isbn:1", "mailto:a@b"],
            &["/relative", "1http://x", "http://a b", "http://%2", "http://é", "http://a%zz"],
        );
    }

    #[test]
    fn email_addresses_are_those_of_the_html_standard() {
        check(
            is_email,
            &["ada@example.com", "a+b@localhost"],
            &["a@b@c", "@b", "a@", "a@-b", "a@b..c", "a b@c", "é@c"],
        );
    }
}
