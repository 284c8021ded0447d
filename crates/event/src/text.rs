//! Texts of a known form. Each is kept as it was written, so that nothing is lost between two services, and can only
//! be made from a text of that form.

mod calendar;

mod form;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is not of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormError {
    expected: &'static str,
    text: String,
}

impl fmt::Display for FormError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not {}", self.text, self.expected)
    }
}

impl std::error::Error for FormError {}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $check:path, $expected:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// As it is written on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// For generated code alone: the text stands in a contract and was checked there.
            #[doc(hidden)]
            pub fn from_contract(text: &'static str) -> Self {
                Self(text.to_owned())
            }
        }

        impl TryFrom<String> for $name {
            type Error = FormError;

            fn try_from(text: String) -> Result<Self, FormError> {
                if $check(&text) { Ok(Self(text)) } else { Err(FormError { expected: $expected, text }) }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = FormError;

            fn try_from(text: &str) -> Result<Self, FormError> {
                Self::try_from(text.to_owned())
            }
        }

        impl FromStr for $name {
            type Err = FormError;

            fn from_str(text: &str) -> Result<Self, FormError> {
                Self::try_from(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{:?}", self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::try_from(String::deserialize(deserializer)?).map_err(de::Error::custom)
            }
        }
    )*};
}

texts! {
    /// A moment with its offset: RFC 3339 date-time, upper case, without second 60, at most nine fractional digits.
    Timestamp: calendar::is_timestamp, "a timestamp with offset, such as 2026-11-21T09:30:00Z";
    /// A day of the calendar: RFC 3339 full-date.
    Date: calendar::is_date, "a day of the calendar, such as 2026-11-21";
    /// A decimal number of any length: `12.50` stays `12.50`.
    Decimal: form::is_decimal, "a decimal number, such as -12.50";
    /// An RFC 9562 UUID in the 8-4-4-4-12 form, lower case.
    Uuid: form::is_uuid, "a lower-case UUID, such as 018f4e2a-9c5d-7cc3-8a5f-0c1d2e3f4a5b";
    /// An RFC 3986 URI with a scheme.
    Uri: form::is_uri, "a URI with a scheme, such as https://example.com/orders/1";
    /// An e-mail address as the HTML standard's `input type=email` takes it.
    Email: form::is_email, "an e-mail address, such as ada@example.com";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_as_it_was_written() {
        let decimal: Decimal = "12.50".parse().expect("is a decimal");
        assert_eq!(decimal.to_string(), "12.50");
        assert_eq!(String::from(decimal), "12.50");
    }

    #[test]
    fn a_text_of_another_form_is_refused_with_an_example() {
        let refused = "tomorrow".parse::<Date>().map_err(|error| error.to_string());
        assert_eq!(refused, Err("\"tomorrow\" is not a day of the calendar, such as 2026-11-21".into()));
    }
}
