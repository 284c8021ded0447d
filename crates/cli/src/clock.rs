//! Today. Read once, at the rim; everything else is handed a day.

use growset_model::Date;

/// The day in UTC, which every machine agrees on; or the one that was asked for.
pub(crate) fn today(asked: Option<Date>) -> Date {
    asked.unwrap_or_else(|| {
        let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
        Date::parse(&now).or_else(|| Date::parse("1970-01-01")).expect("1970 began with a day")
    })
}

/// A day as an argument.
pub(crate) fn parse(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "write a day of the calendar such as 2027-06-30".to_owned())
}
