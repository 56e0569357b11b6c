//! Fixed lists with their words: one table each, so that no value lacks a code or a language.

/// Makes an enum of a fixed list: `ALL`, the stable `code` of columns, forms and APIs, `from_code`, and `say`, the word
/// of a language. Attributes before the name go to the enum.
///
/// ```
/// kernel::vocab!(
///     /// How somebody was asked.
///     How { Phone = "phone", "电话", "by telephone"; OnSite = "on_site", "当面", "face to face"; }
/// );
/// assert_eq!(How::from_code("on_site"), Some(How::OnSite));
/// assert_eq!(How::Phone.say(kernel::Lang::En), "by telephone");
/// ```
#[macro_export]
macro_rules! vocab {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $(#[doc = concat!("`", $code, "` ", $zh, ": ", $en, ".")] #[serde(rename = $code)] $variant,)+
        }
        impl $name {
            /// Every value, in the order in which pages list them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The stable code that columns, forms, files and APIs use.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }
            /// The value of a code; `None` when there is none.
            pub fn from_code(code: &str) -> Option<$name> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }
            /// The word of `lang`.
            pub fn say(self, lang: $crate::Lang) -> &'static str {
                match self { $($name::$variant => lang.pick($zh, $en),)+ }
            }
        }
    };
}
