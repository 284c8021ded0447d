//! Who receives an event, as types, so that the compiler compares them.

/// An audience: [`Org`], [`User`], [`Channel`] or [`Public`], and no other.
pub trait Audience: sealed::Sealed + 'static {
    /// As contracts spell it.
    const NAME: &'static str;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! audiences {
    ($($(#[$doc:meta])* $audience:ident = $name:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $audience {}

        impl sealed::Sealed for $audience {}

        impl Audience for $audience {
            const NAME: &'static str = $name;
        }
    )*};
}

audiences! {
    /// Every listener of one organisation.
    Org = "org";
    /// Every connection of one user of one organisation.
    User = "user";
    /// The listeners of one channel of one organisation.
    Channel = "channel";
    /// Everyone.
    Public = "public";
}
