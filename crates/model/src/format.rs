//! stub until formats land
impl crate::shape::TextFormat {
    /// The one pattern of this format.
    pub fn pattern(self) -> &'static str {
        "^"
    }
}
