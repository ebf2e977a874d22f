//! `from_text!`, for types that setters take as texts too.

/// Lets setters take texts for a type that implements `FromStr`.
macro_rules! from_text {
    ($type:ty) => {
        impl TryFrom<&str> for $type {
            type Error = <Self as std::str::FromStr>::Err;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<String> for $type {
            type Error = <Self as std::str::FromStr>::Err;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl TryFrom<&String> for $type {
            type Error = <Self as std::str::FromStr>::Err;

            fn try_from(text: &String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    };
}

pub(crate) use from_text;
