//! Text in HTML: between tags and in quoted attribute values.

use crate::escape::prose;

/// Text for both places: between tags, and between quotes of either kind.
pub fn text(text: &str) -> String {
    let lines: Vec<String> = prose::lines(text).map(|line| escape(&line)).collect();
    lines.join("\n")
}

fn escape(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '`' => escaped.push_str("&#96;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::escape::hostile;
    use proptest::prelude::*;

    #[test]
    fn markup_is_shown_and_not_meant() {
        assert_eq!(text("</script><b a='x'> & --> `"), "&lt;/script&gt;&lt;b a=&#39;x&#39;&gt; &amp; --&gt; &#96;");
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_element_or_attribute(hostile in hostile::text()) {
            let escaped = text(&hostile);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'', '`']));
            prop_assert!(!escaped.contains(hostile::HIDDEN));
            let read = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"")
                .replace("&#39;", "'").replace("&#96;", "`").replace("&amp;", "&");
            prop_assert_eq!(read, prose::lines(&hostile).collect::<Vec<_>>().join("\n"));
        }
    }
}
